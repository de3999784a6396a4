"""What a catalog says, held against a build: each check once broken and once in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from martlet.catalog.checks import CHECKS, check_catalog
from martlet.catalog.load import load_catalog
from martlet.flow.catalog import Catalog
from tests.catalog.casefiles import FOLDER, Case, read_cases
from tests.catalog.smallbuild import small_build

CASES = read_cases("checks.txt")


def base_with(edits: list[str], folder: Path) -> Catalog:
    """The catalog of `base.yml` with texts replaced; each edit reads `old => new`."""
    text = (FOLDER / "base.yml").read_text(encoding="utf-8")
    for edit in edits:
        old, _, new = edit.replace("\\n", "\n").partition(" =>")
        assert old in text, f"base.yml has no {old!r}"
        text = text.replace(old, new.removeprefix(" "), 1)
    (folder / "base.yml").write_text(text, encoding="utf-8")
    return load_catalog(folder)


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_a_check_tells_what_the_build_contradicts(case: Case, tmp_path: Path) -> None:
    catalog = base_with(case.lines("yaml"), tmp_path)
    found = check_catalog(catalog, small_build(*case.lines("build")))
    told = [f"{problem.severity}: {problem}" for problem in found]
    expected = case.lines("problems")
    assert len(told) == len(expected), "\n".join(told)
    for line, start in zip(told, expected, strict=True):
        assert line.startswith(start), f"\n{line}\ndoes not begin with\n{start}"


def test_every_check_has_a_sentence_and_a_case_that_it_alone_finds(tmp_path: Path) -> None:
    blocks = {case.title.split(":")[0] for case in CASES}
    for check in CHECKS:
        assert check.__doc__ and check.__name__ in blocks, check.__name__
