"""What a column's name, or the path to a value inside a nested column, says about its values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from martlet.publish.personal.terms import (
    ABBREVIATIONS,
    AMOUNTS,
    CALENDAR,
    CODED,
    FOREIGN,
    FREE_TEXT_TERMS,
    KEYS,
    NOT_WORDS,
    OLD_DAYS,
    PEOPLE,
    PERSON_IDS,
    PERSONS,
    PLACES,
    TERMS,
    THINGS,
    WEAK_NAME_TERMS,
)

_LONGEST = 4  # words that one term may be spread over
_STEMS = ("email", "phone", "firstname", "lastname", "surname", "birthdate", "ipaddress")
_CODES = KEYS | frozenset(
    ("order", "sku", "part", "serial", "ref", "reference", "isbn", "tracking", "invoice", "ean")
    + ("gtin", "upc", "barcode", "asin", "batch", "lot", "article", "item", "product", "booking")
)
_NUMBERED = ("phone", "national_id", "payment")  # kinds that are called numbers
# Kinds that a whole or decimal number can hold.
_NUMERIC = frozenset(("phone", "payment", "national_id", "birth", "location", "ip", "address"))
_NO_NUMBER = frozenset(("street", "rue", "calle", "apartment", "apt"))


class Hint(NamedTuple):
    """What a name says: the kind, and whether the values must bear it out."""

    kind: str
    weak: bool = False


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, lower case, without accents: `shipTo_Straße` is ship, to, strasse."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    parts = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", plain)
    parts = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", parts)
    found = re.findall(r"[^\W\d_]+|\d+", parts.lower())
    return tuple(ABBREVIATIONS.get(word, word) for word in found)


def hint(name: str, mart: str = "", path: tuple[str, ...] = ()) -> Hint | None:
    """The first of the hints, or None."""
    return next(iter(hints(name, mart, path)), None)


@lru_cache(maxsize=8_192)
def hints(name: str, mart: str = "", path: tuple[str, ...] = ()) -> tuple[Hint, ...]:
    """The kinds of personal data that a column's name tells, those that need no proof first.

    `path` leads to a value inside the column.
    """
    words = tuple(word for part in (name, *path) for word in words_of(part))
    own = words_of(path[-1]) if path else words
    found = _find(words, own) or (_find(own, own) if path else []) or _foreign(words)
    return tuple(
        item._replace(weak=not _is_person(words, own, words_of(mart)))
        if item.kind == "name" and item.weak
        else item
        for item in found
        if item.kind != "location" or not PLACES.intersection(words + words_of(mart))
    )


def holds_number(kind: str, name: str) -> bool:
    """Whether a column of that name may hold such data as a number."""
    return kind in _NUMERIC and not _NO_NUMBER.intersection(words_of(name)[-1:])


def is_of_things(name: str) -> bool:
    """A name that says what a product, company, place or campaign is called."""
    return bool((THINGS - CODED).intersection(words_of(name)))


def is_personal_id(path: tuple[str, ...]) -> bool:
    """A path that leads to the id of a person: `user_id`, `distinctId`, `customer.id`."""
    words = [word for part in path for word in words_of(part)]
    if "".join(words[-2:]) in PERSON_IDS or "".join(words_of(path[-1])) in PERSON_IDS:
        return True
    return words[-1:] in (["id"], ["uuid"], ["gid"]) and bool(PERSONS.intersection(words[-2:-1]))


def is_of_versions(name: str) -> bool:
    """A name that says that dotted numbers are versions."""
    return bool({"version", "versions", "release", "build", "firmware", "oid"} & {*words_of(name)})


def is_of_amounts(name: str) -> bool:
    """A name that says that its numbers count, measure or identify."""
    return bool((AMOUNTS | KEYS) & {*words_of(name)})


def is_of_old_days(name: str, mart: str) -> bool:
    """A name that says that its days are those of a calendar, a release or a foundation."""
    words = {*words_of(name)}
    of_people = PEOPLE.intersection(words_of(mart))
    return bool(words & OLD_DAYS) or (words <= CALENDAR and not of_people)


def is_of_codes(name: str) -> bool:
    """A name that says that its digits number a thing: order_number, sku, part_no, invoice."""
    words = words_of(name)
    *before, last = words or ("",)
    if last in ("number", "no", "nr", "num", "code", "text", "value"):
        return bool(_CODES.intersection(before))
    return last in _CODES


def _find(words: Sequence[str], own: Sequence[str]) -> list[Hint]:
    """The kinds of the terms that stand in the words: the longest first, and weak ones last."""
    terms = [
        (size, start, kind)
        for size in range(_LONGEST, 0, -1)
        for start in range(len(words) - size + 1)
        if (kind := _term("".join(words[start : start + size])))
    ]
    found = []
    for size, start, kind in sorted(terms, key=lambda term: (-term[0], term[2].endswith("?"))):
        rest = [*words[:start], *words[start + size :]]
        if _speaks_of_it(kind, size, rest, own):
            found.append(Hint(kind.removesuffix("?"), weak=kind.endswith("?")))
            if not found[-1].weak:
                break
    return found


def _foreign(words: Sequence[str]) -> list[Hint]:
    """A term in a script without spaces may stand inside a word."""
    for kind, terms in FOREIGN.items():
        for term in terms:
            inside = ord(term[0]) >= 0x3040
            if any(term == word or (inside and term in word) for word in words):
                return [Hint(kind)]
    return []


def _speaks_of_it(kind: str, size: int, rest: Sequence[str], own: Sequence[str]) -> bool:
    if kind == "name?":
        return not (THINGS | NOT_WORDS | KEYS).intersection(rest)
    if kind == "free_text?":
        return not {"count", "id", "score", "type", "status", "length"}.intersection(rest)
    if "id" in own and kind in ("device", "national_id") and size > 1:
        return not {"count", "total", "campaign", "group"}.intersection(rest)
    trailing = KEYS if kind not in ("device", "secret", "payment") else frozenset[str]()
    return not (NOT_WORDS | trailing).intersection(rest)


def _term(text: str) -> str:
    if text in _ALL_TERMS:
        return _ALL_TERMS[text]
    for tail in ("nr", "no", "num", "nummer", "number"):
        if text.endswith(tail) and _ALL_TERMS.get(text.removesuffix(tail)) in _NUMBERED:
            return _ALL_TERMS[text.removesuffix(tail)]
    if len(text) < 8 or text.endswith("s"):
        return ""
    stem = next((stem for stem in _STEMS if text.endswith(stem)), "")
    return _ALL_TERMS.get(stem, "")


def _is_person(words: Sequence[str], own: Sequence[str], mart: Sequence[str]) -> bool:
    """`name` of a mart about people, or inside an object called `customer`."""
    outer = words[: len(words) - len(own)]
    about = PEOPLE.intersection([*outer, *mart]) and not THINGS.intersection(mart)
    return own[-1:] in (("name",), ("nom",), ("nombre",)) and bool(about)


_ALL_TERMS: dict[str, str] = {
    **{term: "name?" for term in WEAK_NAME_TERMS},
    **{term: "free_text?" for term in FREE_TEXT_TERMS},
    **{term: kind for kind, terms in TERMS.items() for term in terms},
}
