"""The lists of functions and types hold for the DuckDB that is installed."""

from __future__ import annotations

import duckdb
import pytest

from martlet.gate import functions
from tests.gate.functions import Review, main, review


def test_somebody_has_looked_at_every_function_and_type_of_this_duckdb() -> None:
    with duckdb.connect(":memory:") as connection:
        assert review(connection) == Review({}, (), ())


def test_what_a_new_duckdb_brings_is_shown_and_not_allowed() -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute("create macro brand_new(x) as x + 1")
        connection.execute("create type mood as enum ('a')")
        found = review(connection)
    assert list(found.unknown) == ["brand_new", "mood"]
    assert str(found).splitlines()[0].startswith("new, and refused: brand_new: macro [x]")
    assert "brand_new" not in functions.IN_EXPRESSIONS | functions.IN_FROM | functions.IN_WINDOWS


def test_the_command_for_the_reviewer(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"DuckDB {duckdb.__version__}\nEvery function")
