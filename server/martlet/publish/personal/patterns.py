"""What personal data looks like in values. SQL finds candidates (RE2), Python confirms them.

The first group of `regex` is the candidate. `chance` is the share of look-alikes that pass
`confirm` by accident; 0 where one confirmed value is proof. `codes`: columns that number things by
their name are left out. `needle`: texts without one of these strings cannot match.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from martlet.publish.personal import checksums
from martlet.publish.personal.people import FAMILY_NAMES, FIRST_NAMES


@dataclass(frozen=True)
class Pattern:
    kind: str
    regex: str
    confirm: Callable[[str], bool] | None = None
    chance: float = 0.0
    codes: bool = False
    things: float = 0.0  # least share of values, where a column names products or places
    needle: tuple[str, ...] = ()
    numbers: bool = False  # also in columns of whole numbers
    digits: bool = False  # texts with fewer than four digits cannot match
    plain: bool = False  # accents are taken off before
    words: frozenset[str] = frozenset()  # texts without one of these words cannot match

    def can_match(self, text: str, words: frozenset[str], *, digits: bool) -> bool:
        """Whether texts could match. `words` are all of theirs, lower case and without accents."""
        needed = not self.needle or any(part in text for part in self.needle)
        return (
            needed
            and (digits or not self.digits)
            and (not self.words or not self.words.isdisjoint(words))
        )


_BEFORE = r"(?:^|[^\p{L}\p{N}_.\-/#+])"
_AFTER = r"(?:$|[^\p{L}\p{N}_\-])"
_BRANDS = frozenset(
    [
        "martens",
        "oetker",
        "pepper",
        "clean",
        "bean",
        "beast",
        "coffee",
        "scholl",
        "hauschka",
        "muscle",
    ]
)
_AMBIGUOUS = frozenset(
    [
        "will",
        "mark",
        "max",
        "art",
        "bill",
        "rob",
        "sue",
        "till",
        "rose",
        "grace",
        "frank",
        "jack",
        "angel",
        "iris",
        "viola",
        "jan",
        "heather",
        "victor",
        "tim",
        "pat",
        "charles",
        "martin",
        "jordan",
        "alba",
        "leo",
        "dolores",
        "flora",
        "ray",
        "ross",
        "grant",
        "dean",
    ]
)
_PARTICLES = r"(?:van|von|vom|zu|zur|de|der|den|la|las|los|del|da|das|do|dos|di|le|al|el|bin|ter)"


def is_titled(text: str) -> bool:
    """A form of address before a word that is no brand."""
    title, word = text.split()[0].rstrip(".").lower(), text.split()[-1].lower()
    if title in ("dr", "sr"):  # Dr. Martens, Sr. Engineer
        return word in FAMILY_NAMES or word in FIRST_NAMES
    return word not in _BRANDS


def is_first_and_family(text: str) -> bool:
    """A first name before a family name, or the other way round with a comma."""
    words = [word.strip(",.'").lower() for word in re.split(r"[\s_+]+|(?<=,)", text) if word]
    first, family = (words[-1], words[0]) if "," in text else (words[0], words[-1])
    if len(family) == 1:  # Anna K.
        return first not in _AMBIGUOUS and text[:1].isupper() and text[-2:-1].isupper()
    if text == text.lower() and first in _AMBIGUOUS:
        return False
    parts = {first, *first.split("-")}
    ends = {family, *family.split("-"), family.replace("'", "").replace("’", "")}
    return bool(parts & FIRST_NAMES) and bool(ends & FAMILY_NAMES)


_FIRST = "|".join(sorted(FIRST_NAMES))
_FULL_NAME = (
    rf"(?i)(?:^|[^\p{{L}}\p{{N}}])((?:{_FIRST})(?:-\p{{L}}+)?[\s_+]+(?:\p{{L}}\.?[\s_+]+)?"
    rf"(?:{_PARTICLES}[\s_+]+){{0,2}}(?:\p{{L}}[\p{{L}}'’-]+|\p{{L}}\.))"
)
_NAME_TURNED = rf"(?:^|[^\p{{L}}\p{{N}}])(\p{{Lu}}[\p{{L}}'’-]+,\s?(?i:{_FIRST}))(?:$|[^\p{{L}}])"

PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        "email",
        r"([\p{L}\p{N}][\p{L}\p{N}._%+'-]*@[\p{L}\p{N}][\p{L}\p{N}-]*(?:\.[\p{L}\p{N}-]+)*\.\p{L}\p{L}+)",
        checksums.is_email,
        needle=("@",),
    ),
    Pattern(
        "email",
        r"(?i)([\p{L}\p{N}._-]+\s?[\[({<]\s?(?:at|@|ät)\s?[\])}>]\s?[\p{L}\p{N}-]+)",
        needle=("[", "(", "{", "<"),
    ),
    Pattern(
        "phone",
        r"(?:^|[^\p{L}\p{N}_+.])(\+\s?[1-9]\d{0,3}(?:[\s.\-/()]{0,3}\d){6,13})(?:$|[^\p{L}\p{N}_])",
        checksums.is_international_phone,
        needle=("+",),
        digits=True,
    ),
    Pattern(
        "phone",
        _BEFORE + r"(00[1-9]\d{0,2}[\s.\-/(]\s?\(?\d(?:[\s.\-/()]{0,2}\d){5,12})" + _AFTER,
        checksums.is_international_phone,
        codes=True,
        needle=("00",),
        digits=True,
    ),
    Pattern(
        "phone",
        _BEFORE + r"((?:\+?1[\s.-])?(?:\([1-9]\d{2}\)\s?\d{3}[\s.-]\d{4}|[1-9]\d{2}-\d{3}-\d{4}"
        r"|[1-9]\d{2}\.\d{3}\.\d{4}|[1-9]\d{2} \d{3} \d{4}))" + _AFTER,
        checksums.is_national_phone,
        codes=True,
        digits=True,
    ),
    Pattern(
        "phone",
        _BEFORE + r"(\(?0[1-9]\d{0,4}\)?[\s\-/]{1,2}(?:\d[\s\-/]?){4,9}\d|0[1-9](?:\.\d{2}){4})"
        r"(?:$|[^\p{L}\p{N}_\-/:]|:\s)",
        checksums.is_national_phone,
        codes=True,
        digits=True,
    ),
    Pattern(
        "phone",
        r"(?i)(?:^|[^\p{L}])(?:phone|tel|telefono?|téléphone|mobile?|mob|handy|cell|call|fax"
        r"|whatsapp|sms|appele[rz]|rufen|anruf\p{L}*|anrufen|tél|móvil|llam\p{L}+|erreichbar|reach"
        r"|contact (?:number|no))(?:[\s:.=\"'#(]|at|me|him|her|them|us|is|on|under|unter|nr|no"
        r"|number|nummer|au|al|el|desde|to|sous|n°){1,8}(\+?\(?\d(?:[\s.\-/()]{0,2}\d){6,13})"
        + _AFTER,
        checksums.is_called_phone,
        digits=True,
    ),
    Pattern(
        "address",
        r"(?i)(?:^|[^\p{L}\p{N}])(\d{1,5}[a-z]?,?\s+(?:[\p{L}.'’-]+\s+){1,3}"
        r"(?:street|avenue|boulevard|road|lane|drive|terrace|crescent|parkway|highway))(?:$|[^\p{L}])",
        things=0.2,
        needle=(" ",),
    ),
    Pattern(
        "address",
        r"(?:^|[^\p{L}\p{N}])(\d{1,5}[A-Za-z]?,?\s+(?:[NSEW]\.?\s+)?(?:\p{Lu}[\p{L}.'’-]*\s+){1,3}"
        r"(?:St|Ave|Rd|Blvd|Dr|Ln|Ct|Court|Way|Place|Pl|Square|Sq|Close|Pkwy|Hwy|ST|AVE|RD|BLVD|DR"
        r"|LN|CT))(?:$|[^\p{L}])",
        things=0.2,
        needle=(" ",),
    ),
    Pattern(
        "address",
        r"((?:\p{Lu}[\p{L}-]*(?:[ -]\p{L}+)?(?:straße|strasse|str\.|weg|platz|allee|gasse|damm|ufer"
        r"|chaussee|straat|laan|plein|gracht|kade)|\p{Lu}\p{L}+(?:er|e|-)?\s?-?(?:Straße|Strasse"
        r"|Str\.|Weg|Platz|Allee|Gasse|Ufer))\s+\d{1,4}\s?[a-zA-Z]?)(?:$|[^\p{L}\p{N}])",
        things=0.2,
        needle=(" ",),
        digits=False,
    ),
    Pattern(
        "address",
        r"(?i)(?:^|[^\p{L}\p{N}])(\d{1,4}\s?(?:bis|ter)?,?\s+(?:rue|avenue|boulevard|bd|place|chemin"
        r"|allée|impasse|quai|cours|route|av\.)\s+(?:d[eu']s?|la|l'|\p{L}{3,}))",
        things=0.2,
        needle=(" ",),
    ),
    Pattern(
        "address",
        r"((?:Calle|C/|Avenida|Avda\.?|Paseo|Plaza|Carrera|Camino|Ronda|Via|Viale|Piazza|Corso|Rua|ul\.)"
        r"\s+\p{L}[\p{L} .'’-]+?,?\s+(?:n[º°.]\s*)?\d{1,4})(?:$|[^\p{L}\p{N}])",
        things=0.2,
        needle=(" ",),
    ),
    Pattern(
        "address",
        r"(\p{Lu}[\p{L}. ]+,\s?[A-Z]{2}\s+\d{5}(?:-\d{4})?"
        r"|,\s*(?:[A-Z]{1,2}-)?\d{4,5}\s+\p{Lu}\p{Ll}\p{Ll}+"
        r"|(?i:p\.?\s?o\.?\s?box|postfach|apartado|boîte postale)\s+\d+)(?:$|[^\p{L}\p{N}])",
        things=0.2,
        needle=(" ",),
    ),
    Pattern(
        "address",
        r"(?:^|[^\p{L}\p{N}_\-])([A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? \d[ABD-HJLN-UW-Z]{2})" + _AFTER,
        codes=True,
        things=0.2,
        needle=(" ",),
    ),
    Pattern(
        "name",
        r"(?:^|[^\p{L}])((?:Mr|Mrs|Ms|Mme|Mlle|Sra?|Dr|MR|MRS|(?i:herrn?|frau|monsieur|madame|señora?"
        r"|senora?|signora?|familie|mister))\.?\s+\p{Lu}\p{L}+)",
        is_titled,
        things=0.2,
        needle=(" ",),
    ),
    Pattern(
        "name",
        _FULL_NAME,
        is_first_and_family,
        things=0.2,
        needle=(" ", "_", "+"),
        plain=True,
        words=FIRST_NAMES,
    ),
    Pattern(
        "name",
        r"(?:^|[^\p{L}])((?i:name|kunde|kundin|customer|client|contact|recipient|empfänger|cliente"
        r"|ansprechpartner|destinataire|nom|nombre)\s?[:=]\s?\p{Lu}\p{Ll}+\s+\p{Lu}\p{L}+)",
        things=0.2,
        needle=(":", "="),
    ),
    Pattern(
        "name",
        _NAME_TURNED,
        is_first_and_family,
        things=0.2,
        needle=(",",),
        plain=True,
        words=FIRST_NAMES,
    ),
    Pattern(
        "ip",
        r"(?:^|[^\p{L}\p{N}_./\-]|//)(\d{1,5}(?:\.\d{1,5}){3})(?:$|[^\p{L}\p{N}_.\-]|\.(?:$|\s))",
        checksums.is_ipv4,
        chance=0.1,
        needle=(".",),
        digits=True,
    ),
    Pattern(
        "ip",
        r"(?:^|[^\p{L}\p{N}_:.])((?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4})(?:$|[^\p{L}\p{N}_:])",
        checksums.is_ipv6,
        needle=(":",),
    ),
    Pattern(
        "payment",
        r"(?:^|[^\p{L}\p{N}_.\-])(\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}|3[47]\d{2}[ -]\d{6}[ -]\d{5})"
        r"(?:$|[^\p{L}\p{N}_\-])",
        checksums.is_card,
        chance=0.1,
        digits=True,
    ),
    Pattern(
        "payment",
        r"(?:^|[^\p{L}\p{N}_.\-#/])([2-6]\d{13,18})(?:$|[^\p{L}\p{N}_\-])",
        checksums.is_card,
        chance=0.1,
        numbers=True,
        digits=True,
    ),
    Pattern(
        "payment",
        r"(?i)(?:^|[^\p{L}\p{N}_\-])([a-z]{2}\d{2}(?:[ -]?[a-z0-9]{4}){2,7}(?:[ -]?[a-z0-9]{1,4})?)"
        r"(?:$|[^\p{L}\p{N}_\-])",
        checksums.is_iban,
        chance=0.01,
        digits=True,
    ),
    Pattern(
        "national_id",
        _BEFORE + r"(\d{3}-\d{2}-\d{4})" + _AFTER,
        checksums.is_ssn,
        codes=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        r"(?:^|[^\p{L}\p{N}_.\-#/])(\d{2} \d{3} \d{3} \d{3}|\d{11})" + _AFTER,
        checksums.is_steuer_id,
        chance=0.05,
        numbers=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        _BEFORE + r"([12] ?\d{2} ?\d{2} ?\d[\dAB] ?\d{3} ?\d{3} ?\d{2})" + _AFTER,
        checksums.is_nir,
        chance=0.01,
        numbers=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        r"(?:^|[^\p{L}\p{N}_.\-#/])([XYZ\d]\d{7}[- ]?[A-Z]|[XYZ\d]\d\.\d{3}\.\d{3}-?[A-Z])"
        + _AFTER,
        checksums.is_dni,
        chance=0.05,
        digits=True,
    ),
    Pattern(
        "national_id",
        r"(?:^|[^\p{L}\p{N}_])([A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z])" + _AFTER,
        checksums.is_codice_fiscale,
        chance=0.04,
        digits=True,
    ),
    Pattern(
        "national_id",
        _BEFORE + r"([A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-Z])" + _AFTER,
        checksums.is_nino,
        chance=0.11,
        codes=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        _BEFORE + r"(\d{3}\.\d{3}\.\d{3}-\d{2})" + _AFTER,
        checksums.is_cpf,
        chance=0.01,
        digits=True,
    ),
    Pattern(
        "national_id",
        r"(?:^|[^\p{L}\p{N}_.\-#/])(756\.?\d{4}\.?\d{4}\.?\d{2})" + _AFTER,
        checksums.is_ahv,
        chance=0.1,
        numbers=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        r"(?:^|[^\p{L}\p{N}_.\-#/])(\d{11})" + _AFTER,
        checksums.is_pesel,
        chance=0.06,
        numbers=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        _BEFORE + r"(\d{6}(?:\d{2})?[-+]\d{4})" + _AFTER,
        checksums.is_personnummer,
        chance=0.1,
        codes=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        r"(?:^|[^\p{L}\p{N}_.\-#/])(\d{9})" + _AFTER,
        checksums.is_bsn,
        chance=0.2,
        codes=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        _BEFORE + r"(\d{3}[ -]\d{3}[ -]\d{3})" + _AFTER,
        checksums.is_sin,
        chance=0.11,
        codes=True,
        digits=True,
    ),
    Pattern(
        "birth",
        r"(?i)(?:^|[^\p{L}])((?:dob|d\.o\.b\.?|born|birth\p{L}*|date of birth|geb\.?|geboren"
        r"|geburts\p{L}*|née? le|naissance|nacid[oa]|nacimiento)[^\d\n]{0,12}"
        r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4})",
        digits=True,
    ),
    Pattern(
        "location",
        r"(?:^|[^\p{L}\p{N}_.])(-?\d{1,2}\.\d{4,},\s?-?\d{1,3}\.\d{4,})(?:$|[^\p{L}\p{N}_.])",
        checksums.is_position,
        things=2.0,
        digits=True,
    ),
    Pattern(
        "device",
        r"(?:^|[^\p{L}\p{N}_:.\-])([0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5})(?:$|[^\p{L}\p{N}_:\-])",
        checksums.is_mac,
    ),
    Pattern("device", r"(Mozilla/\d\.\d \([^)]{3,})", needle=("Mozilla/",)),
    Pattern(
        "secret",
        r"(?:^|[^\p{L}\p{N}])(eyJ[\w-]{8,}\.[\w-]{8,}|(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_\w{30,}|[sr]k_live_\w{16,}"
        r"|xox[abpr]-[\w-]{10,}|-----BEGIN [A-Z ]*PRIVATE KEY|\$2[aby]\$\d\d\$[./\w]{50,})",
    ),
    Pattern(
        "secret",
        r"(?i)(?:^|[^\p{L}])((?:password|passwd|pwd|passwort|kennwort|mot de passe|contraseña)"
        r"\s?[:=]\s?[^\s\"',}]{3,})",
        needle=(":", "="),
    ),
    Pattern(
        "national_id",
        r"(?i)(?:^|[^\p{L}])((?:passport|reisepass|passeport|pasaporte|ausweis|licen[cs]e)"
        r"(?:\s?(?:no|nr|number|nummer))?[\s.:#]{1,3}[a-z]{0,3}\d[a-z0-9]{4,})",
        digits=True,
    ),
    Pattern(
        "email",
        r"(?i)([\p{L}\p{N}._-]+ at [\p{L}\p{N}-]+ (?:dot|punkt|point|punto) \p{L}+)",
        needle=(" ",),
    ),
    Pattern("url", r"(\p{L}[\p{L}\p{N}+.-]*://[^/\s:@]+:[^/\s@]+@)", needle=("://",)),
)
