"""Which dbt builds a project: as set, the project's own, or ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from martlet.errors import BuildFailed
from martlet.publish.dbt import launch, run_dbt
from martlet.publish.dbt.command import dbt_command
from tests.publish.conftest import make_home, make_project
from tests.publish.shop import settings_for

OURS = [sys.executable, "-P", str(launch.__file__)]


def make_dbt(folder: Path) -> Path:
    dbt = folder / ".venv" / "bin" / "dbt"
    dbt.parent.mkdir(parents=True)
    dbt.write_text("#!/bin/sh\n", encoding="utf-8")
    return dbt


def test_a_project_without_an_environment_is_built_by_ours(tmp_path: Path) -> None:
    assert dbt_command(tmp_path, settings_for(tmp_path)) == OURS


def test_the_environment_of_the_project_or_of_its_repository_comes_first(tmp_path: Path) -> None:
    far = make_dbt(tmp_path)
    project = tmp_path / "repository" / "analytics" / "dbt"
    project.mkdir(parents=True)
    settings = settings_for(tmp_path)
    assert dbt_command(project, settings) == [*OURS, "--", str(far)]
    (tmp_path / "repository" / ".git").mkdir()
    assert dbt_command(project, settings) == OURS
    near = make_dbt(project.parent)
    assert dbt_command(project, settings) == [*OURS, "--", str(near)]


def test_what_is_set_comes_before_and_a_relative_path_begins_at_the_project(
    tmp_path: Path,
) -> None:
    make_dbt(tmp_path)
    file = tmp_path / "martlet.toml"
    file.write_text("[dbt]\ncommand = \"uv run --project 'their dir' dbt\"", encoding="utf-8")
    told = ["uv", "run", "--project", "their dir", "dbt"]
    assert dbt_command(tmp_path, settings_for(tmp_path)) == [*OURS, "--", *told]
    set_so = settings_for(tmp_path, dbt_command=".venv/bin/dbt")
    assert dbt_command(tmp_path, set_so)[-1] == str(tmp_path / ".venv/bin/dbt")
    with pytest.raises(BuildFailed, match="There is no dbt at nowhere/dbt"):
        dbt_command(tmp_path, settings_for(tmp_path, dbt_command="nowhere/dbt"))


def test_a_command_that_is_not_dbt_ends_with_what_it_said(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    project = make_project(tmp_path / "project")
    for command in ("sh -c 'echo no such dbt >&2; exit 7'", "no_such_program"):
        settings = settings_for(home, dbt_command=command)
        with pytest.raises(BuildFailed, match="dbt did not finish") as caught:
            run_dbt(project, home, settings, on_event=lambda _: None)
        assert caught.value.code == "build.dbt_failed"
        assert "no such" in str(caught.value).lower()


def test_a_command_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    mark = tmp_path / "alive"
    words = [*OURS, "--", "sh", "-c", f"echo up; trap '' TERM; sleep 60 & wait; touch '{mark}'"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout and process.stdout.readline() == b"up\n"
        process.stdin.close()
        assert process.stdout.read() == b""  # nobody holds the pipe any more
        assert process.wait() == 1
    assert not mark.exists()
