"""What `martlet check` finds by running a catalog on a published build, each case as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from martlet.check import check_all
from martlet.settings import Settings, load_settings
from tests.catalog.casefiles import Case, read_cases
from tests.small import HERE, publish_small

CASES = read_cases("runs.txt")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings, _ = publish_small(tmp_path_factory.mktemp("small"))
    return settings.home


def settings_with(edits: list[str], home: Path, folder: Path) -> Settings:
    """The small shop's catalog with texts replaced; each edit reads `old => new`."""
    text = (HERE / "semantic" / "shop.yml").read_text(encoding="utf-8")
    for edit in edits:
        old, _, new = edit.replace("\\n", "\n").partition(" =>")
        assert old in text, f"shop.yml has no {old!r}"
        text = text.replace(old, new.removeprefix(" "), 1)
    (folder / "shop.yml").write_text(text, encoding="utf-8")
    return load_settings(home=home, catalog=folder, sandboxes=1)


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_a_run_tells_what_cannot_be_answered(case: Case, home: Path, tmp_path: Path) -> None:
    report = check_all(settings_with(case.lines("yaml"), home, tmp_path))
    told = [f"{problem.severity}: {problem}" for problem in report.problems]
    expected = case.lines("problems")
    assert len(told) == len(expected), "\n".join(told)
    for line, start in zip(told, expected, strict=True):
        assert line.startswith(start), f"\n{line}\ndoes not begin with\n{start}"


def test_without_a_build_the_files_are_checked_and_the_report_says_so(tmp_path: Path) -> None:
    report = check_all(settings_with([], tmp_path / "empty", tmp_path))
    assert not report.failed and report.counts["metrics"] == 5
    (warning,) = report.problems
    assert "only the files were checked" in warning.message and "publish" in warning.next_step
