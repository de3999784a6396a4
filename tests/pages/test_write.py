"""Writing the site: a whole folder or none, and never over something else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from martlet.cli.app import app
from martlet.errors import RequestError, ServerError
from martlet.pages import write_pages
from martlet.site.render import MARK
from martlet.site.write import write_site
from tests.small import small_settings

SITE = ((MARK, "{}"), ("index.html", "one"))


def test_a_site_takes_the_place_of_an_earlier_one_whole(tmp_path: Path) -> None:
    out = tmp_path / "far" / "site"
    write_site([*SITE, ("marts/gone.html", "old")], out)
    assert write_site([(MARK, "{}"), ("index.html", "two")], out) == 2
    assert (out / "index.html").read_text() == "two"
    assert not (out / "marts").exists()
    assert [path.name for path in out.parent.iterdir()] == ["site"]


def test_a_folder_with_something_else_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(RequestError, match="not a site") as refused:
        write_site(SITE, tmp_path)
    assert refused.value.code == "site.folder" and "--out" in refused.value.next_step
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_file_or_a_link_is_refused(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out"
    (tmp_path / "elsewhere").mkdir()
    out.write_text("mine") if kind == "file" else out.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RequestError, match="not a folder"):
        write_site(SITE, out)
    assert not list((tmp_path / "elsewhere").iterdir())


def test_when_writing_fails_the_earlier_site_stays(tmp_path: Path) -> None:
    def broken() -> Iterator[tuple[str, str]]:
        yield "index.html", "two"
        raise OSError(28, "No space left on device")

    write_site(SITE, tmp_path / "site")
    with pytest.raises(ServerError, match="No space left"):
        write_site(broken(), tmp_path / "site")
    assert (tmp_path / "site" / "index.html").read_text() == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_the_journey_writes_the_build_in_force_into_the_home_twice_alike(
    small_home: Path,
) -> None:
    settings = small_settings(small_home.parent)
    written = write_pages(settings)
    assert (written.marts, written.metrics) == (3, 5)
    first = {path: path.read_bytes() for path in written.folder.rglob("*") if path.is_file()}
    assert len(first) == written.files and written.folder == settings.home / "site"
    write_pages(settings)
    assert first == {p: p.read_bytes() for p in written.folder.rglob("*") if p.is_file()}


def test_without_values_no_number_of_a_metric_is_on_the_site(small_home: Path) -> None:
    settings = small_settings(small_home.parent)
    written = write_pages(settings, small_home / "bare", values=False)
    assert '<rect class="value"' not in (written.folder / "metrics/revenue.html").read_text()


def test_the_command_line_says_what_to_open_and_refuses_with_exit_3(
    small_home: Path, tmp_path: Path
) -> None:
    words = ["docs", "--home", str(small_home), "--no-values", "--out"]
    done = CliRunner().invoke(app, [*words, str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "3 marts and 5 metrics" in done.stdout and "out/index.html" in done.stdout
    refused = CliRunner().invoke(app, [*words, str(tmp_path)])
    assert isinstance(refused.exception, RequestError) and refused.exception.exit_code == 3
