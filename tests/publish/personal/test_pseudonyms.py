"""Keyed pseudonyms: they count and join, and no value is published when the key is not right."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import stat
from pathlib import Path

import pytest

from martlet.errors import BuildFailed
from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog, Column, Mart
from tests.publish.shop import make_database, publish_file, published_database, rows

MARTS = """
create table people as select * from (values (1, 'ann@a.example'), (2, 'bob@b.example'), (3, null),
    (4, 'ann@a.example')) as t(id, email);
create table visits as select 'ann@a.example' as email, 7 as pages;
"""
KEYED = (Column(name="email", pii="pseudonym"),)
CATALOG = Catalog(
    name="c", marts={name: Mart(name=name, columns=KEYED) for name in ("people", "visits")}
)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return make_database(tmp_path / "any.duckdb", MARTS)


def publish(database: Path) -> BuildState:
    return publish_file(database, database.parent / "home", CATALOG)


def emails(database: Path, state: BuildState, mart: str = "people") -> list[object]:
    file = published_database(database.parent / "home", state)
    return [row[0] for row in rows(file, f"select email from marts.{mart} order by rowid")]


def key_of(database: Path) -> Path:
    return database.parent / "home" / "keys" / "default.key"


def test_a_pseudonym_is_the_hmac_of_the_value_the_same_in_every_mart_and_null_for_null(
    database: Path,
) -> None:
    state = publish(database)
    key = bytes.fromhex(key_of(database).read_text(encoding="ascii").strip())
    expected = hmac.new(key, b"ann@a.example", hashlib.sha256).hexdigest()[:32]
    ann, bob, nobody, again = emails(database, state)
    assert (ann, again, nobody) == (expected, expected, None) and bob != ann
    assert emails(database, state, "visits") == [expected]
    assert state.marts["people"].pseudonyms == ("email",)
    assert stat.S_IMODE(key_of(database).stat().st_mode) == 0o600


def test_after_a_rotation_old_and_new_pseudonyms_do_not_join_and_the_build_says_which_key(
    database: Path,
) -> None:
    before = publish(database)
    assert emails(database, publish(database)) == emails(database, before)
    key_of(database).write_text(secrets.token_hex(32), encoding="ascii")
    after = publish(database)
    assert not {*emails(database, before)} & {*emails(database, after)} - {None}
    assert len({*emails(database, after)}) == len({*emails(database, before)}) == 3
    assert before.pseudonym_key != after.pseudonym_key
    key = key_of(database).read_text(encoding="ascii").strip()
    assert after.pseudonym_key and after.pseudonym_key not in key


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (lambda key: key.chmod(0o640), "chmod 600"),
        (lambda key: key.chmod(0o604), "chmod 600"),
        (lambda key: key.write_text("", encoding="ascii"), "is not a key"),
        (lambda key: key.write_text("ab" * 31, encoding="ascii"), "is not a key"),
        (lambda key: key.unlink(), "is gone"),
        (lambda key: (key.rename(key.with_suffix(".x")), key.mkdir()), "is not a key"),
        (
            lambda key: (key.rename(key.with_suffix(".x")), key.symlink_to("default.x")),
            "is not a key",
        ),
    ],
    ids=["group reads it", "all read it", "empty", "short", "lost", "a folder", "a link"],
)
def test_a_key_that_is_not_right_publishes_nothing(
    database: Path, break_it: object, told: str
) -> None:
    before = publish(database)
    assert callable(break_it)
    break_it(key_of(database))
    with pytest.raises(BuildFailed, match=told):
        publish(database)
    builds = sorted((database.parent / "home" / "published").glob("2*"))
    assert [folder.name for folder in builds] == [before.build_id], "the last good one is left"
