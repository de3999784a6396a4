"""What a sample of a column's values says that no single value does: names, prose, phones."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from martlet.publish.personal.patterns import is_first_and_family
from martlet.publish.personal.people import FAMILY_NAMES, FIRST_NAMES
from martlet.publish.personal.terms import THINGS

Sample = Sequence[tuple[str, int]]  # distinct values and the rows that hold them

_COMMON_WORDS = """
    brown green gray white black young king long hill park west wood winter sommer klein lang
    gross power koch bauer fischer schneider weber wagner cook cooper taylor carpenter butler
    horn rivera prince page ward price reed bush rose marin roman horn silva costa villa luna
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_NAME = re.compile(r"[^\W\d_][^\W\d_'’.-]*(?:[-'’][^\W\d_]+)*\.?", re.UNICODE)
_PHONE = re.compile(
    r"0(?:15\d|16[023]|17\d)\d{7,8}|07[1-9]\d{8}|0[1-9]\d{8}|1?[2-9]\d{2}[2-9]\d{6}"
    r"|[679]\d{2} \d{3} \d{3}|[679]\d{2} \d{2} \d{2} \d{2}|00[1-9]\d{9,12}"
)
_POSTCODE_CITY = re.compile(r"\d{4,5} [^\W\d_][^\W\d_.-]+(?:[ -][^\W\d_.]+)*", re.UNICODE)
_SPOKEN = re.compile(
    r"\b(?:I|I'm|my|me|we spoke|called|please|thanks|thank you|regards|sincerely|dear|he|she|his|"
    r"her|mr|mrs|ich|mein|meine|bitte|danke|grüße|frau|herr|je|mon|ma|merci|bonjour|madame|monsieur|"
    r"yo|mi|por favor|gracias|señora|señor)\b",
    re.IGNORECASE,
)


def share_of(sample: Sample, holds: Callable[[str], object]) -> float:
    """The share of distinct values for which something holds."""
    return sum(bool(holds(value)) for value, _ in sample) / len(sample) if sample else 0.0


def are_names(sample: Sample, *, least: float) -> bool:
    """Whether at least such a share of the values are persons' names, whole or in part."""
    return len(sample) > 0 and share_of(sample, _is_name) >= least


def look_like_names(sample: Sample) -> bool:
    """Names of persons under a heading that does not say so.

    Either first names stand before words that differ (products of a line share a noun), or most
    values are a first or a family name that is not also a common word.
    """
    pairs = [words for value, _ in sample if 2 <= len(words := _words(value)) <= 4]
    known = [words for words in pairs if _is_first(words) and words[-1] not in THINGS]
    varied = len({words[-1] for words in known}) >= 0.6 * len(known)
    if len(known) >= 3 and len(known) >= 0.3 * len(sample) and varied:
        return True
    single = [words[0] for value, _ in sample if len(words := _words(value)) == 1]
    names = [word for word in single if word in FIRST_NAMES or word in FAMILY_NAMES - _COMMON]
    return len(names) >= 4 and len(names) >= 0.6 * len(sample)


def are_phones(sample: Sample) -> bool:
    """Bare numbers of a length and beginning that phones have, from several areas."""
    found = [value for value, _ in sample if _PHONE.fullmatch(value)]
    areas = {value.lstrip("01")[:3] for value in found}
    return len(found) >= 3 and len(found) >= 0.8 * len(sample) and len(areas) >= min(len(found), 8)


def are_towns_with_postcode(sample: Sample) -> bool:
    """Second lines of addresses."""
    return len(sample) >= 3 and share_of(sample, _POSTCODE_CITY.fullmatch) >= 0.8


def is_written(sample: Sample) -> bool:
    """Prose that people wrote, not codes or states."""
    return share_of(sample, lambda value: len(value.split()) >= 4) >= 0.2


def is_spoken(sample: Sample, *, rows: int, distinct: int) -> bool:
    """Prose in which somebody speaks, or is spoken of, under a heading that does not say so."""
    longer = share_of(sample, lambda value: len(value.split()) >= 6)
    least = 0.15 if distinct >= 0.3 * rows else 0.4
    spoken = share_of(sample, lambda value: len(value.split()) >= 6 and _SPOKEN.search(value))
    return distinct >= 3 and longer >= 0.3 and spoken >= least


def masked(value: str) -> str:
    """The shape of a value: letters become a, digits 9; at most 40 characters."""
    shape = "".join("9" if char.isdigit() else "a" if char.isalnum() else char for char in value)
    return "".join(char if char.isprintable() else " " for char in shape[:40])


def _is_name(value: str) -> bool:
    words = _words(value)
    if not 1 <= len(words) <= 4:
        return False
    if len(words) == 1:
        return words[0] in FIRST_NAMES or words[0] in FAMILY_NAMES
    return words[0] in FIRST_NAMES or words[-1] in FAMILY_NAMES or is_first_and_family(value)


def _is_first(words: list[str]) -> bool:
    """A first name stands first, or an initial before a family name."""
    return words[0] in FIRST_NAMES or (len(words[0]) == 1 and words[-1] in FAMILY_NAMES)


def _words(value: str) -> list[str]:
    """The words of a value that could be a name; none for anything else."""
    parts = value.replace(",", " ").split()
    if not parts or not all(_NAME.fullmatch(part) for part in parts):
        return []
    return [_plain(part.rstrip(".")) for part in parts]


def _plain(word: str) -> str:
    return word.lower().translate(_ACCENTS)


_ACCENTS = str.maketrans("áàâäãåéèêëíìîïóòôöõøúùûüýñçßłšžćč", "aaaaaaeeeeiiiioooooouuuuyncslszcc")
