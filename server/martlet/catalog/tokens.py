"""Text as search sees it: folded, split into words, and without endings."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


def tokens(text: str) -> list[str]:
    """The words of a text or name, each in its plain form; `orderTotals` gives order, total."""
    spaced = _HUMP.sub(" ", text)
    return [stem(word) for word in _WORD.findall(fold(spaced))]


def query_tokens(text: str) -> list[str]:
    """The words of a question that carry meaning; all of them when none does."""
    found = list(dict.fromkeys(tokens(text)))
    return [word for word in found if word not in STOP_WORDS] or found


def fold(text: str) -> str:
    """Lower case without accents; German umlauts as they are written without them."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_UMLAUTS))
    return "".join(char for char in plain if not unicodedata.combining(char))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The word without an English plural ending; common forms of a verb as its noun."""
    if word in FORMS:
        return FORMS[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("xes", "ses", "ches", "shes", "zes")) and not word.endswith(("ases", "oses")):
        return word[:-2]
    return word[:-1]


FORMS = {"sell": "sale", "selling": "sale", "sold": "sale", "bought": "buy", "spent": "spend"}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"[^\W_]+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_STOP_TEXT = """
a all am an and any are as at be been by can could did do does each every for from get give had has
have how i in into is it its last list many me much my of on or our per please shall show tell than
that the their them then there these this those to up us was we were what when where which who whose
will with would you your
"""
STOP_WORDS = frozenset(stem(word) for word in _STOP_TEXT.split())
TIME_WORDS = frozenset(["day", "week", "month", "quarter", "year", "date", "today", "yesterday"])
