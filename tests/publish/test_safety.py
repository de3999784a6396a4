"""Whatever happens to a publisher, the last good build stays in force."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from martlet.errors import BuildFailed
from martlet.publish import store
from martlet.publish.lock import hold
from tests.publish.shop import make_database, publish_file, rows

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return make_database(
        tmp_path / "shop.duckdb",
        "create table t as select i as id, md5(i::varchar) as text from range(20000) as r(i)",
    )


def publisher(file: Path, home: Path, how: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.publish.publisher", str(file), str(home), how],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
    )


def leftovers(home: Path) -> list[str]:
    """What lies beside the finished builds and the pointer."""
    known = {"current", *(folder.name for folder in store.build_folders(home))}
    return [path.name for path in (home / "published").iterdir() if path.name not in known]


def test_a_second_publisher_is_told_that_the_first_is_at_work(home: Path, file: Path) -> None:
    good = publish_file(file, home)
    with hold(home), pytest.raises(BuildFailed) as caught:
        publish_file(file, home)
    assert caught.value.code == "build.locked"
    assert store.current(home).name == good.build_id
    assert publish_file(file, home).build_id > good.build_id


@pytest.mark.slow
def test_the_lock_holds_between_processes(home: Path, file: Path) -> None:
    with hold(home):
        second = publisher(file, home)
    assert second.returncode == 1
    assert second.stdout.startswith("build.locked: Another build or publish is at work")
    assert publisher(file, home).returncode == 0


@pytest.mark.parametrize("size", [200_000])
def test_a_full_disk_loses_nothing(home: Path, file: Path, size: int) -> None:
    good = publish_file(file, home)
    full = publisher(file, home, f"size:{size}")
    assert full.stdout.startswith("build.disk: The home cannot be written: File too large.")
    assert full.returncode == 1 and not full.stderr
    assert store.open_build(store.current(home)).state == good
    assert leftovers(home) == []


def test_a_home_that_is_no_folder_is_told(tmp_path: Path, file: Path) -> None:
    (tmp_path / "home").write_text("a file", encoding="utf-8")
    with pytest.raises(BuildFailed) as caught:
        publish_file(file, tmp_path / "home")
    assert caught.value.code == "build.disk"


def test_readers_always_find_a_whole_build_while_builds_are_swapped(home: Path, file: Path) -> None:
    publish_file(file, home)
    done, faults, seen = threading.Event(), list[BaseException](), set[str]()

    def read() -> None:
        try:
            while not done.is_set():
                build = store.open_build(store.current(home))
                seen.add(build.state.build_id)
                assert rows(build.database, "select count(*) from marts.t") == [(20_000,)]
        except (Exception, AssertionError) as fault:
            faults.append(fault)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for _ in range(3):
        publish_file(file, home)
    done.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert len(seen) > 1


def test_what_a_killed_publisher_left_is_swept_by_the_next(home: Path, file: Path) -> None:
    good = publish_file(file, home)
    killed = publisher(file, home, "line:250")
    assert killed.returncode == -signal.SIGKILL
    assert leftovers(home)
    assert store.open_build(store.current(home)).state == good
    assert publish_file(file, home).build_id > good.build_id
    assert leftovers(home) == []


@pytest.mark.slow
def test_a_publisher_killed_at_any_line_leaves_a_build_in_force(home: Path, tmp_path: Path) -> None:
    file = make_database(tmp_path / "little.duckdb")
    publish_file(file, home)
    chance, line, killed = random.Random(7), 0, True
    while killed:
        line += chance.randint(1, 60)
        before = store.current(home).name
        killed = publisher(file, home, f"line:{line}").returncode == -signal.SIGKILL
        opened = store.open_build(store.current(home))
        assert opened.state.build_id >= before
        with duckdb.connect(str(opened.database), read_only=True) as con:
            assert con.execute("select count(*) from marts.fct_orders").fetchall() == [(4,)]
    assert line > 1000
    publish_file(file, home)
    assert leftovers(home) == []
    assert len(store.build_folders(home)) == 3
