"""Attribution against the true paths, and its Markov chain against one in plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from martlet.catalog.load import load_catalog
from martlet.flow.catalog import Catalog
from martlet.flow.query import Rows
from martlet.trust.additivity import additivity
from tests.transforms.conftest import Ask
from tests.trust.asking import ask as ask_check

DAILY = "attribution_by_channel_daily"
TOUCHES = "mrt__marketing__attributed_touchpoints"

START, WON, LOST = "(start)", "(conversion)", "(null)"
Steps = dict[str, Counter[str]]

# What says who converted: truth knows of each identifier whether the data ties it to the person.
COMPARED = """
with
    identities as (
        select order_key as conversion_id, identifier_key from intermediate.int_order_identities
        union all
        select 'crm:' || deal_id, 'crm_contact:' || min(contact_id)
        from staging.base__crm__deal_contacts where is_primary_contact group by deal_id
    )
select
    truth.conversion_type,
    coalesce(linkable, false) as is_linkable,
    truth.channel_path as true_path,
    coalesce(paths.channel_path, []) as our_path
from truth.conversions as truth
left join intermediate.int_touchpoint_paths as paths using (conversion_id)
left join identities using (conversion_id)
left join truth.person_identifiers as identifiers
    on identifiers.person_id = truth.person_id
    and identifier_type || ':' || identifier_value = identifier_key
"""


def test_conversions_are_the_true_ones_to_the_cent(ask: Ask) -> None:
    ours = "select conversion_id, conversion_type, converted_at, conversion_value"
    truth = "select conversion_id, conversion_type, converted_at, amount from truth.conversions"
    ours += " from intermediate.int_conversions"
    assert ask(f"({ours}) except all ({truth})") == []
    assert ask(f"({truth}) except all ({ours})") == []
    assert dict(ask(f"select conversion_type, count(*) > 100 from ({truth}) group by 1")) == {
        "order": True,
        "deal": True,
    }


def test_the_path_of_everyone_whom_the_data_knows_is_the_true_one(ask: Ask) -> None:
    """Where the buyer's own identifier is tied to the person, the path is the true one exactly.

    Else truth knows more than the data can tell, or counts a form's device out that it does tell.
    """
    known, wrong, with_path = ask(f"""
        select count(*), count_if(true_path != our_path), count_if(len(true_path) > 0)
        from ({COMPARED}) where is_linkable""")[0]
    assert (known > 9_000, wrong, with_path > 3_000) == (True, 0, True)
    everyone, same = ask(f"select count(*), count_if(true_path = our_path) from ({COMPARED})")[0]
    assert same / everyone > 0.985


def test_no_touch_is_a_session_of_somebody_else(ask: Ask) -> None:
    """A device of two people may be tied to one of them; nobody else's session is a touch."""
    touches, foreign = ask("""
        select count(*), count_if(devices.identifier_value is null)
        from intermediate.int_touchpoints as touches
        inner join truth.conversions using (conversion_id)
        inner join marts.mrt__marketing__web_sessions using (session_key)
        left join truth.person_identifiers as devices
            on devices.identifier_type = 'ga4_user_pseudo_id'
            and devices.identifier_value = user_pseudo_id
            and devices.person_id = conversions.person_id""")[0]
    assert touches > 10_000 and foreign == 0


def test_the_markov_chain_in_sql_is_that_of_plain_python(ask: Ask) -> None:
    paths = ask("select channel_path, is_converting from intermediate.int_touchpoint_paths")
    steps = transitions(paths)
    whole = conversions_without(None, steps)
    effects = {
        channel: 1 - conversions_without(channel, steps) / whole
        for channel in steps
        if channel != START
    }
    total = sum(effects.values())
    found = ask("select channel, removal_effect, removal_share from"
                " intermediate.int_channel_removal_effects")  # fmt: skip
    assert {channel for channel, _, _ in found} == set(effects)
    for channel, effect, share in found:
        assert abs(float(effect) - effects[channel]) < 1e-9
        assert abs(float(share) - effects[channel] / total) < 1e-9


def transitions(paths: Iterable[tuple[list[str], bool]]) -> Steps:
    """How often each state follows another; a channel that follows itself is one visit."""
    steps: Steps = defaultdict(Counter)
    for path, is_converting in paths:
        states = [START, *path, WON if is_converting else LOST]
        for before, after in zip(states, states[1:], strict=False):
            if before != after:
                steps[before][after] += 1
    return steps


def conversions_without(removed: str | None, steps: Steps) -> float:
    """The share of all who start that convert, when nobody gets past the removed channel."""
    under_way, won = {START: 1.0}, 0.0
    while sum(under_way.values()) > 1e-16:
        moved: dict[str, float] = defaultdict(float)
        for state, mass in under_way.items():
            for after, count in steps[state].items():
                part = mass * count / steps[state].total()
                if after == WON:
                    won += part
                elif after not in (LOST, removed):
                    moved[after] += part
        under_way = moved
    return won


@pytest.fixture(scope="module")
def shipped() -> Catalog:
    return load_catalog(Path(__file__).parents[2] / "semantic")


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        (f"select sum(attributed_revenue) from {DAILY}", "mixes 8 different values of `model`"),
        (f"select channel, sum(spend) from {DAILY} group by channel", "Group by `model`"),
        (f"select sum(conversion_value) from {TOUCHES}", "`conversion_value`"),
        (f"select sum(attributed_orders) from {DAILY} where model = 'markov'", ""),
        (f"select model, sum(attributed_value) from {DAILY} group by model", ""),
        (f"select channel, sum(weight_markov) from {TOUCHES} group by channel", ""),
        (f"select sum(attributed_value_linear) from {TOUCHES}", ""),
    ],
)
def test_credits_of_several_models_are_never_added_in_silence(
    shipped: Catalog, sql: str, words: str
) -> None:
    columns = {
        name: tuple(column.name for column in shipped.marts[name].columns)
        for name in (DAILY, TOUCHES)
    }
    caveat = ask_check(additivity, sql, shipped, columns, lambda _: Rows((), ((8,),))).caveat
    assert words in caveat if words else not caveat


def test_no_metric_adds_up_two_models(shipped: Catalog) -> None:
    """A metric of the daily table names the one model that it counts."""
    counted = [metric for metric in shipped.metrics.values() if metric.mart == DAILY]
    assert counted and all("model = '" in metric.expr for metric in counted)


def test_what_a_model_gives_is_added_up_exactly(warehouse: Path, manifest: dict[str, Any]) -> None:
    """A sum of floating-point numbers depends on their order, and no order is kept of touches."""
    model = manifest["nodes"]["model.martlet_shop.mrt__marketing__attributed_touchpoints"]
    before, found, _ = model["compiled_code"].partition("weighted as (")
    assert found
    scored = f"{before.rstrip().rstrip(',')} select columns('^score_') from scored"
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        types = connection.execute(f"select column_type from (describe {scored})").fetchall()
    assert len(types) == 8
    assert {kind for (kind,) in types} == {"INTEGER", "DECIMAL(18,17)"}
