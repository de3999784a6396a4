"""Queries from a grammar: mostly what an analyst might write, with names that are not for them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

MARTS: dict[str, tuple[str, ...]] = {
    "dim_customers": (
        "customer_id",
        "country",
        "first_seen_date",
        "lifetime_value",
        "attrs",
        "tags",
    ),
    "fct_orders": ("order_id", "customer_id", "ordered_at", "order_total", "status", "channel"),
    "fct_sales": ("sale_id", "order_id", "sku", "sale_date", "quantity", "revenue"),
    "customers": ("customer_id", "country"),
    "v_daily": ("sale_date", "revenue"),
}
SECRETS = (
    "raw.customers",
    "raw.payments",
    "staging.stg_orders",
    "app_tokens",
    "main.app_tokens",
    "payments",
    "stg_orders",
    "serving.raw.customers",
    "raw.v_secret",
    "v_secret",
    "leak()",
    "raw.leak()",
    "information_schema.tables",
    "duckdb_tables()",
    "duckdb_settings()",
    "pg_catalog.pg_class",
    "sqlite_master",
    "'secret.csv'",
    "read_csv('x.csv')",
    "recurring.a",
    "query('from app_tokens')",
    "query_table('app_tokens')",
    '"app_tokens"',
    "APP_TOKENS",
    "pragma_table_info('app_tokens')",
    "glob('*')",
    "test_all_types()",
    "which_secret('a', 'b')",
)
VALUES = (
    "1",
    "0",
    "null",
    "'a'",
    "'DE'",
    "date '2024-01-31'",
    "2.5",
    "true",
    "[1, 2]",
    "{'a': 1}",
    "interval 1 day",
    "current_date",
    "$$a$$",
    "e'\\n'",
    "x'41'",
    "1e3",
    "map {'k': 1}",
)
CALLS = (
    "count(*)",
    "sum({})",
    "avg({})",
    "max({})",
    "upper({}::varchar)",
    "coalesce({}, null)",
    "row_number() over (order by {})",
    "lag({}) over (partition by {} order by {})",
    "list({})",
    "arg_max({}, {})",
    "count({}) filter (where {} is not null)",
    "struct_pack(a := {})",
    "list_transform([{}], lambda x: x)",
    "string_agg({}::varchar, ',' order by {})",
    "date_trunc('month', try_cast({} as timestamp))",
    "try_cast({} as integer)",
    "hash({})",
    "typeof({})",
    "columns(*)",
    "columns('c.*')",
    "[x for x in [{}] if x is not null]",
    "nullif({}, {})",
    "array(select {} from customers)",
    "list_aggregate([{}], 'max')",
    "[{}] -> 0",
    "quantile_cont({}, 0.5) over (partition by {} order by {} range unbounded preceding)",
)
OF_NUMBERS = ("sum", "avg", "quantile")
NUMBERS = frozenset(
    {"customer_id", "order_id", "sale_id", "quantity", "revenue", "order_total", "lifetime_value"}
)
FOREIGN_CALLS = (
    "version()",
    "current_setting('threads')",
    "leak_scalar({})",
    "getvariable('a')",
    "current_user",
    "current_schema()",
    "nextval('raw.secret_seq')",
    "currval('secret_seq')",
    "enum_range(null::raw.secret_enum)",
    "{}::secret_enum",
    "in_search_path('a', 'b')",
    "read_text('/etc/passwd')",
    "sleep_ms(1)",
    "getenv('HOME')",
    "main.upper('a')",
    "json_execute_serialized_sql({})",
    "duckdb_secrets()",
    "invoke(lambda x: x, {})",
    "query('a')",
)


class Grammar:
    """Writes queries from one source of chance. `depth` bounds how they nest.

    `known` are the columns of the marts in the FROM being written: most columns are of these, so
    that DuckDB plans much of what passes the gate.
    """

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.known: list[str] = []
        self.ctes: list[str] = []

    def query(self, depth: int = 3) -> str:
        shapes = SHAPES if depth > 0 else (Grammar.select,)
        if depth > 0 and self.chance.random() < 0.05:
            shapes = (Grammar.statement,)
        return self.chance.choice(shapes)(self, depth - 1)

    def select(self, depth: int) -> str:
        pick, around, self.known = self.chance.random, self.known, []
        source = self.source(depth)
        columns = ", ".join(self.item(depth) for _ in range(self.chance.randint(1, 3)))
        text = f"select {'distinct ' * (pick() < 0.1)}{columns} from {source}"
        if pick() < 0.3:
            text += f" where {self.condition(depth)}"
        if pick() < 0.25:
            text += self.chance.choice(
                [" group by all", " group by 1", f" group by rollup ({self.column()})"]
            )
        if pick() < 0.1:
            text += f" having {self.condition(depth)}"
        if pick() < 0.1:
            text += f" qualify row_number() over (order by {self.column()}) = 1"
        if pick() < 0.2:
            text += self.chance.choice([" order by all", " order by 1 desc nulls last"])
        if pick() < 0.2:
            text += self.chance.choice([" limit 5", " limit 1 offset 1", " using sample 5"])
        self.known = around
        return text

    def from_first(self, depth: int) -> str:
        return f"from {self.source(depth)}" + self.chance.choice(
            ["", " select *", f" select {self.item(depth)}", f" where {self.condition(depth)}"]
        )

    def with_query(self, depth: int) -> str:
        names = [self.name() for _ in range(self.chance.randint(1, 3))]
        ctes = ", ".join(
            f"{name}{self.chance.choice(['', '', '(a)', '(a, b)'])} as "
            f"{self.chance.choice(['', 'materialized ', 'not materialized '])}({self.query(depth)})"
            for name in names
        )
        recursive = self.chance.choice(["", "", "recursive "])
        around, self.ctes = self.ctes, [*self.ctes, *names]
        text = f"with {recursive}{ctes} {self.chance.choice((self.select, self.from_first))(depth)}"
        self.ctes = around
        return text

    def set_operation(self, depth: int) -> str:
        word = self.chance.choice(
            ["union", "except", "intersect all", *["union by name", "union all by name"] * 3]
        )
        return f"({self.query(depth)}) {word} ({self.query(depth)})"

    def pivot(self, depth: int) -> str:
        source = self.source(depth)
        return self.chance.choice(
            [
                f"pivot {source} on {self.column()} in ('a', 'b') using count(*)",
                f"pivot {source} on {self.column()} using count(*)",
                f"unpivot {source} on {self.column()}, {self.column()}",
                f"from {source} pivot (count(*) for {self.column()} in ('a')) as p",
                f"from {source} unpivot (v for n in ({self.column()}))",
            ]
        )

    def described(self, depth: int) -> str:
        word = self.chance.choice(["describe", "summarize"] * 3 + ["desc", "show", "explain"])
        return f"{word} {self.chance.choice([self.table(), self.query(depth)])}"

    def tables_and_values(self, depth: int) -> str:
        return self.chance.choice(
            [f"table {self.table()}", f"values ({self.value(depth)})", f"({self.query(depth)})"]
        )

    def statement(self, depth: int) -> str:
        """What is no query at all, or hides behind one."""
        inner = self.query(depth)
        return self.chance.choice(
            [
                f"create table t as {inner}",
                f"with c as (insert into raw.payments select 1, 'x') {inner}",
                f"with c as (copy ({inner}) to 'out.csv') select 1",
                f"{inner}; {self.query(depth)}",
                f"copy ({inner}) to 'out.csv'",
                f"prepare p as {inner}",
                "with c as (delete from raw.payments returning *) select * from c",
            ]
        )

    def source(self, depth: int) -> str:
        if depth <= 0 or self.chance.random() < 0.5:
            return self.aliased(self.table())
        shape = self.chance.randrange(8)
        if shape == 0:
            return self.aliased(f"({self.query(depth - 1)})")
        if shape == 1:
            return f"{self.source(depth - 1)}, lateral ({self.query(depth - 1)}) as l"
        if shape == 2:
            return f"{self.source(depth - 1)}, unnest([1, 2]) as u(i)"
        if shape == 3:
            return f"(values (1, 'a')) as v({self.name()}, b)"
        if shape == 4:
            return f"range(3) as {self.name()}(i)"
        word = self.chance.choice(
            ["join", "left join", "asof join", "positional join", "semi join", "natural join"]
        )
        on = self.chance.choice([" on true", " on true", f" using ({self.column()})"])
        on = "" if word in ("positional join", "natural join") else on
        return f"{self.source(depth - 1)} {word} {self.source(depth - 1)}{on}"

    def table(self) -> str:
        if self.chance.random() < 0.06:
            return self.chance.choice(SECRETS)
        if self.ctes and self.chance.random() < 0.4:
            return self.chance.choice(self.ctes)
        mart = self.chance.choice(list(MARTS))
        self.known += MARTS[mart]
        form = self.chance.choice(["{}", "{}", "marts.{}", "serving.marts.{}", '"{}"', "Marts.{}"])
        return form.format(mart)

    def aliased(self, text: str) -> str:
        return text + self.chance.choice(["", "", "", f" as {self.name()}", f" {self.name()}(a)"])

    def name(self) -> str:
        """For a CTE or an alias: harmless, a mart's, a secret's, or a word of the grammar."""
        return self.chance.choice(
            ["a", "b", "t", "x", "customers", "fct_orders", "app_tokens", "payments", '"raw"']
            + ["stg_orders", "desc", "recurring", "marts", "serving", '"A"', "v_secret"]
        )

    def column(self) -> str:
        if self.known and self.chance.random() < 0.85:
            return self.chance.choice(self.known)
        mart = self.chance.choice(list(MARTS))
        column = self.chance.choice([*MARTS[mart], "customer_id", "token", "api_secret", "rowid"])
        return self.chance.choice(["{1}", "{1}", "{0}.{1}", "marts.{0}.{1}"]).format(mart, column)

    def item(self, depth: int) -> str:
        text = self.chance.choice(
            ["*", *[self.value(depth) for _ in range(9)]]
            + self.chance.sample(["* exclude (country)", "t.*", "a", "columns(*)"], 1)
        )
        return text + self.chance.choice(["", "", f" as {self.name()}"]) * (text[-1] != "*")

    def value(self, depth: int) -> str:
        shape = self.chance.randrange(6)
        if depth > 0 and shape == 0:
            return f"({self.query(depth - 1)})"
        if shape <= 2:
            return self.column()
        if shape == 3:
            return self.chance.choice(VALUES)
        call = self.chance.choice(CALLS if self.chance.random() < 0.9 else FOREIGN_CALLS)
        columns = [self.number() if call.startswith(OF_NUMBERS) else self.column()] * 3
        return call.format(*columns) if "{}" in call else call

    def number(self) -> str:
        """A column of numbers, if there is one."""
        return self.chance.choice([one for one in self.known if one in NUMBERS] or [self.column()])

    def condition(self, depth: int) -> str:
        left = self.chance.choice([self.column(), self.column(), self.chance.choice(VALUES)])
        shape = self.chance.randrange(6)
        if depth > 0 and shape == 0:
            return f"exists ({self.query(depth - 1)})"
        if depth > 0 and shape == 1:
            return f"{left} in ({self.query(depth - 1)})"
        if depth > 0 and shape == 2:
            return f"{left} > any ({self.query(depth - 1)})"
        return self.chance.choice(
            [
                f"{left} is not null",
                f"{left}::varchar = {self.column()}::varchar",
                f"not (hash({left}) between 1 and 2)",
            ]
        )


SHAPES: tuple[Callable[[Grammar, int], str], ...] = (
    Grammar.select,
    Grammar.select,
    Grammar.select,
    Grammar.from_first,
    Grammar.with_query,
    Grammar.with_query,
    Grammar.set_operation,
    Grammar.pivot,
    Grammar.described,
    Grammar.tables_and_values,
)
