"""What a sample of a column's values says that no single value does: names, prose, phones."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from martlet.publish.personal.named import is_first_and_family
from martlet.publish.personal.people import (
    FAMILY_NAMES,
    FIRST_NAMES,
    is_scripted_name,
    is_slavic_name,
    plain,
)
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
    r"|[4-9]\d{2} \d{3} \d{3}|[679]\d{2} \d{2} \d{2} \d{2}|00[1-9]\d{9,12}|3[1-9]\d{8}"
    r"|[6-9]\d{4} \d{5}|1[3-9]\d \d{4} \d{4}|0\d{2} \d{4} \d{4}|\(\d{2}\) ?9?\d{4}-\d{4}"
)
# A number with its country and without a plus, by the lengths that are given out, or of the USA.
_PHONE_NUMBER = re.compile(
    r"1?[2-9]\d{2}[2-9]\d{6}|49(?:1[5-7]\d{8,9}|[2-9]\d{8,9})|44(?:7\d{9}|[12]\d{9})|33[1-79]\d{8}"
    r"|34[6-9]\d{8}|393\d{8,9}|31[1-7]\d{8}|324\d{8}|417\d{8}|436\d{8,11}|45[2-9]\d{7}|467\d{8}"
    r"|47[49]\d{7}|48[4-8]\d{8}|3519\d{8}|3538\d{8}|420[67]\d{8}|614\d{8}|642\d{7,9}|91[6-9]\d{9}"
    r"|861[3-9]\d{9}|81[7-9]0\d{8}|8210\d{8}|55\d{2}9\d{8}|79\d{9}|905\d{9}|27[6-8]\d{8}|521?\d{10}"
)
_POSTCODE_CITY = re.compile(r"\d{4,5} [^\W\d_][^\W\d_.-]+(?:[ -][^\W\d_.]+)*", re.UNICODE)
_DAY = re.compile(r"(\d{4})-\d\d-\d\d(?: 00:00:00.*)?|\d\d?[./-]\d\d?[./-](\d{4})")
_DUTCH = re.compile(r"[1-9]\d{3} ?[A-Z]{2}")
_SPOKEN = re.compile(
    r"\b(?:I|I'm|my|me|we spoke|called|please|thanks|thank you|regards|sincerely|dear|he|she|his|"
    r"her|mr|mrs|ich|mein|meine|bitte|danke|grüße|frau|herr|je|mon|ma|merci|bonjour|madame|monsieur|"
    r"io|mio|mia|grazie|cordiali|ik|mijn|dank|graag|eu|meu|minha|obrigad[oa]|proszę|dziękuję|jag|min|tack|"
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
    if len(sample) >= 3 and share_of(sample, is_scripted_name) >= 0.7:
        return True
    if len(sample) >= 3 and share_of(sample, is_slavic_name) >= 0.7:
        return True
    pairs = [words for value, _ in sample if 2 <= len(words := _words(value)) <= 4]
    known = [words for words in pairs if _is_first(words) and words[-1] not in THINGS]
    varied = len({words[-1] for words in known}) >= 0.6 * len(known)
    if len(known) >= 3 and len(known) >= 0.3 * len(sample) and varied:
        return True
    turned = [words for words in pairs if words[0] in FAMILY_NAMES and words[1] in FIRST_NAMES]
    if len(turned) >= 3 and len(turned) >= 0.5 * len(sample):
        return True
    single = [words[0] for value, _ in sample if len(words := _words(value)) == 1]
    sure = [word for word in single if word in FIRST_NAMES or word in FAMILY_NAMES - _COMMON]
    all_known = [word for word in single if word in FIRST_NAMES or word in FAMILY_NAMES]
    if len(sure) >= 3 and len(all_known) >= 0.9 * len(sample):
        return True
    return len(sure) >= 4 and len(sure) >= 0.6 * len(sample)


def are_phones(sample: Sample) -> bool:
    """Bare numbers of a length and beginning that phones have, from several areas."""
    found = [value for value, _ in sample if _PHONE.fullmatch(value)]
    areas = {value.lstrip("01")[:3] for value in found}
    return len(found) >= 3 and len(found) >= 0.8 * len(sample) and len(areas) >= min(len(found), 8)


def are_phone_numbers(sample: Sample) -> bool:
    """Whole numbers that are phones: nearly all are as long as phones are, from several areas."""
    found = [value for value, _ in sample if _PHONE_NUMBER.fullmatch(value)]
    areas = {value[:4] for value in found}
    varied = len(areas) >= min(0.6 * len(found), 20) and len(areas) >= 3
    return len(found) >= 3 and len(found) >= 0.9 * len(sample) and varied


def are_birth_dates(sample: Sample) -> bool:
    """Days of many years, most of them long ago; days of business lie close together."""
    years = sorted(year for value, _ in sample if (year := _year(value)))
    if len(years) < 3 or len(years) < 0.9 * len(sample):
        return False
    usual = years[len(years) // 20 : len(years) - len(years) // 20]
    is_old = 1925 <= usual[len(usual) // 2] <= 2005 and usual[-1] <= 2015
    return is_old and usual[-1] - usual[0] >= 15 and len(set(years)) >= 3


def are_postcodes(sample: Sample) -> bool:
    """Dutch postcodes, and nothing but them."""
    return len(sample) >= 3 and share_of(sample, _DUTCH.fullmatch) >= 0.9


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
    return [plain(part.rstrip(".")) for part in parts]


def _year(value: str) -> int:
    found = _DAY.fullmatch(value)
    return int(found[1] or found[2]) if found else 0
