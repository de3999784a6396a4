"""Catalog files with faults, and what their author is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from martlet.catalog.load import load_catalog
from martlet.errors import CatalogInvalid
from tests.catalog.casefiles import Case, read_cases

CASES = read_cases("load*.txt")


def write(case: Case, folder: Path) -> Path:
    for name, text in case.parts:
        if name != "problems":
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_a_fault_is_told_with_its_file_line_and_remedy(case: Case, tmp_path: Path) -> None:
    expected = case.lines("problems")
    if not expected:
        load_catalog(write(case, tmp_path))
        return
    with pytest.raises(CatalogInvalid) as raised:
        load_catalog(write(case, tmp_path))
    told = [str(problem) for problem in raised.value.problems]
    assert len(told) == len(expected), "\n".join(told)
    for line, start in zip(told, expected, strict=True):
        assert line.startswith(start), f"\n{line}\ndoes not begin with\n{start}"
