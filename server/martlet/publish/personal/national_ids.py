"""Check digits and formats of the numbers that states give to people. Digits come as text."""

from __future__ import annotations

import re
from datetime import date

from martlet.publish.personal.checksums import digits_of, luhn

_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_FISCAL_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25,
               24, 23)  # fmt: skip


def is_ssn(text: str) -> bool:
    """A social security number of the USA; it has no check digit, but some were never given."""
    area, group, serial = re.split(r"[- ]", text)
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def is_steuer_id(text: str) -> bool:
    """A German tax id: ISO 7064 mod 11,10, and one digit of the first ten two or three times."""
    digits = digits_of(text)
    counts = sorted(digits[:10].count(digit) for digit in set(digits[:10]))
    if digits[0] == "0" or counts[-1] not in (2, 3) or counts[-2:] == [2, 2]:
        return False
    product = 10
    for char in digits[:10]:
        total = (int(char) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(digits[10])


def is_nir(text: str) -> bool:
    """A French social security number with its key."""
    plain = re.sub(r"[\s.]", "", text).upper()
    body = plain[:13].replace("2A", "19", 1).replace("2B", "18", 1)
    month = int(plain[3:5])
    in_year = 1 <= month <= 12 or 20 <= month <= 42
    return body.isdigit() and in_year and 97 - int(body) % 97 == int(plain[13:])


def is_dni(text: str) -> bool:
    """A Spanish DNI or NIE: the letter follows from the number."""
    plain = re.sub(r"[-. ]", "", text).upper()
    number = plain[:-1].translate(str.maketrans("XYZ", "012"))
    return _DNI_LETTERS[int(number) % 23] == plain[-1]


def is_codice_fiscale(text: str) -> bool:
    """An Italian tax code: the last letter follows from the others."""
    plain = text.upper()
    places = [int(char, 36) - 10 if char.isalpha() else int(char) for char in plain[:15]]
    total = sum(
        _FISCAL_ODD[place] if index % 2 == 0 else place for index, place in enumerate(places)
    )
    return chr(65 + total % 26) == plain[15]


def is_nino(text: str) -> bool:
    """A British national insurance number; its letters are restricted (QQ is for examples)."""
    text = text.replace("QQ", "AB", 1)
    return bool(re.fullmatch(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?(\d\d ?){3}[A-D]", text))


def is_cpf(text: str) -> bool:
    """A Brazilian taxpayer's number with its two check digits."""
    digits = [int(char) for char in digits_of(text)]
    for size in (9, 10):
        total = sum(digit * (size + 1 - place) for place, digit in enumerate(digits[:size]))
        if total * 10 % 11 % 10 != digits[size]:
            return False
    return len(set(digits)) > 1


def is_ahv(text: str) -> bool:
    """A Swiss social insurance number: an EAN that begins with 756."""
    digits = [int(char) for char in digits_of(text)]
    return (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0


def is_pesel(text: str) -> bool:
    """A Polish PESEL: a birth date and a check digit."""
    digits = [int(char) for char in digits_of(text)]
    total = sum(
        digit * weight for digit, weight in zip(digits, (1, 3, 7, 9) * 2 + (1, 3, 1), strict=True)
    )
    return total % 10 == 0 and 1 <= int(text[2:4]) % 20 <= 12 and 1 <= int(text[4:6]) <= 31


def is_personnummer(text: str) -> bool:
    """A Swedish personal number: a birth date and a Luhn digit."""
    digits = digits_of(text)[-10:]
    return luhn(digits) and _is_day(digits[2:4], digits[4:6])


def is_bsn(text: str) -> bool:
    """A Dutch citizen's number: the eleven test."""
    digits = [int(char) for char in digits_of(text)]
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(digit * weight for digit, weight in zip(digits, weights, strict=True))
    return total % 11 == 0 and any(digits)


def is_sin(text: str) -> bool:
    """A Canadian social insurance number, written in groups."""
    return luhn(text) and text[0] not in "08"


def is_hetu(text: str) -> bool:
    """A Finnish personal identity code: a birth date and a check character."""
    number = int(text[:6] + text[7:10])
    return (
        _is_day(text[2:4], text[:2]) and "0123456789ABCDEFHJKLMNPRSTUVWXY"[number % 31] == text[-1]
    )


def is_rut(text: str) -> bool:
    """A Chilean RUT with its check digit."""
    body, check = digits_of(text[:-2]), text[-1].upper()
    total = sum(int(char) * (2 + place % 6) for place, char in enumerate(reversed(body)))
    return "0K987654321"[total % 11] == check


def is_aadhaar(text: str) -> bool:
    """An Indian Aadhaar: the check digit of Verhoeff."""
    check = 0
    for place, char in enumerate(reversed(digits_of(text))):
        check = _dihedral(check, _permuted(place % 8, int(char)))
    return check == 0


def is_rijksregister(text: str) -> bool:
    """A Belgian national number: a birth date and the remainder by 97."""
    digits = digits_of(text)
    body, check = digits[:9], int(digits[9:])
    fits = any(97 - int(century + body) % 97 == check for century in ("", "2"))
    return fits and _is_day(digits[2:4], digits[4:6])


def is_rodne_cislo(text: str) -> bool:
    """A Czech or Slovak birth number: a birth date (women's months plus 50), divisible by 11."""
    digits = digits_of(text)
    month = f"{int(digits[2:4]) % 50:02}"
    return int(digits) % 11 == 0 and _is_day(month, digits[4:6])


def is_resident_id(text: str) -> bool:
    """A Chinese resident id: a birth date and a check character."""
    total = sum(int(char) * (2 ** (17 - place) % 11) for place, char in enumerate(text[:17]))
    in_time = "1900" <= text[6:10] <= "2099" and _is_day(text[10:12], text[12:14])
    return in_time and "10X98765432"[total % 11] == text[-1].upper()


def is_kimlik(text: str) -> bool:
    """A Turkish identity number with its two check digits."""
    digits = [int(char) for char in text]
    tenth = (7 * sum(digits[:9:2]) - sum(digits[1:8:2])) % 10
    return tenth == digits[9] and sum(digits[:10]) % 10 == digits[10]


def _is_day(month: str, day: str) -> bool:
    try:
        date(2000, int(month), int(day))
    except ValueError:
        return False
    return True


def _dihedral(left: int, right: int) -> int:
    """The product in the dihedral group of order ten."""
    if left < 5:
        return (left + right) % 5 if right < 5 else (left + right - 5) % 5 + 5
    return (left - right) % 5 + 5 if right < 5 else (left - right) % 5


def _permuted(times: int, digit: int) -> int:
    """Verhoeff's permutation, applied so many times."""
    for _ in range(times):
        digit = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[digit]
    return digit
