"""What a column's name, or the path to a value inside a nested column, says about its values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from martlet.publish.personal.terms import (
    KEYS,
    NOT_WORDS,
    PEOPLE,
    PLACES,
    TERMS,
    TEXT_TERMS,
    THINGS,
    WEAK_NAME_TERMS,
)

_LONGEST = 4  # words that one term may be spread over
_STEMS = ("email", "phone", "firstname", "lastname", "surname", "birthdate", "ipaddress")
_CODES = KEYS | frozenset(
    ("order", "sku", "part", "serial", "ref", "reference", "isbn", "tracking", "invoice", "ean")
    + ("gtin", "upc", "barcode", "asin", "batch", "lot", "article", "item", "product", "booking")
)
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
    return tuple(re.findall(r"[a-z]+|\d+", parts.lower()))


@lru_cache(maxsize=8_192)
def hint(name: str, mart: str = "", path: tuple[str, ...] = ()) -> Hint | None:
    """The kind of personal data that a column's name tells; `path` leads to a value inside it."""
    words = tuple(word for part in (name, *path) for word in words_of(part))
    own = words_of(path[-1]) if path else words
    found = _find(words, own) or (_find(own, own) if path else None)
    if found and found.kind == "name" and found.weak:
        return found._replace(weak=not _is_person(words, own, words_of(mart)))
    if found and found.kind == "location" and PLACES.intersection(words + words_of(mart)):
        return None
    return found


def holds_number(kind: str, name: str) -> bool:
    """Whether a column of that name may hold such data as a number."""
    return kind in _NUMERIC and not _NO_NUMBER.intersection(words_of(name)[-1:])


def is_of_things(name: str) -> bool:
    """A name that says what a product, company, place or campaign is called."""
    return bool(THINGS.intersection(words_of(name)))


def is_of_versions(name: str) -> bool:
    """A name that says that dotted numbers are versions."""
    return bool({"version", "versions", "release", "build", "firmware", "oid"} & {*words_of(name)})


def is_of_codes(name: str) -> bool:
    """A name that says that its digits number a thing: order_number, sku, part_no, invoice."""
    words = words_of(name)
    *before, last = words or ("",)
    if last in ("number", "no", "nr", "num", "code", "text", "value"):
        return bool(_CODES.intersection(before))
    return last in _CODES


def _find(words: Sequence[str], own: Sequence[str]) -> Hint | None:
    """The kind of the longest term that the words, up to their last, are."""
    terms = [
        (size, start, kind)
        for size in range(_LONGEST, 0, -1)
        for start in range(len(words) - size + 1)
        if (kind := _term("".join(words[start : start + size])))
    ]
    for size, start, kind in terms:
        rest = [*words[:start], *words[start + size :]]
        if _speaks_of_it(kind, size, rest, own):
            return Hint(kind.removesuffix("?"), weak=kind.endswith("?"))
    return None


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
    **{term: "name?" for term in WEAK_NAME_TERMS.split()},
    **{term: "free_text?" for term in TEXT_TERMS.split()},
    **{term: kind for kind, terms in TERMS.items() for term in terms.split()},
}
