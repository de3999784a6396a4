"""The demo company's raw data, written by SQL into a DuckDB file, and what is true of it."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from martlet.errors import RequestError, Unavailable

SCHEMAS = ("raw_data", "truth")
SEED = 20260101
THROUGH = datetime.date(2026, 10, 18)
PEOPLE_AT_SCALE_1 = 3000
MONTHS = 24
ATTEMPTS = 3
# system: how the names of its raw tables begin; the rates of exchange and the calendar always stay
SYSTEMS = {
    "shopify": "shopify_",
    "woocommerce": "woocommerce_",
    "posthog": "posthog_",
    "meta_ads": "meta_",
    "google_ads": "google_ads_",
    "ga4": "ga4_",
    "crm": "crm_",
    "forms": "form_",
    "rudderstack": "rudderstack_",
    "measure_js": "measure_js_",
}


@dataclass(frozen=True)
class RawSummary:
    """What was written: rows per table (`schema.table`), the people, and the days covered."""

    database: Path
    rows: dict[str, int]
    people: int
    first_day: datetime.date
    through: datetime.date

    def __str__(self) -> str:
        orders = self.rows["truth.orders"]
        tables = sum(table.startswith("raw_data.") for table in self.rows)
        landed = sum(rows for table, rows in self.rows.items() if table.startswith("raw_data."))
        return (
            f"{self.people:,} people, {orders:,} orders in two shops and"
            f" {landed:,} rows in {tables} raw tables"
            f" from {self.first_day} to {self.through};"
            f" {self.rows['truth.planted']:,} faults planted, and written down"
        )


def generate(
    database: Path,
    *,
    scale: float = 1.0,
    seed: int = SEED,
    through: datetime.date = THROUGH,
    systems: Collection[str] = tuple(SYSTEMS),
    threads: int | None = None,
    memory_limit: str | None = None,
) -> RawSummary:
    """Replace `raw_data` and `truth` in the file, all or nothing; other schemas stay.

    The data covers the 24 months that end with `through`, a day of Europe/Berlin. Equal arguments
    give equal tables; `threads` and `memory_limit` (as `4GB`; what does not fit is spilled beside
    the file) change only the time it takes. Of SYSTEMS, only those in `systems` land; `truth` is
    what all of them together would tell, without the faults of those that did not.

    Raises: RequestError for a scale that gives nobody or an unknown system, Unavailable when
    another process has the file open.
    """
    _refuse_unknown(systems)
    people = round(PEOPLE_AT_SCALE_1 * scale)
    if people < 1:
        raise RequestError(
            "usage",
            f"A scale of {scale} gives no people.",
            next_step=f"One is {PEOPLE_AT_SCALE_1:,} people; 0.01 is the least that makes sense.",
        )
    first_day = _first_day(through)
    left_out = [SYSTEMS[name] for name in SYSTEMS if name not in systems]
    attempt = 1
    while True:
        with _connect(database, threads=threads, memory_limit=memory_limit) as connection:
            _set_arguments(connection, people, seed, first_day, through)
            try:
                _write(connection, left_out)
            except duckdb.InternalException:
                # DuckDB 2.0 now and then loses track of a join's dictionary, which another run of
                # the same statements does not; nothing is committed, so nothing is half there
                if attempt == ATTEMPTS:
                    raise
                attempt += 1
                continue
            return RawSummary(database, _count(connection), people, first_day, through)


def main() -> None:
    """Write the raw data from the command line; the summary goes to stdout."""
    parser = argparse.ArgumentParser(prog="python -m martlet.demo.raw", description=__doc__)
    parser.add_argument("database", type=Path)
    parser.add_argument("--scale", type=float, default=1.0, help="1 is 3,000 people")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--through", type=datetime.date.fromisoformat, default=THROUGH)
    parser.add_argument("--systems", nargs="+", default=tuple(SYSTEMS), metavar="SYSTEM")
    parser.add_argument("--memory-limit", help="what DuckDB may use, as 4GB; the rest is spilled")
    chosen = parser.parse_args()
    summary = generate(
        chosen.database,
        scale=chosen.scale,
        seed=chosen.seed,
        through=chosen.through,
        systems=chosen.systems,
        memory_limit=chosen.memory_limit,
    )
    for table, rows in summary.rows.items():
        print(f"{rows:>12,}  {table}")


def _refuse_unknown(systems: Collection[str]) -> None:
    for name in systems:
        if name not in SYSTEMS:
            raise RequestError(
                "usage",
                f"There is no system `{name}`.",
                next_step=f"The company has {', '.join(SYSTEMS)}.",
            )


def _write(connection: duckdb.DuckDBPyConnection, left_out: list[str]) -> None:
    """Everything in one transaction, without the tables whose names begin as in `left_out`."""
    connection.execute("begin")
    for schema in SCHEMAS:
        connection.execute(f"drop schema if exists landing.{schema} cascade")
        connection.execute(f"create schema landing.{schema}")
    for statement in _statements():
        connection.execute(statement)
    _leave_out(connection, left_out)
    connection.execute("commit")


def _leave_out(connection: duckdb.DuckDBPyConnection, prefixes: list[str]) -> None:
    """Drop the raw tables whose names begin so, and what is said about their rows."""
    for prefix in prefixes:
        tables = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'landing'"
            " and schema_name = 'raw_data' and starts_with(table_name, $prefix)",
            {"prefix": prefix},
        ).fetchall()
        for (table,) in tables:
            connection.execute(f"drop table landing.raw_data.{table}")
        connection.execute(
            "delete from landing.truth.planted where starts_with(table_name, $prefix)",
            {"prefix": prefix},
        )


def _first_day(through: datetime.date) -> datetime.date:
    months = through.year * 12 + through.month - MONTHS
    return datetime.date(months // 12, months % 12 + 1, 1)


def _connect(
    database: Path, *, threads: int | None, memory_limit: str | None
) -> duckdb.DuckDBPyConnection:
    """A connection with the file attached as `landing`, so that its own name cannot matter."""
    settings: dict[str, Any] = {"temp_directory": str(database) + ".spill"}
    if threads is not None:
        settings["threads"] = threads
    if memory_limit is not None:
        settings["memory_limit"] = memory_limit
    connection = duckdb.connect(":memory:", config=settings)
    connection.execute("set TimeZone = 'UTC'")
    try:
        path = str(database).replace("'", "''")
        connection.execute(f"attach '{path}' as landing")
    except (duckdb.IOException, duckdb.ResourceInUseException) as error:
        connection.close()
        raise Unavailable(
            "build.locked",
            f"The raw data cannot be written to {database.name}: the file cannot be opened.",
            where=str(error).splitlines()[0],
            next_step="Close the process that has it open, check its folder, and try again.",
        ) from error
    return connection


def _set_arguments(
    connection: duckdb.DuckDBPyConnection,
    people: int,
    seed: int,
    first_day: datetime.date,
    through: datetime.date,
) -> None:
    """Hand the arguments to the SQL; the window is whole days in Berlin, as UTC timestamps."""
    values = {"people": people, "seed": seed, "first_day": first_day, "through": through}
    for name, value in values.items():
        # as wide as can be: a budget of many people overflows 32 bits
        type_ = "bigint" if isinstance(value, int) else "date"
        connection.execute(f"set variable {name} = $value::{type_}", {"value": value})
    for name, day in (("window_start", "first_day"), ("window_end", "through")):
        connection.execute(
            f"set variable {name} = ((getvariable('{day}') + {int(day == 'through')})::timestamp"
            " at time zone 'Europe/Berlin') at time zone 'UTC'"
        )
    connection.execute("set variable last_load = getvariable('window_end') + interval 20 minute")


def _statements(*stems: str) -> Iterator[str]:
    """The SQL of these files, or of all, in the order of their names."""
    folder = files("martlet.demo") / "sql"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        stem, _, suffix = file.name.rpartition(".")
        if suffix == "sql" and (stem in stems or not stems):
            for statement in duckdb.extract_statements(file.read_text(encoding="utf-8")):
                yield statement.query


def _count(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    names = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables()"
        " where database_name = 'landing' and list_contains($schemas, schema_name) order by 1",
        {"schemas": list(SCHEMAS)},
    ).fetchall()
    counted: dict[str, int] = {}
    for (name,) in names:
        row = connection.execute(f"select count(*) from landing.{name}").fetchone()
        assert row is not None
        counted[name] = row[0]
    return counted


if __name__ == "__main__":
    main()
