"""Small changes to a text, and two texts made one; most leave it nearly SQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from tests.gate.fuzz.differentials import BLANK_LETTERS, CONTROLS, JOINERS, LOOKALIKES, SEPARATORS
from tests.gate.fuzz.grammar import CALLS, FOREIGN_CALLS, MARTS, SECRETS, VALUES

TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*\n?|/\*.*?\*/|\w+|\s+|.", re.DOTALL)
WORDS = tuple(
    TOKEN.findall(
        "select from where group by having order limit union all except with recursive as using "
        "materialized join lateral on positional asof semi anti natural pivot unpivot in values "
        "table describe summarize distinct qualify window over filter exclude replace rename at "
        "columns unnest sample exists any not null is case when then else end cast try_cast "
        "collate default lambda recurring"
    )
) + tuple(
    [
        "(",
        ")",
        ",",
        ".",
        ";",
        "*",
        "::",
        "->",
        ":=",
        "=>",
        "=",
        "|",
        "||",
        "&",
        "#",
        "$1",
        "?",
        "@",
        "[",
        "]",
        "{",
        "}",
        "--",
        "/*",
        "*/",
        "'",
        '"',
        "$$",
        "\\",
        "`",
        "%",
    ]
)
MARKS = JOINERS + SEPARATORS + CONTROLS + BLANK_LETTERS
TABLE = re.compile(r"\b(?:marts\.)?(?:" + "|".join(MARTS) + r")\b")


def tokens_of(text: str) -> list[str]:
    return TOKEN.findall(text)


def delete_token(chance: Random, text: str, other: str) -> str:
    tokens = tokens_of(text)
    del tokens[chance.randrange(len(tokens))]
    return "".join(tokens)


def repeat_token(chance: Random, text: str, other: str) -> str:
    tokens = tokens_of(text)
    place = chance.randrange(len(tokens))
    return "".join((*tokens[: place + 1], " ", *tokens[place:]))


def swap_tokens(chance: Random, text: str, other: str) -> str:
    tokens = tokens_of(text)
    one, two = chance.randrange(len(tokens)), chance.randrange(len(tokens))
    tokens[one], tokens[two] = tokens[two], tokens[one]
    return "".join(tokens)


def insert_word(chance: Random, text: str, other: str) -> str:
    tokens = tokens_of(text)
    word = chance.choice(chance.choice((WORDS, VALUES, SECRETS, tokens_of(other) or WORDS)))
    tokens.insert(chance.randrange(len(tokens) + 1), f" {word} ")
    return "".join(tokens)


def replace_token(chance: Random, text: str, other: str) -> str:
    tokens = tokens_of(text)
    tokens[chance.randrange(len(tokens))] = chance.choice(tokens_of(other) or WORDS)
    return "".join(tokens)


def insert_mark(chance: Random, text: str, other: str) -> str:
    place = chance.randrange(len(text) + 1)
    return text[:place] + chance.choice(MARKS) + text[place:]


def replace_letter(chance: Random, text: str, other: str) -> str:
    places = [i for i, letter in enumerate(text) if letter in LOOKALIKES]
    if not places:
        return text
    place = chance.choice(places)
    return text[:place] + LOOKALIKES[text[place]] + text[place + 1 :]


def aim_elsewhere(chance: Random, text: str, other: str) -> str:
    """One table becomes another, perhaps one that is not published."""
    places = list(TABLE.finditer(text))
    if not places:
        return text
    place = chance.choice(places)
    name = chance.choice((*SECRETS, *MARTS))
    return text[: place.start()] + name + text[place.end() :]


def call_instead(chance: Random, text: str, other: str) -> str:
    """One word becomes a call."""
    tokens = tokens_of(text)
    words = [i for i, token in enumerate(tokens) if token.isidentifier()]
    if not words:
        return text
    place = chance.choice(words)
    tokens[place] = chance.choice((*CALLS, *FOREIGN_CALLS)).replace("{}", tokens[place])
    return "".join(tokens)


def requote(chance: Random, text: str, other: str) -> str:
    """One word gains or loses its quotes, or changes its case."""
    tokens = tokens_of(text)
    words = [i for i, token in enumerate(tokens) if token.strip("\"'").isidentifier()]
    if not words:
        return text
    place = chance.choice(words)
    word = tokens[place].strip("\"'")
    tokens[place] = chance.choice([f'"{word}"', f"'{word}'", word, word.upper(), f"{word}.{word}"])
    return "".join(tokens)


def wrap(chance: Random, text: str, other: str) -> str:
    name = chance.choice(("a", "customers", "app_tokens", "payments"))
    form = chance.choice(
        (
            "select * from ({0}) as {2}",
            "with {2} as ({0}) {1}",
            "with {2} as ({0}) from {2}",
            "({0}) union all ({1})",
            "select ({0})",
            "select * from {2} where exists ({0})",
            "from ({0}), lateral ({1})",
            "summarize {0}",
            "describe {0}",
            "pivot ({0}) on a in (1) using count(*)",
            "{0};",
            "{0} -- {1}",
            "with recursive {2} as ({0} union {1}) from {2}",
        )
    )
    return form.format(text, other, name)


def splice(chance: Random, text: str, other: str) -> str:
    """The beginning of one and the end of another."""
    head, tail = tokens_of(text), tokens_of(other)
    return "".join(head[: chance.randint(0, len(head))] + tail[chance.randint(0, len(tail)) :])


MUTATIONS: tuple[Callable[[Random, str, str], str], ...] = (
    delete_token,
    repeat_token,
    swap_tokens,
    insert_word,
    replace_token,
    insert_mark,
    replace_letter,
    aim_elsewhere,
    aim_elsewhere,
    call_instead,
    requote,
    wrap,
    splice,
)


def mutate(chance: Random, pool: Sequence[str]) -> str:
    """One of the pool, changed one to three times."""
    text = chance.choice(pool)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3))):
        if text.strip():
            text = chance.choice(MUTATIONS)(chance, text, chance.choice(pool))
    return text
