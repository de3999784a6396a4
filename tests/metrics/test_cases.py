"""Every case file: rows first, then what the answer says, or how it refuses."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from martlet.errors import MartletError
from tests.metrics.harness import CASES, Shop, drawn, open_shop, read_cases, request_of, shown

FILES = sorted(CASES.glob("*.yml"))


@cache
def shop_of(path: Path) -> Shop:
    given, _ = read_cases(path)
    return open_shop(given["tables"], given["catalog"], given.get("build"))


def _all() -> list[Any]:
    return [
        pytest.param(path, case, id=f"{path.stem}: {case['case']}")
        for path in FILES
        for case in read_cases(path)[1]
    ]


@pytest.mark.parametrize(("path", "case"), _all())
def test_case(path: Path, case: dict[str, Any]) -> None:
    shop = shop_of(path)
    request = request_of(case["request"])
    if "refused" in case:
        with pytest.raises(MartletError) as refusal:
            shop.compile(request)
        assert refusal.value.code == case["refused"], str(refusal.value)
        for text in case.get("says", ()):
            assert text in str(refusal.value)
        return
    titles, wanted = drawn(case["rows"])
    rows = shop.rows(request)
    compiled = shop.compile(request)
    assert [column.name for column in compiled.columns] == titles
    assert [shown(row) for row in rows] == wanted, compiled.sql
    said = "\n".join((*compiled.notes, *(use.definition for use in compiled.metrics)))
    for text in case.get("says", ()):
        assert text in said
    if "counts" in case:
        assert shop.counts(request) == case["counts"]
    for text in case.get("sql_has", ()):
        assert text in compiled.sql
    assert shop.compile(request) == compiled  # the same request gives the same text
