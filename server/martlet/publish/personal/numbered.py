"""How numbers look that people are known by: IP addresses, cards, accounts, ids, birth dates."""

from __future__ import annotations

from martlet.publish.personal import checksums, national_ids
from martlet.publish.personal.pattern import AFTER, BEFORE, Pattern

NUMBERED: tuple[Pattern, ...] = (
    Pattern(
        "ip",
        r"(?:^|[^\p{L}\p{N}_./\-]|//|(?i:ip)[-_])(\d{1,5}(?:\.\d{1,5}){3})(?:$|[^\p{L}\p{N}_.\-]|\.(?:$|\s))",
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
        "device",
        r"(?:^|[^\p{L}\p{N}_.\-#/])([0-9]\d{14})(?:$|[^\p{L}\p{N}_\-])",
        checksums.is_imei,
        chance=0.1,
        codes=True,
        numbers=True,
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
        "payment",
        r"(?:^|[^\p{L}\p{N}])((?:[*xX•#]{4}[ -]?){3}\d{4}|[*xX•]{12}\d{4})(?:$|[^\p{L}\p{N}])",
    ),
    Pattern(
        "payment",
        r"(?:^|[^\p{L}\p{N}])(bc1[a-z0-9]{25,60}|0x[0-9a-fA-F]{40})(?:$|[^\p{L}\p{N}])",
        needle=("bc1", "0x"),
    ),
    Pattern(
        "national_id",
        BEFORE + r"(\d{3}-\d{2}-\d{4})" + AFTER,
        national_ids.is_ssn,
        codes=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        r"(?:^|[^\p{L}\p{N}_.\-#/])(\d{2} \d{3} \d{3} \d{3}|\d{11})" + AFTER,
        national_ids.is_steuer_id,
        chance=0.05,
        numbers=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        BEFORE + r"([12] ?\d{2} ?\d{2} ?\d[\dAB] ?\d{3} ?\d{3} ?\d{2})" + AFTER,
        national_ids.is_nir,
        chance=0.01,
        numbers=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        r"(?:^|[^\p{L}\p{N}_.\-#/])([XYZ\d]\d{7}[- ]?[A-Z]|[XYZ\d]\d\.\d{3}\.\d{3}-?[A-Z])" + AFTER,
        national_ids.is_dni,
        chance=0.05,
        digits=True,
    ),
    Pattern(
        "national_id",
        r"(?:^|[^\p{L}\p{N}_])([A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z])" + AFTER,
        national_ids.is_codice_fiscale,
        chance=0.04,
        digits=True,
    ),
    Pattern(
        "national_id",
        BEFORE + r"([A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-Z])" + AFTER,
        national_ids.is_nino,
        chance=0.11,
        codes=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        BEFORE + r"(\d{3}\.\d{3}\.\d{3}-\d{2})" + AFTER,
        national_ids.is_cpf,
        chance=0.01,
        digits=True,
    ),
    Pattern(
        "national_id",
        r"(?:^|[^\p{L}\p{N}_.\-#/])(756\.?\d{4}\.?\d{4}\.?\d{2})" + AFTER,
        national_ids.is_ahv,
        chance=0.1,
        numbers=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        r"(?:^|[^\p{L}\p{N}_.\-#/])(\d{11})" + AFTER,
        national_ids.is_pesel,
        chance=0.06,
        numbers=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        BEFORE + r"(\d{6}(?:\d{2})?[-+]\d{4})" + AFTER,
        national_ids.is_personnummer,
        chance=0.1,
        codes=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        r"(?:^|[^\p{L}\p{N}_.\-#/])(\d{9})" + AFTER,
        national_ids.is_bsn,
        chance=0.2,
        codes=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        BEFORE + r"(\d{3}[ -]\d{3}[ -]\d{3})" + AFTER,
        national_ids.is_sin,
        chance=0.11,
        codes=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        r"([PIAC][A-Z<][A-Z]{3}[A-Z]+(?:<[A-Z]+)*<<[A-Z]+[A-Z<]*<<)",
        needle=("<<",),
    ),
    Pattern(
        "national_id",
        r"(?:^|[^\p{L}\p{N}])([A-Z]{4}\d{2}[01]\d[0-3]\d[HMX][A-Z]{5}[A-Z\d]\d)" + AFTER,
        digits=True,
    ),
    Pattern(
        "national_id",
        BEFORE + r"(\d{6}[-+A]\d{3}[0-9A-FHJ-NPR-Y])" + AFTER,
        national_ids.is_hetu,
        chance=0.03,
        digits=True,
    ),
    Pattern(
        "national_id",
        BEFORE + r"(\d{1,2}\.\d{3}\.\d{3}-[\dkK])" + AFTER,
        national_ids.is_rut,
        chance=0.1,
        digits=True,
    ),
    Pattern(
        "national_id",
        BEFORE + r"([2-9]\d{3} \d{4} \d{4})" + AFTER,
        national_ids.is_aadhaar,
        chance=0.1,
        codes=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        r"(?:^|[^\p{L}\p{N}_.\-#/])(\d{2}\.?\d{2}\.?\d{2}-?\d{3}\.?\d{2})" + AFTER,
        national_ids.is_rijksregister,
        chance=0.01,
        numbers=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        BEFORE + r"(\d{6}/\d{4})" + AFTER,
        national_ids.is_rodne_cislo,
        chance=0.04,
        codes=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        r"(?:^|[^\p{L}\p{N}_.\-#/])(\d{17}[\dXx])" + AFTER,
        national_ids.is_resident_id,
        chance=0.03,
        numbers=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        r"(?:^|[^\p{L}\p{N}_.\-#/])([1-9]\d{10})" + AFTER,
        national_ids.is_kimlik,
        chance=0.01,
        numbers=True,
        digits=True,
    ),
    Pattern(
        "national_id",
        r"(?i)(?:^|[^\p{L}])((?:kennzeichen|licen[cs]e plate|number plate|plates?|reg\.?)"
        r"[\s.:#]{1,3}[A-ZÄÖÜ]{1,3}[ -][A-Z]{0,2} ?\d{1,4}[A-Z]{0,3})" + AFTER,
    ),
    Pattern(
        "birth",
        r"(?i)(?:^|[^\p{L}])((?:dob|d\.o\.b\.?|born|birth\p{L}*|date of birth|geb\.?|geboren"
        r"|geburts\p{L}*|née? le|naissance|nacid[oa]|nacimiento)[^\d\n]{0,12}"
        r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}(?:\.|st|nd|rd|th)?\s(?:de\s)?\p{L}{3,12}\.?,?\s"
        r"(?:de\s)?(?:19|20)\d\d|\p{L}{3,9} \d{1,2},? (?:19|20)\d\d))",
    ),
    Pattern(
        "location",
        r"(?:^|[^\p{L}\p{N}_.])(-?\d{1,2}\.\d{4,},\s?-?\d{1,3}\.\d{4,})(?:$|[^\p{L}\p{N}_.])",
        checksums.is_position,
        things=2.0,
        digits=True,
    ),
    Pattern(
        "national_id",
        r"(?i)(?:^|[^\p{L}])((?:passport|reisepass|passeport|pasaporte|ausweis|licen[cs]e)"
        r"(?:\s?(?:no|nr|number|nummer))?[\s.:#]{1,3}[a-z]{0,3}\d[a-z0-9]{4,})",
        digits=True,
    ),
)
