"""Little databases to publish from, and the shortest way to publish them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog
from martlet.publish.database import source_from_database
from martlet.publish.publish import publish
from martlet.publish.source import MartSource
from martlet.settings import Settings, load_settings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHOP = """
create table dim_customers as select * from (values
    (1, 'CANARY_PII_1@example.com', 'DE'), (2, 'CANARY_PII_2@example.com', 'US'), (3, null, null)
) as rows (customer_id, email, country);
create table fct_orders as select * from (values
    (10, 1, 30.00, date '2026-02-01'), (11, 1, 12.50, date '2026-02-02'),
    (12, 9, 5.00, date '2026-02-03'), (13, null, 1.00, date '2026-02-03')
) as rows (order_id, customer_id, order_total, order_date);
"""


def make_database(file: Path, marts: str = SHOP, other: str = "") -> Path:
    """A DuckDB file whose schema `marts` is made by one script, the rest by another."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(file)) as con:
        con.execute(f"create schema marts; {other}; use marts; {marts}")
    return file


def settings_for(home: Path, **overrides: object) -> Settings:
    return load_settings(home=home, **overrides)


def as_it_is(catalog: Catalog, _: BuildState) -> Catalog:
    """Binding for catalogs that fit their marts."""
    return catalog


def publish_source(
    source: MartSource,
    home: Path,
    catalog: Catalog | None = None,
    **overrides: object,
) -> BuildState:
    settings = settings_for(home, **overrides)
    return publish(source, catalog or Catalog(name="shop"), home, settings, bind=as_it_is, now=NOW)


def publish_file(
    file: Path,
    home: Path,
    catalog: Catalog | None = None,
    *,
    hide: Sequence[str] = (),
    **overrides: object,
) -> BuildState:
    return publish_source(source_from_database(file, "marts", hide), home, catalog, **overrides)


def published_database(home: Path, state: BuildState) -> Path:
    return home / "published" / state.build_id / "serving_default.duckdb"


def rows(file: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(file), read_only=True) as con:
        return con.execute(sql).fetchall()
