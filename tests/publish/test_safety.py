"""Whatever happens to a publisher, the last good build stays in force."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from martlet.errors import BuildFailed
from martlet.publish import store
from martlet.publish.lock import hold
from tests.publish.shop import make_database, publish_file, rows

LONGER = "create table t as select i as id, md5(i::varchar) as text from range(20000) as r(i)"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return make_database(tmp_path / "shop.duckdb", "create table t as select 1 as id")


def test_a_second_publisher_is_told_that_the_first_is_at_work(home: Path, file: Path) -> None:
    good = publish_file(file, home)
    with hold(home), pytest.raises(BuildFailed) as caught:
        publish_file(file, home)
    assert caught.value.code == "build.locked"
    assert store.current(home).name == good.build_id
    assert publish_file(file, home).build_id > good.build_id


@pytest.mark.slow
def test_of_publishers_that_start_at_once_each_publishes_or_is_refused(tmp_path: Path) -> None:
    file, home = make_database(tmp_path / "shop.duckdb", LONGER), tmp_path / "home"
    words = ("publish", "--from-database", str(file), "--home", str(home))
    command = [sys.executable, "-m", "martlet", *words]
    racers = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(5)]
    told = [racer.communicate()[1] for racer in racers]
    refused = [text for racer, text in zip(racers, told, strict=True) if racer.returncode]
    assert {racer.returncode for racer in racers} <= {0, 1} and len(refused) < len(racers)
    assert all(text.startswith("build.locked: Another build or publish is") for text in refused)
    assert len(store.build_folders(home)) == min(len(racers) - len(refused), 3)
    with hold(home):
        late = subprocess.run(command, capture_output=True, text=True, check=False)
    assert late.returncode == 1 and late.stderr.startswith("build.locked")


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
                assert rows(build.database, "select count(*) from marts.t") == [(1,)]
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
