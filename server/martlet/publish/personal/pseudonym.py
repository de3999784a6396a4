"""Keyed pseudonyms: HMAC-SHA256 under one key an audience, computed inside DuckDB.

The key is given as the two halves that HMAC pads it to, as parameters: no SQL text holds it.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import stat
from pathlib import Path

from martlet.errors import BuildFailed
from martlet.publish.files import disk_errors, sweep_beside, write_whole

KEY_BYTES = 32
SHOWN = 32  # hex digits of a pseudonym: 128 bits, so that two values never meet by accident
_BLOCK = 64


def load_key(home: Path, audience: str, *, is_used: bool = False) -> bytes:
    """The audience's key, which its owner alone can read.

    Where there is none a new one is made, unless one is in use: what it made would silently match
    no more. Raises: BuildFailed `build.key` for that, and for
    a key that others can read or that is none; `build.disk` when it cannot be written.
    """
    file = key_file(home, audience)
    with disk_errors():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not os.path.lexists(file):
            if is_used:
                raise _lost(file)
            _create(file)
    try:
        return _read(file)
    except OSError as error:
        raise _no_key(file) from error


def key_file(home: Path, audience: str) -> Path:
    """Where an audience's key is. Raises: BuildFailed for a name that could be another path."""
    if not re.fullmatch(r"[\w-]+", audience):
        raise BuildFailed(
            "build.key",
            f"`{audience}` cannot name a key.",
            next_step="Name audiences with letters, digits, `_` and `-`.",
        )
    return home / "keys" / f"{audience}.key"


def key_id(key: bytes) -> str:
    """A name for the key that tells nothing of it; another key has another name."""
    return hmac.digest(key, b"martlet key id", "sha256").hex()[:12]


def pseudonym(value: str, key: bytes) -> str:
    """The pseudonym of a value as `pseudonym_sql` computes it."""
    return hmac.digest(key, value.encode(), "sha256").hex()[:SHOWN]


def pseudonym_sql(column: str) -> str:
    """SQL for the pseudonym of a quoted column's exact value as text; null stays null.

    Its parameters $inner and $outer are those of `key_parameters`.
    """
    text = f"encode(cast({column} as varchar))"
    inner = f"unhex(sha256($inner::blob || {text}))"
    return f"left(sha256($outer::blob || {inner}), {SHOWN})"


def key_parameters(key: bytes) -> dict[str, bytes]:
    """The key as HMAC's two padded blocks. Source: RFC 2104, section 2."""
    block = key.ljust(_BLOCK, b"\0")
    return {
        "inner": bytes(byte ^ 0x36 for byte in block),
        "outer": bytes(byte ^ 0x5C for byte in block),
    }


def _create(file: Path) -> None:
    """Write a new key beside and rename it, so that a key file is whole or not there."""
    before = os.umask(0o077)
    try:
        sweep_beside(file)  # a half key that a publisher left that died
        write_whole(file, secrets.token_hex(KEY_BYTES) + "\n")
    finally:
        os.umask(before)


def _read(file: Path) -> bytes:
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        status = os.fstat(descriptor)
        text = os.read(descriptor, 4 * KEY_BYTES).decode("ascii", "replace").strip()
    finally:
        os.close(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_mode & 0o077:
        raise BuildFailed(
            "build.key",
            f"The key {file.name} can be read by others than its owner.",
            next_step="Run `chmod 600` on it; if others may have read it, replace it.",
        )
    if not re.fullmatch(rf"[0-9a-f]{{{2 * KEY_BYTES}}}", text):
        raise _no_key(file)
    return bytes.fromhex(text)


def _no_key(file: Path) -> BuildFailed:
    return BuildFailed(
        "build.key",
        f"{file.name} is not a key.",
        next_step="Put the key back, a plain file of 64 hex digits; how to take a new one tells "
        "docs/personal-data.md.",
    )


def _lost(file: Path) -> BuildFailed:
    return BuildFailed(
        "build.key",
        f"The key {file.name} is gone, and what was made with it would match nothing any more.",
        next_step="Put the key back. docs/personal-data.md tells how to take a new one on purpose.",
    )
