"""The corpus's database: a warehouse with secrets, and the file published from its marts."""

from __future__ import annotations

from pathlib import Path

import duckdb

from martlet.flow.query import Scope

HIDDEN = {("dim_customers", "email")}

WAREHOUSE = """
create schema raw; create schema staging; create schema marts;
create table raw.customers as select i as customer_id, 'user'||i||'@example.com' as email,
    'CANARY_RAW_7f3a_'||i as api_secret, 'hash'||i as password_hash from range(200) t(i);
create table raw.payments as select i as payment_id, 'CANARY_RAW_7f3a_card_'||i as card_number
    from range(200) t(i);
create table staging.stg_orders as select i as order_id, i%100 as customer_id,
    'CANARY_STG_91bc_'||i as internal_note from range(500) t(i);
create table marts.dim_customers as select i as customer_id,
    'CANARY_PII_55d2_'||i||'@example.com' as email, (['DE','US','FR','GB'])[1+i%4] as country,
    date '2024-01-01'+(i%300)::int as first_seen_date,
    (['google','meta','direct','email'])[1+i%4] as first_touch_channel,
    (i*7.5)::decimal(12,2) as lifetime_value, (i%9)::int as total_orders,
    struct_pack(plan:= case when i%2=0 then 'pro' else 'free' end, seats:=i%10) as attrs,
    ['t'||(i%3),'u'||(i%5)] as tags from range(100) t(i);
create table marts.fct_orders as select i as order_id, i%100 as customer_id,
    timestamp '2024-01-01 00:00:00'+ interval (i*7) hour as ordered_at,
    (10+ (i*37)%200)::decimal(12,2) as order_total,
    (['paid','refunded','pending'])[1+i%3] as status,
    (['google','meta','direct','email'])[1+i%4] as channel,
    '{"utm":"u'||(i%5)||'","n":'||i||'}' as payload_json from range(2000) t(i);
create table marts.fct_sales as select i as sale_id, i%2000 as order_id, 'SKU-'||(i%20) as sku,
    date '2024-01-01'+(i%365)::int as sale_date, 1+i%5 as quantity,
    (5+i%50)::decimal(12,2) as unit_price, ((1+i%5)*(5+i%50))::decimal(14,2) as revenue
    from range(5000) t(i);
create view marts.v_daily as select sale_date, sum(revenue) revenue from marts.fct_sales group by 1;
create table marts.customers as select customer_id, country from marts.dim_customers;
create macro raw.leak() as table select * from raw.customers;
create macro leak_scalar(x) as (select max(api_secret) from raw.customers);
create type raw.secret_enum as enum ('CANARY_RAW_7f3a_enum1','CANARY_RAW_7f3a_enum2');
create sequence raw.secret_seq start 424242;
create table main.app_tokens as select 'CANARY_RAW_7f3a_main_'||i as token from range(5) t(i);
create view raw.v_secret as select * from raw.payments;
"""


def make_published(folder: Path) -> Path:
    """The published file: each mart copied as a table, views too, hidden columns left out."""
    path = folder / "serving_default.duckdb"
    with duckdb.connect(str(folder / "warehouse.duckdb")) as warehouse:
        warehouse.execute(WAREHOUSE)
        warehouse.execute(f"attach '{path}' as published")
        warehouse.execute("create schema published.marts")
        for mart, columns in _marts(warehouse).items():
            kept = ", ".join(f'"{name}"' for name in columns)
            warehouse.execute(
                f'create table published.marts."{mart}" as select {kept} from marts."{mart}"'
            )
    return path


def read_scope(path: Path, build_id: str = "build-1") -> Scope:
    """The scope of the one audience: what the published file holds."""
    with duckdb.connect(str(path), read_only=True) as published:
        return Scope(build_id, "default", _marts(published))


def _marts(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for mart, column, kind in connection.execute(
        "select table_name, column_name, data_type from information_schema.columns "
        "where table_schema = 'marts' order by table_name, ordinal_position"
    ).fetchall():
        if (mart, column) not in HIDDEN:
            found.setdefault(mart, {})[column] = kind
    return found
