"""Check digits and formats that tell a real number from a look-alike. Digits come as text."""

from __future__ import annotations

import ipaddress
import re

_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28,
    "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23,
    "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
    "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18,
    "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24,
    "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23, "TN": 24,
    "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip
_CARDS = re.compile(
    r"4\d{15}|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|2720\d{12}|3[47]\d{13}"
    r"|6(?:011|4[4-9]\d|5\d\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|3(?:0[0-5]|[689]\d)\d{11}"
    r"|62\d{14,17}"
)
_FILE_ENDINGS = frozenset(
    ("png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "css", "js", "mjs", "ts", "map", "json")
    + ("pdf", "ico")
)
_CALLING_CODES = re.compile(
    r"1[2-9]|7\d|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
    r"|21[1238]|2[2-6]\d|29[0-9]|35\d|37\d|38[0-9]|42[013]|50\d|59\d|67\d|68\d|69\d|80[08]|85\d"
    r"|87\d|88[0-68]|96\d|97\d|99[2-68]"
)


def luhn(text: str) -> bool:
    """The last digit checks the others, as on cards."""
    digits = [int(char) for char in reversed(digits_of(text))]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def is_card(text: str) -> bool:
    """A payment card: issuer's prefix, length and check digit."""
    digits = digits_of(text)
    return bool(_CARDS.fullmatch(digits)) and luhn(digits)


def is_iban(text: str) -> bool:
    """A bank account: the country's length, and the remainder by 97."""
    plain = re.sub(r"[\s-]", "", text).upper()
    length = _IBAN_LENGTHS.get(plain[:2], 0)
    if len(text.split()) > 1:  # words may follow that look like one more group
        plain = plain[:length]
    if not length or length != len(plain) or not plain.isalnum() or not plain.isascii():
        return False
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def is_ipv4(text: str) -> bool:
    """Four parts below 256; small parts alone are more likely a version."""
    parts = text.split(".")
    plain = all(part == str(int(part)) for part in parts) and parts[0] not in ("0", "127", "255")
    return plain and 64 <= max(map(int, parts)) <= 255


def is_ipv6(text: str) -> bool:
    """An address that is more than a time of day or the empty address."""
    try:
        found = ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return not (found.is_unspecified or found.is_loopback) and len(text) >= 6


def is_international_phone(text: str) -> bool:
    """A country's calling code, and 8 to 15 digits in all."""
    digits = re.sub(r"\(0\)", "", text)
    digits = digits_of(digits).removeprefix("00")
    known = any(_CALLING_CODES.fullmatch(digits[:size]) for size in (2, 3))
    return known and 8 <= len(digits) <= 15 and not _is_dull(digits[2:])


def is_national_phone(text: str) -> bool:
    """A number with its trunk prefix or area code: 9 to 12 digits that vary."""
    digits = digits_of(text)
    is_day = re.match(r"\d{1,2}[/-]\d{1,2}[/-](19|20)\d\d", text)
    fits = 9 <= len(digits) <= 12 and not digits.startswith("00")
    return fits and not is_day and not _is_dull(digits)


def is_called_phone(text: str) -> bool:
    """A number that somebody is told to call; no day."""
    digits = digits_of(text)
    is_day = re.match(r"(19|20)\d\d[-/.]?[01]\d|\d{1,2}[-/.]\d{1,2}[-/.](19|20)?\d\d", text)
    return 7 <= len(digits) <= 14 and not is_day and not _is_dull(digits)


def is_position(text: str) -> bool:
    """Latitude and longitude."""
    latitude, longitude = (float(part) for part in re.split(r"[,;]\s*", text))
    return abs(latitude) <= 90 and abs(longitude) <= 180 and bool(latitude or longitude)


def is_mac(text: str) -> bool:
    """A network card's address; with dashes only when it has a letter."""
    return ":" in text or bool(re.search(r"[A-Fa-f]", text))


def is_email(text: str) -> bool:
    """An address whose last part is no file ending: `icon@2x.png` is a picture."""
    return text.rpartition(".")[2].lower() not in _FILE_ENDINGS


def is_imei(text: str) -> bool:
    """The number of a mobile device: fifteen digits that pass Luhn, and vary."""
    return luhn(text) and not _is_dull(text) and len(set(text)) > 3


def is_handle(text: str) -> bool:
    """A user's handle, and no rule of a style sheet."""
    return text.lower() not in ("@media", "@import", "@font", "@page", "@charset", "@param")


def is_path_token(text: str) -> bool:
    """A path that ends in a key, not in words."""
    return is_token(text.rpartition("/")[2])


def is_token(text: str) -> bool:
    """A text with digits and letters mixed, such as nobody writes."""
    word = re.split(r"[\s:=]+", text)[-1]
    return len(re.findall(r"\d+", word)) >= 2 and bool(re.search(r"[A-Za-z]", word))


def digits_of(text: str) -> str:
    return re.sub(r"\D", "", text)


def _is_dull(digits: str) -> bool:
    """The same digit over and over: a filler, not a number that somebody has."""
    return len(set(digits)) <= 1 or bool(re.search(r"(\d)\1{6}", digits))
