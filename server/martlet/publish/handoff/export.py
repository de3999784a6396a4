"""Writes dbt marts as Parquet, with dbt's artifacts and hashes, for Martlet to publish.

Runs in the environment that holds the warehouse, beside dbt. It needs Python 3.9 and the duckdb
package 1.4 or newer, which writes the Parquet files; nothing of Martlet, and boto3 only for a place
`s3://bucket/prefix`.

    python export.py --database warehouse.duckdb --artifacts target --to handoff
    python export.py --connect my_warehouse:connect --artifacts target --to s3://bucket/marts

`--connect module:function` names a function without arguments that gives a DB-API connection
(Snowflake, BigQuery, Databricks, Postgres, ...), an ADBC or a DuckDB one (MotherDuck). Public
models are written, or those named with `--mart`. Columns that dbt marks as personal stay where they
are, unless `--with-personal` hands them over, for pseudonyms. Without dbt, `--table` names each
table; then no test and no freshness goes along, and answers will say so.

A reader sees the old hand-off or the new one: files are named by what they hold, `marts.json` comes
last, and the files of the hand-off before it stay until the next.
"""

from __future__ import annotations

import argparse
import filecmp
import hashlib
import importlib
import json
import os
import re
import shutil
import sys
import tempfile
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

FORMAT = 1
INDEX = "marts.json"
ARTIFACTS = ("manifest.json", "run_results.json", "sources.json")
BATCH = 10_000

# Types that Parquet keeps, and those that it would bend: these travel as text.
KEPT = frozenset(
    (
        *("boolean", "tinyint", "smallint", "integer", "bigint"),
        *("utinyint", "usmallint", "uinteger", "ubigint"),
        *("float", "double", "decimal", "varchar", "blob", "uuid", "date", "time"),
        *("timestamp", "timestamp_ns", "timestamp with time zone"),
    )
)
AS_TEXT = frozenset(
    (
        *("hugeint", "uhugeint", "bignum", "interval", "bit"),
        *("timestamp_s", "timestamp_ms", "time_ns", "time with time zone"),
    )
)


class Fault(Exception):
    """Something the person who exports can mend."""


def main(argv: list[str] | None = None) -> int:
    """Export and say what was written; 1 and a sentence when it cannot be done."""
    given = _arguments().parse_args(argv)
    try:
        written = export(
            _source(given.database, given.connect),
            Path(given.artifacts),
            given.to,
            marts=given.mart,
            tables=given.table,
            leave_out=given.leave_out,
            with_personal=given.with_personal,
        )
    except (Fault, OSError, duckdb.Error) as error:
        sys.stderr.write(f"Nothing was handed over: {error}\n")
        return 1
    for mart in written["marts"]:
        left = f", left out: {', '.join(mart['left_out'])}" if mart["left_out"] else ""
        sys.stderr.write(f"{mart['name']}: {mart['rows']} rows{left}\n")
    return 0


def export(
    source: Any,
    artifacts: Path,
    to: str,
    *,
    marts: list[str],
    tables: list[str],
    leave_out: list[str],
    with_personal: bool,
) -> dict[str, Any]:
    """Write the marts, the artifacts and last the index; gives the index."""
    manifest = {} if tables else _read_json(artifacts / "manifest.json")
    nodes = _plain(tables) if tables else _chosen(manifest, marts)
    place = _S3(to) if to.startswith("s3://") else _Folder(Path(to))
    before = json.loads(place.read(INDEX) or b"{}")
    with tempfile.TemporaryDirectory(dir=place.near()) as work:
        index: dict[str, Any] = {
            "format": FORMAT,
            "engine": f"duckdb {duckdb.__version__}",
            "exported_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),  # noqa: UP017
            "invocation_id": str(manifest.get("metadata", {}).get("invocation_id") or ""),
            "artifacts": {} if tables else _copy_artifacts(artifacts, Path(work), place),
            "marts": [],
        }
        source.begin()
        for node in nodes:
            out = {} if with_personal else _personal(node)
            out.update(_left_out(node, leave_out))
            index["marts"].append(_write_mart(source, node, out, Path(work), place))
        index["before"] = sorted(_files(before) - _files(index))
        index["sha256"] = digest_of(index)
        place.write(INDEX, _write_text(Path(work) / INDEX, json.dumps(index, indent=1)))
    for name in set(before.get("before", ())) - _files(before) - _files(index):
        place.remove(name)
    return index


def digest_of(index: dict[str, Any]) -> str:
    """The hash that an index carries of the rest of itself."""
    rest = {name: value for name, value in index.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def _write_mart(
    source: Any, node: dict[str, Any], left_out: dict[str, str], work: Path, place: Any
) -> dict[str, Any]:
    name = str(node.get("alias") or node["name"])
    file = work / "mart.parquet"
    columns, rows = source.write(_relation(node), set(left_out), file)
    lost = set(left_out) - columns.pop("")
    if lost:
        raise Fault(f"`{name}` has no column {', '.join(sorted(lost))} to leave out.")
    if not columns:
        raise Fault(f"No column of `{name}` is left to hand over.")
    entry = _put(file, f"{re.sub(r'[^0-9A-Za-z_]+', '_', name)}.parquet", place)
    return {
        "name": name,
        "unique_id": node["unique_id"],
        "rows": rows,
        "columns": [{"name": column, "type": kind} for column, kind in columns.items()],
        "left_out": left_out,
        **entry,
    }


def _copy_artifacts(artifacts: Path, work: Path, place: Any) -> dict[str, dict[str, Any]]:
    found = {}
    for name in ARTIFACTS:
        if (artifacts / name).is_file():
            copy = Path(shutil.copyfile(artifacts / name, work / name))
            found[name] = _put(copy, name, place)
    return found


def _put(file: Path, name: str, place: Any) -> dict[str, Any]:
    """Store a file under a name that says what it holds."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        for chunk in iter(lambda: stream.read(1 << 20), b""):
            digest.update(chunk)
    stem, _, ending = name.partition(".")
    stored = f"{stem}.{digest.hexdigest()[:16]}.{ending}"
    entry = {"file": stored, "sha256": digest.hexdigest(), "bytes": file.stat().st_size}
    place.write(stored, file)
    return entry


def _files(index: dict[str, Any]) -> set[str]:
    entries = [*index.get("marts", ()), *index.get("artifacts", {}).values()]
    return {str(entry["file"]) for entry in entries}


# What is exported


def _chosen(manifest: dict[str, Any], wanted: list[str]) -> list[dict[str, Any]]:
    nodes = [
        node
        for node in manifest.get("nodes", {}).values()
        if node.get("resource_type") in ("model", "seed", "snapshot")
        and (node.get("config") or {}).get("materialized") != "ephemeral"
    ]
    if not wanted:
        found = [node for node in nodes if _is_public(node)]
    else:
        found = [node for node in nodes if _names(node) & set(wanted)]
        known = set().union(*map(_names, found)) if found else set()
        if set(wanted) - known:
            raise Fault(f"dbt has no model {', '.join(sorted(set(wanted) - known))}.")
    if not found:
        raise Fault("the dbt project has no public model; name the marts with --mart.")
    return sorted(found, key=lambda node: str(node["unique_id"]))


def _plain(tables: list[str]) -> list[dict[str, Any]]:
    """Tables that no dbt tells of, as nodes; each is called by the last part of its name."""
    nodes = [
        {"name": _last_part(table), "unique_id": f"table.{table}", "relation_name": table}
        for table in tables
    ]
    names = [str(node["name"]).lower() for node in nodes]
    twins = sorted({name for name in names if names.count(name) > 1})
    if twins:
        raise Fault(f"two tables would both be the mart {', '.join(twins)}.")
    return nodes


def _last_part(table: str) -> str:
    """The name without the quotes of any warehouse: `a."b c"` is b c."""
    parts = re.findall(r'"(?:[^"]|"")+"|`[^`]+`|\[[^\]]+\]|[^.]+', table)
    last = parts[-1].strip() if parts else ""
    return last[1:-1].replace('""', '"') if last[:1] in ('"', "`", "[") else last


def _is_public(node: dict[str, Any]) -> bool:
    return "public" in (node.get("access"), (node.get("config") or {}).get("access"))


def _names(node: dict[str, Any]) -> set[str]:
    return {str(node["name"]), str(node.get("alias") or node["name"]), str(node["unique_id"])}


def _relation(node: dict[str, Any]) -> str:
    """The table as dbt writes it for its warehouse, quotes included."""
    return str(node.get("relation_name") or f"{node['schema']}.{node.get('alias') or node['name']}")


def _personal(node: dict[str, Any]) -> dict[str, str]:
    """Columns that dbt marks as personal data, in its spelling and lower case."""
    marked = []
    for column in (node.get("columns") or {}).values():
        tags = [*(column.get("tags") or ()), *((column.get("config") or {}).get("tags") or ())]
        if _is_marked(_meta(column).get("pii")) or "pii" in [str(tag).lower() for tag in tags]:
            marked.append(str(column["name"]))
    whole = _meta(node).get("pii")
    if isinstance(whole, (list, tuple)):
        marked += [str(name) for name in whole]
    elif _is_marked(whole) and not marked:
        raise Fault(f"`{node['name']}` is marked as personal data, but none of its columns is.")
    return {name.strip('"`').lower(): "personal data" for name in marked}


def _meta(item: dict[str, Any]) -> dict[str, Any]:
    return {**(item.get("meta") or {}), **((item.get("config") or {}).get("meta") or {})}


def _is_marked(mark: object) -> bool:
    return mark is not None and str(mark).strip().lower() not in ("", "false", "no", "none", "0")


def _left_out(node: dict[str, Any], places: list[str]) -> dict[str, str]:
    pairs = [place.partition(".") for place in places]
    return {column.lower(): "left out" for table, _, column in pairs if table in _names(node)}


# Where it comes from


def _source(database: str | None, connect: str | None) -> Any:
    if database:
        if ":" not in database and not Path(database).is_file():
            raise Fault(f"there is no database file {database}.")
        return _DuckDb(duckdb.connect(database, read_only=":" not in database))
    module, _, function = str(connect).partition(":")
    sys.path.insert(0, os.getcwd())
    try:
        connection = getattr(importlib.import_module(module), function)()
    except (ImportError, AttributeError) as error:
        raise Fault(f"--connect {connect}: {error}") from error
    if isinstance(connection, duckdb.DuckDBPyConnection):
        return _DuckDb(connection)
    return _DbApi(connection)


class _DuckDb:
    """Marts in a DuckDB database, all read in one transaction."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.con = connection

    def begin(self) -> None:
        self.con.execute("begin transaction")

    def write(self, relation: str, left_out: set[str], file: Path) -> tuple[dict[str, Any], int]:
        """Columns with their types (under "" the names left out) and rows of the file."""
        found = self.con.execute(f"select * from {relation} limit 0").description or []
        columns: dict[str, Any] = {"": {name.lower() for name, *_ in found} & left_out}
        listed = []
        for name, kind, *_ in found:
            if name.lower() not in left_out:
                columns[name] = served(kind)
                listed.append(f"cast({_quoted(name)} as {carried(kind)}) as {_quoted(name)}")
        if listed:
            self.con.execute(
                f"copy (select {', '.join(listed)} from {relation}) to {_literal(str(file))} "
                "(format parquet, compression zstd)"
            )
        rows = self.con.execute(f"select count(*) from {relation}").fetchall()[0][0]
        return columns, int(rows)


class _DbApi:
    """Marts behind any DB-API connection; types come from Arrow, or the values and the cursor."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.duckdb = duckdb.connect()

    def begin(self) -> None:
        """Drivers begin a transaction themselves."""

    def write(self, relation: str, left_out: set[str], file: Path) -> tuple[dict[str, Any], int]:
        cursor = self.connection.cursor()
        cursor.execute(f"select * from {relation}")  # the table as dbt itself names it
        if hasattr(cursor, "fetch_record_batch"):
            return self._arrow(cursor, left_out, file)
        described = list(cursor.description)
        names = _spelled([str(entry[0]) for entry in described])
        kept = [place for place, name in enumerate(names) if name.lower() not in left_out]
        kinds = [_Kind(described[place]) for place in kept]
        lines = file.with_suffix(".ndjson")
        longest = self._lines(cursor, kept, kinds, lines)
        cursor.close()
        return self._parquet(names, left_out, kept, kinds, lines, longest, file)

    def _arrow(self, cursor: Any, left_out: set[str], file: Path) -> tuple[dict[str, Any], int]:
        """An ADBC driver tells every type, also of columns without a value."""
        reader = cursor.fetch_record_batch()
        given = [str(name) for name in reader.schema.names]
        spelled = dict(zip(given, _spelled(given)))  # noqa: B905  # Python 3.9
        listed = ", ".join(
            f"{_quoted(name)} as {_quoted(written)}"
            for name, written in spelled.items()
            if written.lower() not in left_out
        )
        self.duckdb.register("arriving", reader)
        self.duckdb.execute(f"create or replace table mart as select {listed or 1} from arriving")
        self.duckdb.unregister("arriving")
        cursor.close()
        columns, rows = _DuckDb(self.duckdb).write("mart", set(), file)
        away = {name.lower() for name in spelled.values()} & left_out
        return {**(columns if listed else {}), "": away}, rows

    def _lines(self, cursor: Any, kept: list[int], kinds: list[_Kind], lines: Path) -> int:
        longest = 0
        with lines.open("w", encoding="utf-8") as stream:
            while True:
                rows = cursor.fetchmany(BATCH)
                if not rows:
                    return longest
                for row in rows:
                    values = {
                        f"c{place}": kind.text(row[place])
                        for place, kind in zip(kept, kinds)  # noqa: B905  # Python 3.9
                        if row[place] is not None
                    }
                    longest = max(longest, stream.write(json.dumps(values) + "\n"))

    def _parquet(
        self,
        names: list[str],
        left_out: set[str],
        kept: list[int],
        kinds: list[_Kind],
        lines: Path,
        longest: int,
        file: Path,
    ) -> tuple[dict[str, Any], int]:
        text = ", ".join(f"c{place}: 'VARCHAR'" for place in kept) or "c: 'VARCHAR'"
        listed = ", ".join(
            f"{kind.cast(f'c{place}')} as {_quoted(names[place])}"
            for place, kind in zip(kept, kinds)  # noqa: B905  # Python 3.9
        )
        self.duckdb.execute(
            f"create or replace table mart as select {listed or 'c'} from "
            f"read_json({_literal(str(lines))}, columns = {{{text}}}, "
            f"format = 'newline_delimited', maximum_object_size = {max(longest * 4, 1 << 24)})"
        )
        lines.unlink()
        columns, rows = _DuckDb(self.duckdb).write("mart", set(), file)
        columns = columns if kept else {}
        return {**columns, "": {name.lower() for name in names} & left_out}, rows


class _Kind:
    """What the values of one column are, learnt while they pass."""

    def __init__(self, described: Any) -> None:
        self.seen: set[str] = set()
        self.digits = self.scale = 0
        self.declared = (38, 0)
        precision, scale = (described[4], described[5]) if len(described) > 5 else (None, None)
        if isinstance(precision, int) and isinstance(scale, int) and 0 <= scale <= precision <= 38:
            self.declared = (precision, scale)

    def text(self, value: Any) -> str:
        for kind, name, write in KINDS:
            if isinstance(value, kind):
                self._measure(value)
                aware = isinstance(value, datetime) and value.tzinfo is not None
                self.seen.add("TIMESTAMPTZ" if aware else name)
                return str(write(value))
        self.seen.add("VARCHAR")
        return str(value)

    def cast(self, column: str) -> str:
        kind = self.type()
        return f"unhex({column})" if kind == "BLOB" else f"cast({column} as {kind})"

    def type(self) -> str:
        if self.seen == {"BIGINT"} and self.digits > 18:
            return "HUGEINT" if self.digits <= 38 else "VARCHAR"
        if len(self.seen) == 1:
            (only,) = self.seen
            return self._decimal() if only == "DECIMAL" else only
        if self.seen == {"BIGINT", "DECIMAL"}:
            return self._decimal()
        if self.seen and self.seen <= {"BIGINT", "DECIMAL", "DOUBLE"}:
            return "DOUBLE"
        return "TIMESTAMP" if self.seen == {"DATE", "TIMESTAMP"} else "VARCHAR"

    def _decimal(self) -> str:
        precision, scale = self.declared
        if self.digits <= precision - scale and self.scale <= scale:
            return f"DECIMAL({precision}, {scale})"
        return f"DECIMAL(38, {self.scale})" if self.digits + self.scale <= 38 else "VARCHAR"

    def _measure(self, value: Any) -> None:
        if isinstance(value, int) and not isinstance(value, bool):
            self.digits = max(self.digits, len(str(abs(value))))
        if isinstance(value, Decimal):
            _, digits, exponent = value.as_tuple()
            if not isinstance(exponent, int):
                raise Fault(f"a decimal is {value}, which no decimal type holds.")
            self.scale = max(self.scale, -exponent)
            self.digits = max(self.digits, len(digits) + exponent)


def _duration(value: timedelta) -> str:
    return f"{value.days} days {value.seconds} seconds {value.microseconds} microseconds"


# A Python value, the type it stands for and its text. The first that fits: bool is an int.
KINDS: tuple[tuple[Any, str, Any], ...] = (
    (bool, "BOOLEAN", str),
    (int, "BIGINT", str),
    (float, "DOUBLE", repr),
    (Decimal, "DECIMAL", lambda value: format(value, "f")),
    (datetime, "TIMESTAMP", lambda value: value.isoformat(sep=" ")),
    (date, "DATE", date.isoformat),
    (time, "TIME", time.isoformat),
    (timedelta, "INTERVAL", _duration),
    (UUID, "UUID", str),
    (str, "VARCHAR", str),
    ((bytes, bytearray, memoryview), "BLOB", lambda value: bytes(value).hex()),
    ((dict, list, tuple), "JSON", lambda value: json.dumps(value, default=str)),
)


def _spelled(names: list[str]) -> list[str]:
    """Names that a warehouse has folded to upper case, as they were written."""
    folded = all(name == name.upper() for name in names)
    return [name.lower() for name in names] if folded else names


# Types


def carried(kind: Any) -> str:
    """The type in which a column travels."""
    return _mapped(kind, as_text="VARCHAR", size=False)


def served(kind: Any) -> str:
    """The type that a column has when it has arrived."""
    return _mapped(kind, as_text="", size=True)


def _mapped(kind: Any, *, as_text: str, size: bool) -> str:
    if kind.id in KEPT:
        return str(kind)
    if kind.id in AS_TEXT:
        return as_text or str(kind)
    if kind.id not in ("struct", "list", "array", "map"):
        return "VARCHAR"  # an ENUM, a UNION, and what is yet to be invented
    parts = list(kind.children)
    types = [part for _, part in parts if isinstance(part, type(kind))]  # an array's size is none
    inner = [_mapped(part, as_text=as_text, size=size) for part in types]
    if kind.id == "struct":
        names = [_quoted(name) for name, _ in parts]
        fields = zip(names, inner)  # noqa: B905  # Python 3.9
        return f"STRUCT({', '.join(f'{name} {field}' for name, field in fields)})"
    if kind.id == "map":
        return f"MAP({', '.join(inner)})"
    return f"{inner[0]}[{parts[1][1] if kind.id == 'array' and size else ''}]"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# Where it goes


class _Folder:
    """A folder; files appear whole."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    def near(self) -> str:
        return str(self.folder)

    def read(self, name: str) -> bytes | None:
        file = self.folder / name
        return file.read_bytes() if file.is_file() else None

    def write(self, name: str, file: Path) -> None:
        target = self.folder / name
        if target.is_file() and filecmp.cmp(file, target, shallow=False):
            return  # someone may be reading it
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
        os.replace(file, target)

    def remove(self, name: str) -> None:
        (self.folder / Path(name).name).unlink(missing_ok=True)


class _S3:
    """A prefix of a bucket; AWS_ENDPOINT_URL names another service than Amazon's."""

    def __init__(self, url: str) -> None:
        self.bucket, _, prefix = url[len("s3://") :].partition("/")
        self.prefix = prefix.rstrip("/") + "/" if prefix.rstrip("/") else ""
        try:
            self.client = importlib.import_module("boto3").client("s3")
        except ImportError as error:
            raise Fault("a place s3://... needs the package boto3 here.") from error

    def near(self) -> None:
        """Files wait in the system's folder for temporary ones."""

    def read(self, name: str) -> bytes | None:
        found = self.client.list_objects_v2(Bucket=self.bucket, Prefix=self.prefix + name)
        if not any(item["Key"] == self.prefix + name for item in found.get("Contents", ())):
            return None
        body = self.client.get_object(Bucket=self.bucket, Key=self.prefix + name)["Body"]
        return bytes(body.read())

    def write(self, name: str, file: Path) -> None:
        self.client.upload_file(str(file), self.bucket, self.prefix + name)

    def remove(self, name: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=self.prefix + name)


def _read_json(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise Fault(f"{file} cannot be read; run dbt build first.") from error
    return dict(content)


def _write_text(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    origin = parser.add_mutually_exclusive_group(required=True)
    origin.add_argument("--database", help="a DuckDB file, opened to read")
    origin.add_argument("--connect", metavar="MODULE:FUNCTION", help="gives a connection")
    parser.add_argument("--artifacts", default="target", help="dbt's target folder")
    parser.add_argument("--to", required=True, help="a folder, or s3://bucket/prefix")
    parser.add_argument("--mart", action="append", default=[], help="a model to write; repeat")
    parser.add_argument(
        "--table",
        action="append",
        default=[],
        help="without dbt: a table to write, as the warehouse names it; repeat",
    )
    parser.add_argument(
        "--leave-out", action="append", default=[], metavar="MART.COLUMN", help="repeat"
    )
    parser.add_argument(
        "--with-personal", action="store_true", help="write columns marked as personal too"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
