"""A disk that is full at any step: told with how much was needed, and nothing lost or left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from martlet.errors import BuildFailed
from martlet.publish import store
from martlet.publish.personal.pseudonym import load_key
from martlet.publish.room import size_of
from tests.full import full_disk
from tests.publish.harmed import Shop
from tests.publish.publisher import Ended, Publishers

TOLD = re.compile(
    r"build\.disk: The home cannot be written: (File too large|No space left on device)"
    r"(, after [\d.]+ MB( of about [\d.]+ MB)?)?\.\n"
    r"Next: Make room or give this user the folder; what is published now stays in force\.\n"
)


def refused(shop: Shop, trouble: str) -> Ended:
    """Publish in trouble: either it was refused, as it should be, or it made it."""
    before, size = store.in_force(shop.home), size_of(shop.home)
    ended = shop.publish(trouble)
    assert shop.litter() == []
    if ended.code:
        assert (ended.code, TOLD.fullmatch(ended.said) is not None) == (1, True), ended.said
        assert store.in_force(shop.home) == before
        assert size_of(shop.home) == size
    else:
        assert store.in_force(shop.home) > before
    store.open_build(store.current(shop.home))
    return ended


def test_a_full_disk_is_told_with_how_much_was_needed_and_loses_nothing(
    tmp_path: Path, workers: Publishers
) -> None:
    shop = Shop(tmp_path, workers)
    shop.fill(1)
    assert "of about 0.5 MB" in refused(shop, "full:checkpoint").said


def test_a_full_disk_leaves_no_half_key_of_pseudonyms(tmp_path: Path) -> None:
    with full_disk(10), pytest.raises(BuildFailed, match="File too large"):
        load_key(tmp_path, "default")
    assert list((tmp_path / "keys").iterdir()) == []
    key = load_key(tmp_path, "default")
    assert (len(key), load_key(tmp_path, "default")) == (32, key)


@pytest.mark.slow
@pytest.mark.parametrize("origin", ["database", "files", "catalog"])
def test_the_disk_is_full_from_any_step_on(
    tmp_path: Path, workers: Publishers, origin: str
) -> None:
    shop = Shop(tmp_path, workers, origin)
    shop.fill()
    steps = shop.publish().steps
    ends = [refused(shop, f"full:{number}").code for number in range(len(steps) + 1)]
    pointing = next(number for number, step in enumerate(steps) if ".current." in step)
    assert set(ends[:pointing]) == {1} and ends[-1] == 0


@pytest.mark.slow
def test_the_disk_is_full_in_any_block_that_is_written(tmp_path: Path, workers: Publishers) -> None:
    shop = Shop(tmp_path, workers, rows=20_000)
    shop.fill()
    size, full = 0, True
    while full:
        full = refused(shop, f"size:{size}").code == 1
        size += 50_000
    assert size > 500_000
    catalog = Shop(tmp_path, workers, "catalog")  # whose files are all small
    ends = [refused(catalog, f"size:{size}").code for size in range(0, 20_000, 1_250)]
    assert ends[0] == 1 and ends[-1] == 0
