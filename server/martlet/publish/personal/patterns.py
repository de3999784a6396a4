"""All looks that are searched for, and those of devices, secrets and links."""

from __future__ import annotations

from martlet.publish.personal import checksums
from martlet.publish.personal.contact import CONTACT
from martlet.publish.personal.named import NAMED
from martlet.publish.personal.numbered import NUMBERED
from martlet.publish.personal.pattern import Pattern

_OTHER: tuple[Pattern, ...] = (
    Pattern(
        "device",
        r"(?:^|[^\p{L}\p{N}_:.\-])([0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5})(?:$|[^\p{L}\p{N}_:\-])",
        checksums.is_mac,
    ),
    Pattern(
        "device",
        r"(Mozilla/\d\.\d \([^)]{3,}|(?:Dalvik|okhttp|CFNetwork)/\d"
        r"|\((?:iPhone|iPad|Linux; (?:U; )?Android|Windows NT|Macintosh)[; ][^)]*\))",
        needle=("/", "("),
    ),
    Pattern(
        "device",
        r"(?:^|[^\p{L}\p{N}])(GA1\.\d\.\d{5,}\.\d{9,}|fb\.\d\.\d{10,}\.[\w-]{5,})",
        needle=("GA1.", "fb."),
    ),
    Pattern(
        "account",
        r"(?i)((?:linkedin\.com/in|facebook\.com/(?:people|profile\.php)|wa\.me|tiktok\.com/@"
        r"|xing\.com/profile)[/?@]?[\w.%-]{3,})",
        needle=(".com/", "wa.me/"),
    ),
    Pattern(
        "account",
        r"(?:^|[\s(,;:\"\[])(@\p{L}[\p{L}\p{N}_.]{2,29})(?:$|[\s,;!?)\"\]])",
        checksums.is_handle,
        needle=("@",),
    ),
    Pattern(
        "url",
        r"(?i)/((?:users?|customers?|clients?|accounts?|members?|profiles?|contacts?|people|kunden?)"
        r"/(?:\d{3,}|[0-9a-f-]{16,}|\d+-[\w-]+))(?:$|[/?#\s\"])",
        needle=("/",),
    ),
    Pattern(
        "url",
        r"(?i)/((?:reset|password|passwd|login|magic|verify|confirm|invites?|invitation|unsubscribe|auth"
        r"|authenticate|activate|checkouts?|orders|token)/[\w-]{20,})(?:$|[/?#\s\"])",
        checksums.is_path_token,
        needle=("/",),
    ),
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
        "secret",
        r"(?i)(?:^|[^\p{L}])((?:api[_-]?key|access[_-]?key|secret|token|bearer)\s?[:=]?\s?[\w.-]{16,})",
        checksums.is_token,
    ),
    Pattern("url", r"(\p{L}[\p{L}\p{N}+.-]*://[^/\s:@]+:[^/\s@]+@)", needle=("://",)),
)

PATTERNS = (*CONTACT, *NAMED, *NUMBERED, *_OTHER)
