"""A folder of files as marts: types that every cell is written in, and files that are refused."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from martlet.errors import BuildFailed, RequestError
from martlet.flow.build import BuildState
from martlet.publish.folder import source_from_files
from tests.publish.shop import publish_source, published_database, rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "a [team]'s files"
    place.mkdir()
    return place


def publish(folder: Path, hide: Sequence[str] = ()) -> BuildState:
    home = folder.parent / "home"
    with source_from_files(folder, home, hide) as source:
        return publish_source(source, home)


def types_of(folder: Path, text: str, file: str = "t.csv") -> dict[str, str]:
    """The types that the columns of a file are staged with."""
    (folder / file).write_bytes(text.encode())
    with source_from_files(folder, folder.parent / "home", []) as source:
        found = rows(source.database, "select column_name, column_type from (describe marts.t)")
    return {str(name): str(kind) for name, kind in found}


CELLS = [
    ("BIGINT", ["1", "-20", "0", "999999999999999999"]),
    ("VARCHAR", ["00123", "10000"]),
    ("VARCHAR", ["+4930123456", "+4930123457"]),
    ("VARCHAR", ["1,5", "2"]),
    ("DECIMAL(38,2)", ["12.50", "3", "-0.05"]),
    ("DECIMAL(38,0)", ["99999999999999999999"]),
    ("DOUBLE", ["1e5", "2.5"]),
    ("VARCHAR", ["1" * 39, "2"]),
    ("BOOLEAN", ["true", "false"]),
    ("VARCHAR", ["True", "false"]),
    ("VARCHAR", ["yes", "no"]),
    ("DATE", ["2026-02-28", "2024-02-29"]),
    ("VARCHAR", ["2026-02-30", "2026-02-01"]),
    ("VARCHAR", ["01/02/2026", "02/02/2026"]),
    ("TIMESTAMP", ["2026-01-01T10:00", "2026-01-01 10:00:00.25"]),
    ("TIMESTAMP WITH TIME ZONE", ["2026-01-01T10:00:00Z", "2026-01-01 10:00+02"]),
    ("VARCHAR", ["2026-01-01T10:00:00Z", "2026-01-01 10:00"]),
    ("VARCHAR", ["1", "x"]),
    ("VARCHAR", ["NaN", "1.5"]),
    ("VARCHAR", ["", ""]),
]


@pytest.mark.parametrize(("kind", "cells"), CELLS)
def test_a_column_has_the_type_that_all_its_cells_are_written_in(
    folder: Path, kind: str, cells: list[str]
) -> None:
    lines = [f'"{cell}",x' if cell else ",x" for cell in (*cells, "")]
    assert types_of(folder, "\n".join(["value,other", *lines]))["value"] == kind


def test_separators_quotes_and_line_ends_are_found_and_nothing_is_lost(folder: Path) -> None:
    text = '\ufeff"a;b";note\r\n1;"say ""hi""; then\r\nleave"\r\n2;\r\n'
    assert types_of(folder, text) == {"a;b": "BIGINT", "note": "VARCHAR"}
    with source_from_files(folder, folder.parent / "home", []) as source:
        assert rows(source.database, 'select "a;b", note from marts.t order by 1') == [
            (1, 'say "hi"; then\r\nleave'),
            (2, None),
        ]


def test_each_file_is_a_mart_and_a_folder_of_parquet_files_is_one(folder: Path) -> None:
    (folder / "Dim Sites.TSV").write_text("site_id\tname\n1\tA,B\n", encoding="utf-8")
    (folder / "empty.csv").write_text("a,b\n", encoding="utf-8")
    (folder / ".hidden.csv").write_text("a\n1\n", encoding="utf-8")
    (folder / "readme.md").write_text("no mart", encoding="utf-8")
    (folder / "visits").mkdir()
    with duckdb.connect() as con:
        for part in (1, 2):
            file = str(folder / "visits" / f"part-{part}.parquet").replace("'", "''")
            con.execute(
                f"copy (select {part} as id, 2.50::decimal(9, 2) as total, 'CANARY' as email, "
                f"'a'::enum('a', 'b') as mood) to '{file}'"
            )
    state = publish(folder, hide=["visits.EMAIL"])
    assert {name: mart.row_count for name, mart in state.marts.items()} == {
        "Dim Sites": 1,
        "empty": 0,
        "visits": 2,
    }
    held = {name: column.type for name, column in state.marts["visits"].columns.items()}
    assert held == {"id": "INTEGER", "total": "DECIMAL(9,2)", "mood": "VARCHAR"}
    assert state.marts["visits"].withheld == ("email: hidden",)
    assert (state.origin, state.tests) == ("files", ())
    home = folder.parent / "home"
    assert b"CANARY" not in published_database(home, state).read_bytes()
    assert not list(home.glob(".incoming*"))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a,b\n1,2,3\n", "lines of as many cells"),
        (b"a,b\n1\n2,3\n", "lines of as many cells"),
        (b'a,b\n1,"CANARY\n', "lines of as many cells"),
        (b"a,b\n" + b"1,2\n" * 5000 + b"1,2,CANARY\n", "line 5002"),
        (b"", "does not begin with a line of column names"),
        (b"\n1,2\n", "does not begin with a line of column names"),
        (b"a,b\nCANARY\xe4,1\n", "lines of as many cells|not UTF-8"),
    ],
)
def test_a_file_of_uneven_lines_is_refused_without_showing_a_cell(
    folder: Path, content: bytes, told: str
) -> None:
    (folder / "orders.csv").write_bytes(content)
    with pytest.raises(BuildFailed) as caught:
        publish(folder)
    text = str(caught.value)
    assert caught.value.code == "build.source" and "orders.csv" in text
    assert any(part in text for part in told.split("|")), text
    assert "CANARY" not in text and str(folder) not in text


def test_files_that_make_no_marts_are_refused(folder: Path) -> None:
    with pytest.raises(BuildFailed, match=r"holds no .csv, .tsv or .parquet"):
        publish(folder)
    with pytest.raises(BuildFailed, match=r"holds no .csv"):
        publish(folder / "nowhere")
    (folder / "a.parquet").write_bytes(b"PAR1 no parquet")
    with pytest.raises(BuildFailed, match="a.parquet cannot be read") as caught:
        publish(folder)
    assert str(folder) not in str(caught.value)
    (folder / "A.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(BuildFailed, match="would both be the mart"):
        publish(folder)
    (folder / "a.parquet").unlink()
    with pytest.raises(RequestError, match="does not name a column"):
        publish(folder, hide=["b.c"])


def test_what_a_publisher_that_died_left_is_swept(folder: Path) -> None:
    (folder / "t.csv").write_text("a\n1\n", encoding="utf-8")
    home = folder.parent / "home"
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    dead, alive = home / f".incoming-{ended.pid}-x", home / f".incoming-{os.getpid()}-x"
    for left in (dead, alive):
        left.mkdir(parents=True)
    with source_from_files(folder, home, []):
        assert alive.is_dir() and not dead.exists()
