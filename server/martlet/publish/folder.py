"""Marts from a folder of CSV and Parquet files, without dbt: a mart a file, named after it."""

from __future__ import annotations

import codecs
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from martlet.errors import BuildFailed
from martlet.publish.connect import (
    Connection,
    connection,
    find_disk_fault,
    literal,
    quoted,
)
from martlet.publish.database import hide_columns, marts_of_schema
from martlet.publish.files import disk_errors
from martlet.publish.source import MartSource, fingerprint
from martlet.publish.staging import Staged, stage, unreadable, working_folder

SCHEMA = "marts"
_SEPARATORS = {".csv": "", ".tsv": "\t"}  # a .csv may be separated by any of _MARKS
_MARKS = ",;\t|"

# Types that a column of text may turn out to have, narrow ones first, and the only form in which
# each is recognised. Anything else stays text: `007` and `+49` would lose what they say as numbers,
# and nobody knows which day `3/4/26` is.
_FORMS = (
    ("BOOLEAN", r"(true|false)"),
    ("BIGINT", r"(0|-?[1-9]\d{0,17})"),
    ("DECIMAL(38, {scale})", r"-?(0|[1-9]\d*)(\.\d+)?"),
    ("DOUBLE", r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d{1,3})?"),
    ("DATE", r"\d{4}-\d\d-\d\d"),
    ("TIMESTAMP", r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?"),
    (
        "TIMESTAMPTZ",
        r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[-+]\d\d(:?\d\d)?)",
    ),
)


@contextmanager
def source_from_files(folder: Path, home: Path, hide: Sequence[str]) -> Iterator[MartSource]:
    """The CSV, TSV and Parquet files of a folder as marts; usable until the block ends.

    A folder in it that holds Parquet files is one mart too. A text file has a header line; a column
    of it has the narrowest type that every one of its cells is written in, and is text otherwise.
    Raises: BuildFailed `build.source` for a file that cannot be read, two of one name, or none at
    all, `build.disk`; RequestError for a hidden column of no table.
    """
    found = _marts(folder.absolute())
    with working_folder(home) as work:
        looks = tuple((file, fingerprint(file)) for files in found.values() for file in files)
        staged = [_staged(mart, files, work) for mart, files in found.items()]
        database = stage(work, staged)
        marts = marts_of_schema(database, SCHEMA, also=[file for file, _ in looks])
        yield MartSource(
            database=database,
            marts=tuple(hide_columns(marts, hide)),
            origin="files",
            files=looks,
        )


def _marts(folder: Path) -> dict[str, list[Path]]:
    """The files of each mart, by name."""
    found: dict[str, list[Path]] = {}
    seen: dict[str, Path] = {}
    for entry in sorted(folder.iterdir() if folder.is_dir() else ()):
        files = _files(entry)
        if not files or entry.name.startswith("."):
            continue
        mart = entry.stem if entry.is_file() else entry.name
        twin = seen.setdefault(mart.casefold(), entry)
        if twin is not entry:
            raise _refused(f"{twin.name} and {entry.name} would both be the mart `{mart}`.")
        found[mart] = files
    if not found:
        raise _refused(f"{folder.name} holds no .csv, .tsv or .parquet files.")
    return found


def _files(entry: Path) -> list[Path]:
    if entry.is_dir():
        return sorted(file for file in entry.glob("*.parquet") if file.is_file())
    return [entry] if entry.suffix.lower() in (*_SEPARATORS, ".parquet") else []


def _staged(mart: str, files: list[Path], work: Path) -> Staged:
    separator = _SEPARATORS.get(files[0].suffix.lower())
    if separator is None:
        listed = ", ".join(literal(str(file)) for file in files)
        return Staged(SCHEMA, mart, f"select * from read_parquet([{listed}])", tuple(files))
    file = _unmarked(files[0], work)
    return Staged(SCHEMA, mart, _typed(file, separator, work), (file,), kind="table")


def _unmarked(file: Path, work: Path) -> Path:
    """The file, or a copy without the mark that some programs begin UTF-8 with.

    DuckDB 2.0 cannot read a quoted first name behind it.
    """
    with disk_errors(), file.open("rb") as stream:
        if stream.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            return file
        copy = work / file.name
        with copy.open("wb") as target:
            shutil.copyfileobj(stream, target)
    return copy


def _typed(file: Path, separator: str, work: Path) -> str:
    """The query that reads a text file with the types its cells are written in."""
    text = _as_text(file, separator)
    with connection(readable=[file], writable=work) as con:
        try:
            con.execute(f"create table cells as {text}")
        except duckdb.InvalidInputException as error:
            raise _uneven(file, error) from error
        except duckdb.Error as error:
            raise find_disk_fault(error, work / "spill") or unreadable(file, error) from error
        names = [column[0] for column in con.execute("select * from cells limit 0").description]
        columns = [f"cast({quoted(name)} as {_type(con, name)})" for name in names]
    listed = ", ".join(
        f"{column} as {quoted(name)}" for column, name in zip(columns, names, strict=True)
    )
    return f"select {listed} from ({text})"


def _as_text(file: Path, separator: str) -> str:
    """The query that reads every cell as it is written; it fails where lines are not alike."""
    mark = separator or _separator(file)
    return (
        f"select * from read_csv({literal(str(file))}, delim = {literal(mark)}, header = true, "
        """quote = '"', escape = '"', comment = '', skip = 0, all_varchar = true, """
        "sample_size = -1, strict_mode = true, null_padding = false)"
    )


def _separator(file: Path) -> str:
    """What stands most often in the header line, outside quotes."""
    try:
        with file.open(encoding="utf-8") as stream:
            header = "".join(stream.readline().split('"')[::2])
    except UnicodeDecodeError as error:
        raise _refused(f"{file.name} is not UTF-8.") from error
    if not header.strip():
        raise _refused(f"{file.name} does not begin with a line of column names.")
    return max(_MARKS, key=header.count)


def _type(con: Connection, name: str) -> str:
    cell = quoted(name)
    counted = ", ".join(
        f"count(*) filter (not regexp_full_match({cell}, {literal(form)}))" for _, form in _FORMS
    )
    filled, scale, *misses = con.execute(
        f"select count({cell}), coalesce(max(length(split_part({cell}, '.', 2))), 0), {counted} "
        "from cells"
    ).fetchall()[0]
    for (kind, _), missed in zip(_FORMS, misses, strict=True):
        written = kind.format(scale=min(scale, 38))
        if filled and not missed and _reads(con, cell, written):
            return written
        if kind.startswith("DECIMAL") and not missed:
            break  # too many digits; a DOUBLE would drop some
    return "VARCHAR"


def _reads(con: Connection, cell: str, kind: str) -> bool:
    """Whether every cell becomes a value of the type: 2026-02-30 looks like a day, and is none."""
    lost = con.execute(
        f"select count({cell}) - count(try_cast({cell} as {kind})) from cells"
    ).fetchall()[0][0]
    return bool(lost == 0)


def _uneven(file: Path, error: duckdb.Error) -> BuildFailed:
    """DuckDB's text would show cells; the number of the line is all that is told of it."""
    line = re.search(r"Line: (\d+)", str(error))
    return BuildFailed(
        "build.source",
        f"{file.name} is not a header line and lines of as many cells.",
        where=f"line {line[1]}" if line else "",
        next_step="Write it as UTF-8 with double quotes round cells that hold separators.",
    )


def _refused(message: str) -> BuildFailed:
    return BuildFailed(
        "build.source", message, next_step="Name a folder of files with one table each."
    )
