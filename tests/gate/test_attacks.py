"""Attacks are refused, the refusals teach, and none of them tells what lies beside the marts."""

from __future__ import annotations

import pytest

from martlet.engines.duckdb import DuckDbEngine
from martlet.errors import RequestError
from martlet.flow.query import Scope
from tests.gate.asking import HERE, ask
from tests.gate.attacks import Attack, read_attacks

# What lies beside the marts; a refusal says such a name only where the caller wrote it.
HIDDEN = (
    *("app_tokens", "payments", "stg_orders", "v_secret", "secret_enum", "secret_seq", "leak"),
    *("api_secret", "card_number", "internal_note", "password_hash", "email", "CANARY"),
)


KINDS = {
    f"{path.stem}: {attack.kind}": [one for one in attacks if one.kind == attack.kind]
    for path in sorted((HERE / "attacks").glob("*.sql"))
    for attacks in [read_attacks(path)]
    for attack in attacks
}


def refusal_of(sql: str, scope: Scope, engine: DuckDbEngine) -> RequestError | None:
    try:
        ask(sql, scope, engine)
    except RequestError as refused:
        return refused
    return None


@pytest.mark.parametrize("attacks", KINDS.values(), ids=KINDS)
def test_an_attack_is_refused_with_its_code_and_the_reader_is_taught(
    attacks: list[Attack], scope: Scope, engine: DuckDbEngine
) -> None:
    wrong = []
    for attack in attacks:
        refused = refusal_of(attack.sql, scope, engine)
        if refused is None or refused.code != attack.code:
            wrong.append((attack.sql, "is answered by", str(refused)))
            continue
        # Only DuckDB's own words come without a place, and a text without any word.
        is_placed = refused.where.startswith("line ") or attack.code in ("sql.failed", "sql.syntax")
        if not is_placed and refused.message != "There is no query.":
            wrong.append((attack.sql, "has no place", str(refused)))
        if not refused.next_step:
            wrong.append((attack.sql, "teaches nothing", str(refused)))
        if told := [name for name in HIDDEN if name in str(refused) and name not in attack.sql]:
            wrong.append((attack.sql, "tells", str(told)))
    assert wrong == []


@pytest.mark.parametrize(
    ("hidden", "missing"),
    [("app_tokens", "axx_tokens"), ("raw.payments", "raw.paxxents"), ("email", "exxxl")],
)
def test_what_is_hidden_and_what_does_not_exist_are_refused_alike(
    hidden: str, missing: str, scope: Scope, engine: DuckDbEngine
) -> None:
    every = [one.sql for attacks in KINDS.values() for one in attacks if hidden in one.sql]
    texts = [sql for sql in every if sql.lower().count(hidden) == sql.count(hidden)]
    assert len(texts) > 10
    for sql in texts:
        one = str(refusal_of(sql, scope, engine))
        other = str(refusal_of(sql.replace(hidden, missing), scope, engine))
        assert one.replace(hidden, missing) == other


def test_there_are_attacks_of_every_kind() -> None:
    assert sum(len(attacks) for attacks in KINDS.values()) > 600
