"""What the log keeps of a text, and what it hides."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.audit.entry import Decision
from martlet.audit.lexer import Piece, pieces
from martlet.audit.redact import LONGEST, Redactor
from martlet.audit.vocabulary import Vocabulary

NAMES = (
    *("marts", "fct_orders", "order_key", "status", "channel", "60_day_ltv", "email"),
    *("gross sales", "order__channel", "revenue"),
)
KNOWN = Vocabulary(
    names=frozenset(NAMES),
    words=frozenset(word for name in NAMES for word in re.findall(r"[a-z]+", name)),
    values=frozenset({"paid", "refunded", "meta"}),
)
REDACTOR = Redactor(b"k" * 32, KNOWN)
MARK = re.compile(r"#[0-9a-f]{8}")

Case = tuple[str, Decision, str, str, str]


def cases() -> list[Case]:
    text = (Path(__file__).parent / "cases.txt").read_text(encoding="utf-8")
    found = []
    for block in text.split("\n== ")[1:]:
        title, ended, rest = block.split("\n", 2)
        given_text, expected = rest.strip().split("\n=>\n")
        decision, _, code = ended.removeprefix("-- ").partition(" ")
        assert decision in get_args(Decision)
        found.append((title, decision, code, given_text, expected))
    return found


@pytest.mark.parametrize("case", cases(), ids=lambda case: case[0])
def test_case(case: Case) -> None:
    _, decision, code, text, expected = case
    assert MARK.sub("#", REDACTOR.sql(text, decision, code)) == expected


def test_equal_values_have_equal_marks_whatever_their_case_and_another_key_gives_others() -> None:
    mark = REDACTOR.mark("jane@example.com")
    assert REDACTOR.sql("select ' Jane@Example.com '", "answered") == f"select '{mark}'"
    assert Redactor(b"o" * 32, KNOWN).mark("jane@example.com") != mark


def test_a_text_beyond_the_longest_is_only_its_mark_and_length() -> None:
    kept = REDACTOR.sql("select 1 -- jane " + "x" * LONGEST, "refused", "sql.too_long")
    assert re.fullmatch(r"#[0-9a-f]{8} \(\d+ characters\)", kept)


def test_questions_keep_names_and_common_words_alone() -> None:
    kept = REDACTOR.words(
        "revenue by channel of Jane Doe, jane@example.com, +49 170 1234567 in 2026"
    )
    assert MARK.sub("#", kept) == "revenue by channel of # #, #, +49 # # in 2026"


def test_arguments_are_kept_by_what_they_are() -> None:
    kept = REDACTOR.arguments(
        {
            "metrics": '["revenue"]',
            "by": ["order__channel", "Jane"],
            "where": ["order__channel = 'meta' and email = 'jane@example.com'"],
            "start": "2026-09-01",
            "end": "jane",
            "like": "Jane",
            "limit": 20,
            "explain": True,
            "jane": {"x": ["Jane"]},
            "sql": "is recorded apart",
        },
        "answered",
    )
    jane, address = REDACTOR.mark("jane"), REDACTOR.mark("jane@example.com")
    assert kept == {
        "metrics": '["revenue"]',
        "by": ["order__channel", jane],
        "where": [f"order__channel = 'meta' and email = '{address}'"],
        "start": "2026-09-01",
        "end": jane,
        "like": jane,
        "limit": 20,
        "explain": True,
        jane: kept[jane],
    }
    assert MARK.fullmatch(str(kept[jane]))


@given(st.text(st.sampled_from("ab'\"$-/*\\@.#1e \n;é‘E")))
def test_the_pieces_of_any_text_are_the_text(text: str) -> None:
    assert "".join(piece.text for piece in pieces(text)) == text


@given(
    before=st.text(st.sampled_from("ab'\"$-/*\\@.1eE \n;(,=")),
    after=st.text(st.sampled_from("ab'\"$-/*\\@.1eE \n;(,=")),
    quotes=st.sampled_from(["'{}'", '"{}"', "$${}$$", "E'{}'", " {} ", "/*{}*/", "--{}\n"]),
)
def test_in_a_refused_text_a_value_is_hidden_whatever_stands_around_it(
    before: str, after: str, quotes: str
) -> None:
    text = before + quotes.format("Zwetschge zwetschge@example.org 4917099") + after
    kept = REDACTOR.sql(text, "refused", "sql.syntax").casefold()
    assert "zwetschge" not in kept and "4917099" not in kept


def test_hostile_texts_take_no_longer_than_plain_ones() -> None:
    for unit in ("a.", "'", "$a", "/*", "1.", "-", '"', "%+", "a@", "E'\\"):
        text = unit * (LONGEST // len(unit) // 2)
        assert REDACTOR.sql(text, "refused", "sql.syntax")


def test_what_a_literal_holds_is_read_without_its_marks() -> None:
    texts = ("'O''Hara'", "$$x$$", "$t$x$t$", "E'x'", '"a""b"', "-- x", "/* x */", "'open")
    values = [Piece(piece.kind, piece.text).value for text in texts for piece in pieces(text)]
    assert [value.strip() for value in values] == ["O'Hara", "x", "x", "x", 'a"b', "x", "x", "open"]
