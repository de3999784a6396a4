"""The words by which columns say what they hold: English, German, French, Spanish, more.

They are listed in words/terms.txt.
"""

from __future__ import annotations

from pathlib import Path

from martlet.flow.personal import KINDS


def _read() -> dict[str, frozenset[str]]:
    """The lists of the file, by their headings."""
    text = (Path(__file__).parent / "words" / "terms.txt").read_text(encoding="utf-8")
    plain = "\n".join(line for line in text.split("\n") if not line.startswith("#"))
    blocks = (block.partition("\n") for block in plain.split("== ")[1:])
    return {heading: frozenset(words.split()) for heading, _, words in blocks}


_LISTS = _read()
FREE_TEXT_TERMS, WEAK_NAME_TERMS = _LISTS["free_text"], _LISTS["weak name"]
PERSON_IDS, KEYS, NOT_WORDS = _LISTS["person ids"], _LISTS["keys"], _LISTS["not"]
THINGS, CODED = _LISTS["things"], _LISTS["coded"]
PEOPLE, PLACES = _LISTS["people"], _LISTS["places"]
AMOUNTS, OLD_DAYS, CALENDAR = _LISTS["amounts"], _LISTS["old days"], _LISTS["calendar"]
ALSO_WORDS, AMBIGUOUS, BRANDS = _LISTS["also words"], _LISTS["ambiguous"], _LISTS["brands"]
PERSONS = PEOPLE | {"account", "author", "buyer", "owner", "profile", "recipient"}
FOREIGN = {
    heading.removeprefix("foreign "): words
    for heading, words in _LISTS.items()
    if heading.startswith("foreign ")
}
# What needs no proof by the values: headings that are kinds.
TERMS = {kind: _LISTS[kind] for kind in KINDS if kind in _LISTS and kind != "free_text"}
# Short forms in names of columns: cust_nm is customer name.
ABBREVIATIONS = {
    "nm": "name",
    "nme": "name",
    "cust": "customer",
    "ph": "phone",
    "addrs": "address",
    "usr": "user",
    "emp": "employee",
    "pwd": "password",
    "telnr": "telefonnummer",
}
