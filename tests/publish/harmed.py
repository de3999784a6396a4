"""A home to publish into while things go wrong, and what must be true of it afterwards."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb

from martlet.publish import store
from tests.publish.publisher import Ended, Publishers
from tests.publish.shop import make_database

KEPT = 3
BUILD = {"serving_default.duckdb", "catalog.json", "build.json"}


@dataclass
class Shop:
    """A home, and what is published into it: a mart `t` in which every row says one number."""

    folder: Path
    workers: Publishers
    origin: str = "database"
    rows: int = 50
    number: int = 0

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def write(self) -> None:
        """The next number, where this origin can hold one."""
        self.number += 1
        select = f"select {self.number} as n, md5(i::varchar) as mark from range({self.rows}) t(i)"
        if self.origin == "files":
            (self.folder / "files").mkdir(exist_ok=True)
            duckdb.sql(f"copy ({select}) to '{self.folder / 'files' / 't.csv'}'")
            return
        file = self.folder / "shop.duckdb"
        file.unlink(missing_ok=True)
        make_database(file, f"create table t as {select}")

    def publish(self, trouble: str = "", *, origin: str = "") -> Ended:
        words: dict[str, tuple[object, ...]] = {
            "database": ("--from-database", self.folder / "shop.duckdb"),
            "files": ("--from-files", self.folder / "files"),
            "catalog": ("--catalog-only",),
        }
        given = words[origin or self.origin]
        return self.workers.run("publish", *given, "--home", self.home, trouble=trouble)

    def fill(self, builds: int = KEPT) -> None:
        """Builds; as many as are kept, so that publishing one more forgets one."""
        for _ in range(builds):
            self.write()
            first = "database" if self.origin == "catalog" else self.origin
            assert self.publish(origin=first).code == 0

    def listed(self) -> list[tuple[str, bool]]:
        """What `martlet builds` tells."""
        told = json.loads(self.workers.run("builds", "--json", "--home", self.home).said)
        return [(item["build_id"], item["in_force"]) for item in told]

    def check(self, before: str) -> None:
        """Every build is whole, and one that was or would be in force is."""
        now = store.in_force(self.home)
        builds = [store.open_build(folder) for folder in store.build_folders(self.home)]
        ids = [build.state.build_id for build in builds]
        assert self.listed() == [(name, name == now) for name in ids]
        assert now in (before, ids[0]) and before in ids

    def litter(self) -> list[str]:
        """What lies in the home and belongs to no build."""
        known = {"published", "published/current", "publish.lock", "personal.json"}
        for folder in store.build_folders(self.home):
            own = f"published/{folder.name}"
            known |= {own, *(f"{own}/{name}" for name in BUILD)}
        found = (path.relative_to(self.home) for path in self.home.rglob("*"))
        return [str(path) for path in found if str(path) not in known | _of_a_server(path)]

    def heal(self) -> None:
        """Publish in peace: nothing is left of what was killed."""
        assert self.publish().code == 0
        assert self.litter() == []
        assert len(store.build_folders(self.home)) <= KEPT
        assert store.in_force(self.home) == store.build_folders(self.home)[0].name


def _of_a_server(path: Path) -> set[str]:
    """The path, if a server that looks after the home writes it."""
    known = path.suffix == ".jsonl" or str(path) in ("audit", "keys", "keys/audit.key")
    return {str(path)} if known else set()
