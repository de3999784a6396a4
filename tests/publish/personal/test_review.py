"""Decisions about what looks personal: for what they hold, and when they hold no longer."""

from __future__ import annotations

from pathlib import Path

import pytest

from martlet import review
from martlet.build import Origin, publish_from
from martlet.errors import RequestError
from martlet.flow.build import BuildState
from martlet.flow.personal import Choice
from martlet.publish.personal import reading
from martlet.settings import Settings
from tests.publish.shop import make_database, settings_for

PLACE = "people.info"
MARTS = "create table people as select i as id, 'mail a' || i || '@b.example' as info"
MORE = MARTS.replace("as info", "|| ' or +49 151 9988776' || (i % 10) as info")
LIST = MARTS.replace("as info", "as text").replace(
    "select", "select *, [text] as info from (select"
)
ROWS = " from range(20) as t(i)"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path / "home")


def publish(settings: Settings, marts: str) -> BuildState:
    file = settings.home.parent / "any.duckdb"
    file.unlink(missing_ok=True)
    end = f"{ROWS})" if "from (" in marts else ROWS
    return publish_from(settings, Origin(database=make_database(file, marts + end)))


def decide(settings: Settings, choice: Choice) -> None:
    review.decide(settings, PLACE, choice, who="Ann", why="shared mailboxes", on="2026-03-01")


def columns(state: BuildState) -> list[str]:
    return list(state.marts["people"].columns)


def test_a_decision_to_publish_holds_for_the_kinds_and_the_type_it_was_made_for(
    settings: Settings,
) -> None:
    assert columns(publish(settings, MARTS)) == ["id"]
    decide(settings, "publish")
    assert review.waiting(settings) == []
    assert columns(publish(settings, MARTS)) == ["id", "info"], "it survives a rebuild"
    assert columns(publish(settings, MORE)) == ["id"], "phones were not decided about"
    assert [item.kinds for item in review.waiting(settings)] == [("email", "phone")]
    assert "info" not in columns(publish(settings, LIST)), "it is a list now"
    text = (settings.home / "personal.yml").read_text(encoding="utf-8")
    assert 'who: "Ann"' in text and 'on: "2026-03-01"' in text and 'type: "VARCHAR"' in text


def test_a_decision_to_drop_holds_whatever_is_found(settings: Settings) -> None:
    publish(settings, MARTS)
    decide(settings, "drop")
    for marts in (MARTS, MORE):
        assert columns(publish(settings, marts)) == ["id"]
    assert review.waiting(settings) == []
    with pytest.raises(RequestError, match="who decided"):
        review.decide(settings, PLACE, "publish", who=" ", why="x")


def test_a_mart_that_was_searched_by_a_sample_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, MARTS)
    assert review.sampled(settings) == ()
    monkeypatch.setattr(reading, "SCANNED_VALUES", 10)
    assert columns(publish(settings, MARTS)) == ["id"]
    assert review.sampled(settings) == ("people",)
    assert all(item.sampled for item in review.waiting(settings))
