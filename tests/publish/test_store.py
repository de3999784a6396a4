"""Builds as they are kept: one in force, verified when opened, rolled back, forgotten in time."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from martlet.errors import BuildFailed, MartletError, Unavailable, UnknownName
from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog, Column, Mart
from martlet.publish import store
from martlet.publish.database import source_from_database
from martlet.publish.publish import publish
from martlet.publish.republish import source_from_build
from tests.publish.shop import (
    SHOP,
    make_database,
    publish_file,
    publish_source,
    rows,
    settings_for,
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return make_database(tmp_path / "shop.duckdb")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one build, to be copied and damaged."""
    folder = tmp_path_factory.mktemp("published")
    publish_file(make_database(folder / "shop.duckdb"), folder / "home")
    return folder / "home"


def ids(home: Path) -> list[str]:
    return [state.build_id for state in store.builds(home)]


def test_before_the_first_build_the_next_step_is_told(home: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        store.current(home)
    assert caught.value.code == "build.missing"
    assert "martlet build" in caught.value.next_step
    assert store.builds(home) == []


def test_a_build_is_opened_as_it_was_published(home: Path, file: Path) -> None:
    state = publish_file(file, home, Catalog(name="shop", hash="abc"))
    opened = store.open_build(store.current(home))
    assert (opened.state, opened.catalog.name) == (state, "shop")
    assert rows(opened.database, "select count(*) from marts.fct_orders") == [(4,)]
    assert {path.name for path in opened.folder.iterdir()} == {*state.files, "build.json"}
    assert (state.catalog_hash, state.built_at) == ("abc", "2026-03-01T12:00:00+00:00")


def break_database(folder: Path) -> None:
    with (folder / "serving_default.duckdb").open("r+b") as stream:
        stream.seek(20_000)
        stream.write(b"!")


def shorten_database(folder: Path) -> None:
    with (folder / "serving_default.duckdb").open("r+b") as stream:
        stream.truncate(4096)


def edit_state(folder: Path) -> None:
    content = json.loads((folder / "build.json").read_text(encoding="utf-8"))
    content["marts"]["fct_orders"]["row_count"] = 5
    (folder / "build.json").write_text(json.dumps(content), encoding="utf-8")


def point_outside(folder: Path) -> None:
    content = json.loads((folder / "build.json").read_text(encoding="utf-8"))
    content["files"] = {"../../other.duckdb": "0" * 64}
    (folder / "build.json").write_text(json.dumps(content), encoding="utf-8")


def link_elsewhere(folder: Path) -> None:
    """Another database, of the same marts and size, behind the name of the published one."""
    file = folder / "serving_default.duckdb"
    other = folder.parent.parent / "other.duckdb"
    shutil.copy(file, other)
    with other.open("r+b") as stream:
        stream.seek(20_000)
        stream.write(b"!")
    file.unlink()
    file.symlink_to(other)


@pytest.mark.parametrize(
    "damage",
    [
        break_database,
        link_elsewhere,
        shorten_database,
        edit_state,
        point_outside,
        lambda folder: (folder / "catalog.json").write_text('{"name": "x"}', encoding="utf-8"),
        lambda folder: (folder / "catalog.json").unlink(),
        lambda folder: (folder / "build.json").unlink(),
        lambda folder: (folder / "build.json").write_text("{", encoding="utf-8"),
        shutil.rmtree,
    ],
)
def test_a_build_that_was_changed_is_refused(
    published: Path, home: Path, damage: Callable[[Path], object]
) -> None:
    shutil.copytree(published, home)
    store.open_build(store.current(home))
    damage(store.current(home))
    with pytest.raises(Unavailable) as caught:
        store.open_build(store.current(home))
    assert caught.value.code == "build.broken"
    assert str(home) not in str(caught.value)


@pytest.mark.parametrize("text", ["", "../../etc", "20260301T120000Z-00000000", "x\ny"])
def test_a_pointer_to_nowhere_is_a_broken_build(published: Path, home: Path, text: str) -> None:
    shutil.copytree(published, home)
    (home / "published" / "current").write_text(text, encoding="utf-8")
    with pytest.raises(Unavailable) as caught:
        store.current(home)
    assert caught.value.code == "build.broken"


def test_builds_sort_by_age_even_when_the_clock_stands_still(home: Path, file: Path) -> None:
    made = [publish_file(file, home, keep_builds=9).build_id for _ in range(4)]
    assert ids(home) == sorted(made, reverse=True) == made[::-1]
    assert store.current(home).name == made[-1]


def test_rolling_back_puts_the_build_before_in_force_and_the_next_publish_goes_on(
    home: Path, file: Path
) -> None:
    first, second = (publish_file(file, home).build_id for _ in range(2))
    assert store.roll_back(home, None).build_id == first
    assert store.current(home).name == first
    with pytest.raises(UnknownName, match="no earlier build"):
        store.roll_back(home, None)
    assert store.roll_back(home, second).build_id == second
    with pytest.raises(UnknownName, match="There is no build"):
        store.roll_back(home, "20200101T000000Z-00000000")
    assert publish_file(file, home).build_id > second


@pytest.mark.parametrize("lost", ["folder", "pointer"])
def test_when_the_build_in_force_is_gone_the_one_before_can_be_put_in_force(
    home: Path, file: Path, lost: str
) -> None:
    first, second = (publish_file(file, home).build_id for _ in range(2))
    if lost == "folder":
        shutil.rmtree(home / "published" / second)
    else:
        (home / "published" / "current").write_text("~", encoding="utf-8")
    with pytest.raises(Unavailable, match="rollback previous"):
        store.current(home)
    back = store.roll_back(home, None).build_id
    assert store.current(home).name == back == (first if lost == "folder" else second)


def test_a_half_removed_build_is_none_and_goes_with_the_next_publish(
    home: Path, file: Path
) -> None:
    first, second = (publish_file(file, home).build_id for _ in range(2))
    (home / "published" / first / "build.json").unlink()
    assert ids(home) == [second]
    with pytest.raises(UnknownName, match="no earlier build"):
        store.roll_back(home, None)
    publish_file(file, home)
    assert not (home / "published" / first).exists()


def test_a_broken_build_is_not_rolled_back_to(home: Path, file: Path) -> None:
    first, second = (publish_file(file, home).build_id for _ in range(2))
    break_database(home / "published" / first)
    with pytest.raises(Unavailable, match="cannot be used"):
        store.roll_back(home, None)
    assert store.current(home).name == second
    (home / "published" / first / "build.json").write_text("{", encoding="utf-8")
    assert ids(home) == [second]


def test_only_the_last_builds_are_kept_and_never_is_the_one_in_force_removed(
    home: Path, file: Path
) -> None:
    made = [publish_file(file, home, keep_builds=2).build_id for _ in range(3)]
    assert ids(home) == made[:0:-1]
    oldest = store.roll_back(home, made[1]).build_id
    newest = publish_file(file, home, keep_builds=1).build_id
    assert ids(home) == [newest] and oldest != newest


def test_a_database_that_is_open_can_be_read_to_the_end_after_its_build_is_gone(
    home: Path, file: Path
) -> None:
    publish_file(file, home, keep_builds=1)
    with duckdb.connect(str(store.open_build(store.current(home)).database), read_only=True) as con:
        publish_file(file, home, keep_builds=1)
        assert len(store.build_folders(home)) == 1
        assert con.execute("select sum(order_total) from marts.fct_orders").fetchall()


def test_a_changed_catalog_is_published_over_the_same_data(home: Path, tmp_path: Path) -> None:
    file = make_database(tmp_path / "shop.duckdb", SHOP)
    first = publish_file(file, home, _saying(pii=False), hide=["dim_customers.country"])
    assert "email" in first.marts["dim_customers"].columns
    file.unlink()
    catalog = _saying(pii=True)
    second = publish_source(source_from_build(store.open_build(store.current(home))), home, catalog)
    assert second.marts["dim_customers"].withheld == (
        "email: personal data",
        "country: hidden",
    )
    assert second.marts["fct_orders"] == first.marts["fct_orders"]
    assert store.open_build(store.current(home)).catalog.name == "new"
    assert b"CANARY" not in store.open_build(store.current(home)).database.read_bytes()


def test_data_that_is_published_again_keeps_the_clock_it_was_judged_by(
    home: Path, file: Path
) -> None:
    first = publish_file(file, home, freshness_clock="data")
    again = source_from_build(store.open_build(store.current(home)))
    assert publish_source(again, home, freshness_clock="wall").freshness_clock == "data"
    assert first.freshness_clock == "data"


def _saying(*, pii: bool) -> Catalog:
    columns = (Column(name="email", pii=pii),)
    return Catalog(name="new", marts={"dim_customers": Mart(name="dim_customers", columns=columns)})


def test_a_catalog_that_cannot_be_bound_leaves_the_build_in_force(home: Path, file: Path) -> None:
    good = publish_file(file, home)

    def refuse(catalog: Catalog, state: BuildState) -> Catalog:
        raise BuildFailed("catalog.invalid", f"{catalog.name} fits none of {len(state.marts)}.")

    with pytest.raises(MartletError, match="fits none of 2"):
        publish(
            source_from_database(file, "marts", []),
            Catalog(name="bad"),
            home,
            settings_for(home),
            bind=refuse,
        )
    assert store.current(home).name == good.build_id
    assert [path.name for path in (home / "published").iterdir() if path.is_dir()] == ids(home)
