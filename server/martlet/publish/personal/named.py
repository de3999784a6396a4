"""How persons' names look in texts."""

from __future__ import annotations

import re

from martlet.publish.personal.pattern import Pattern
from martlet.publish.personal.people import FAMILY_NAMES, FIRST_NAMES
from martlet.publish.personal.terms import ALSO_WORDS, AMBIGUOUS, BRANDS

_PARTICLES = r"(?:van|von|vom|zu|zur|de|der|den|la|las|los|del|da|das|do|dos|di|le|al|el|bin|ter)"


def is_titled(text: str) -> bool:
    """A form of address before a word that is no brand."""
    title, word = text.split()[0].rstrip(".").lower(), text.split()[-1].lower()
    if title in ("dr", "sr"):  # Dr. Martens, Sr. Engineer
        return word in FAMILY_NAMES or word in FIRST_NAMES
    return word not in BRANDS


def is_first_and_family(text: str) -> bool:
    """A first name before a family name, or the other way round with a comma."""
    words = [word.strip(",.'").lower() for word in re.split(r"[\s_+.]+|(?<=,)", text) if word]
    if len(words) == 1:
        words = words[0].split("-")
    first, family = (words[-1], words[0]) if "," in text else (words[0], words[-1])
    if len(family) == 1:  # Anna K.
        return first not in AMBIGUOUS and text[:1].isupper() and text[-2:-1].isupper()
    if text == text.lower() and first in AMBIGUOUS:
        return False
    parts = {first, *first.split("-")}
    ends = {family, *family.split("-"), family.replace("'", "").replace("’", "")}
    two_first = text[:1].isupper() and not {first, family} & ALSO_WORDS and family in FIRST_NAMES
    return bool(parts & FIRST_NAMES) and (bool(ends & FAMILY_NAMES) or two_first)


def is_greeted(text: str) -> bool:
    """A first name that is no other word, where letters greet, sign and say for whom."""
    word = re.split(r"[\s:.,/]+", text)[-1].lower()
    return word in FIRST_NAMES and word not in ALSO_WORDS


_FIRST = "|".join(sorted(name for name in FIRST_NAMES if "-" not in name))
_SPACE = r"[\s_+.-]"
_FULL_NAME = (
    rf"(?i)(?:^|[^\p{{L}}\p{{N}}])((?:{_FIRST})(?:-\p{{L}}+)?{_SPACE}+(?:\p{{L}}\.?{_SPACE}+)?"
    rf"(?:{_PARTICLES}{_SPACE}+){{0,2}}(?:\p{{L}}[\p{{L}}'’-]+|\p{{L}}\.))"
)
_NAME_TURNED = rf"(?:^|[^\p{{L}}\p{{N}}])(\p{{Lu}}[\p{{L}}'’-]+,\s?(?i:{_FIRST}))(?:$|[^\p{{L}}])"
_GREETED = (
    r"(?:^|[^\p{L}])((?i:dear|hi|hello|hallo|hey|liebe[rs]?|chere?|bonjour|hola|estimad[oa]|ciao"
    r"|gentile|regards|cheers|gruss?e|gruesse|lg|vg|mfg|best|love|signed(?: by)?|c/o|attn|ask for"
    r"|asked|told|called|spoke (?:to|with)|call|cordialement|saludos)[\s:.,]{1,3}\p{Lu}\p{L}+)"
    r"(?:$|[^\p{L}\s]|\s+[^\p{Lu}\s])"
)
_GIVEN_TO = (
    r"(?:^|[^\p{L}])((?i:for|fur|pour|para|per|from|von)\s\p{Lu}\p{L}+)(?:$|[,.!?;)]|\s?['’]s\s)"
)

NAMED: tuple[Pattern, ...] = (
    Pattern(
        "name",
        r"(?:^|[^\p{L}])((?:Mr|Mrs|Ms|Mme|Mlle|Sra?|Srta|Dr|MR|MRS|[FH]r\.|Dhr|Mevr|Sig|Pani?|(?i:herrn?|frau"
        r"|monsieur|madame|señor(?:a|ita)?|senor(?:a|ita)?|signor[ae]?|familie|mister|mevrouw|meneer"
        r"|pani|panie|fru|rouva|herra|господин|госпожа|κύριος|κυρία))\.?\s+\p{Lu}\p{L}+)",
        is_titled,
        things=0.35,
        needle=(" ",),
    ),
    Pattern(
        "name",
        _FULL_NAME,
        is_first_and_family,
        things=0.35,
        needle=(" ", "_", "+", ".", "-"),
        plain=True,
        words=FIRST_NAMES,
    ),
    Pattern(
        "name",
        r"(?:^|[^\p{L}])((?i:name|kunde|kundin|customer|client|contact|recipient|empfänger|cliente"
        r"|ansprechpartner|destinataire|nom|nombre)\s?[:=]\s?\p{Lu}\p{Ll}+\s+\p{Lu}\p{L}+)",
        things=0.35,
        needle=(":", "="),
    ),
    Pattern(
        "name",
        _NAME_TURNED,
        is_first_and_family,
        things=0.35,
        needle=(",",),
        plain=True,
        words=FIRST_NAMES,
    ),
    Pattern(
        "name",
        _GREETED,
        is_greeted,
        things=0.35,
        needle=(" ",),
        plain=True,
        words=FIRST_NAMES,
    ),
    Pattern(
        "name",
        _GIVEN_TO,
        is_greeted,
        things=0.35,
        needle=(" ",),
        plain=True,
        words=FIRST_NAMES - ALSO_WORDS,
    ),
)
