"""The doctor: all good on a good home, and every fault named with what to do."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import pytest

from martlet.doctor import Finding
from martlet.doctor.examine import LOOKS
from martlet.doctor.home import audit_log, clock, disk, home_folder, keys, leftovers, published
from martlet.doctor.machine import port, variables, versions
from martlet.doctor.serving import build, project, sandbox
from martlet.publish import store
from martlet.publish.lock import hold
from martlet.settings import Settings
from tests.command import martlet
from tests.small import HERE, publish_small

CHEAP = (versions, home_folder, keys, audit_log, published, disk, clock, leftovers, build)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return publish_small(tmp_path_factory.mktemp("small"))[0]


@pytest.fixture
def settings(small: Settings, tmp_path: Path) -> Settings:
    """A published home of this test's own."""
    shutil.copytree(small.home, tmp_path / "home")
    return small.model_copy(update={"home": tmp_path / "home"})


def bad(finding: Finding) -> str:
    """What a bad finding says; each says what to do."""
    assert not finding.good, finding
    assert finding.next_step, finding
    return f"{finding.name}: {finding.detail}. {finding.next_step}"


@pytest.mark.slow
def test_the_command_is_all_good_on_a_good_home_and_says_so_in_json(small: Settings) -> None:
    done = martlet("doctor", "--home", small.home, "--json")
    findings = json.loads(done.stdout)
    assert [item for item in findings if not item["good"]] == []
    assert "Landlock (" in next(item for item in findings if item["name"] == "sandbox")["detail"]
    assert (done.returncode, done.stderr, len(findings)) == (0, "", len(LOOKS))


def test_a_home_that_is_not_there_is_told_without_a_fault(tmp_path: Path) -> None:
    nothing = Settings(home=tmp_path / "none", catalog=HERE / "semantic")
    found = {look.__name__: look(nothing) for look in CHEAP}
    assert "martlet build" in bad(found["home_folder"])
    assert "martlet build" in bad(found["build"])
    assert not (tmp_path / "none").exists(), "looking changes nothing"


def test_files_that_everyone_can_write_are_named(settings: Settings) -> None:
    assert home_folder(settings).good
    (settings.home / "published" / "current").chmod(0o666)
    assert "current" in bad(home_folder(settings)) and "chmod" in bad(home_folder(settings))


def test_keys_and_logs_that_others_can_read_are_named(settings: Settings) -> None:
    assert keys(settings).good and audit_log(settings).good
    folder = settings.home / "keys"
    folder.mkdir(mode=0o700)
    (folder / "audit.key").touch(mode=0o644)
    assert "audit.key" in bad(keys(settings))
    log = settings.home / "audit"
    log.mkdir(mode=0o755)
    log.chmod(0o755)
    assert f"chmod -R go-rwx {log}" in bad(audit_log(settings))


def test_a_clock_behind_the_newest_build_is_a_fault(settings: Settings) -> None:
    assert clock(settings).good
    place = settings.home / "published"
    shutil.copytree(store.current(settings.home), place / "29990101T000000Z-00000000")
    assert "29990101" in bad(clock(settings))


def test_room_is_measured_against_the_builds_that_are_kept(settings: Settings) -> None:
    assert disk(settings).good
    with (settings.home / "warehouse.duckdb").open("wb") as stream:
        stream.truncate(1 << 42)  # a sparse file: it takes no room
    assert "KEEP_BUILDS" in bad(disk(settings))


def test_what_a_killed_publisher_left_is_named_and_one_at_work_is_not_blamed(
    settings: Settings,
) -> None:
    half_removed = settings.home / "published" / "20260101T000000Z-00000000"
    for left in (settings.home / ".incoming-1", half_removed):
        left.mkdir()
        assert left.name in leftovers(settings).detail
        left.rmdir()
    (settings.home / "published" / ".building-1").mkdir()
    assert ".building-1" in leftovers(settings).detail
    with hold(settings.home):
        assert "at work" in leftovers(settings).detail


def test_a_changed_file_of_the_build_is_a_fault(settings: Settings) -> None:
    assert build(settings).good
    folder = next((settings.home / "published").glob("2*"))
    (folder / "catalog.json").write_text("{}", encoding="utf-8")
    assert "build.broken" in bad(build(settings))
    assert "build.broken" in bad(sandbox(settings))


def test_a_variable_that_is_no_setting_is_named_with_the_nearest(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARTLET_DEADLINE_SECOND", "3")
    assert "MARTLET_DEADLINE_SECONDS" in bad(variables(settings))


def test_a_port_in_use_is_told_and_is_no_fault(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 8787))
            taken.listen()
        except OSError:
            assert "in use" in port(settings).detail
        finding = port(settings)
    assert finding.good and "--port" in finding.next_step


def test_a_project_that_is_not_where_it_is_looked_for_is_named(settings: Settings) -> None:
    lost = settings.model_copy(update={"project": settings.home / "nowhere"})
    assert "nowhere" in bad(project(lost))


def test_a_project_of_ones_own_is_looked_at_with_the_catalog_beside_it(
    settings: Settings, tmp_path: Path
) -> None:
    own = settings.model_copy(update={"project": tmp_path / "shop", "catalog": None})
    (tmp_path / "shop").mkdir()
    assert project(own).detail == "dbt project shop, no catalog"
    (tmp_path / "shop" / "semantic").mkdir()
    assert project(own).detail == "dbt project shop, catalog semantic"


def test_a_setting_that_does_not_fit_is_wrong_usage_and_names_its_variable() -> None:
    done = martlet("doctor", MARTLET_ROWS="many")
    assert done.returncode == 2
    assert "MARTLET_ROWS" in done.stderr and "Traceback" not in done.stderr
