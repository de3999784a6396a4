"""The key of the marks: made once, kept beside the log, read by its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

KEY_BYTES = 32


def read_key(file: Path) -> bytes:
    """The key in the file; the first of several processes that look for it makes it.

    Raises: OSError when it can neither be read nor made, ValueError when it is no key.
    """
    if not file.exists():
        _make(file)
    key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    if len(key) != KEY_BYTES:
        raise ValueError(f"{file.name} holds no key of {KEY_BYTES} bytes")
    return key


def _make(file: Path) -> None:
    """Write a key beside the place and link it there: it appears whole, and only once."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:  # all of it, or an error
            stream.write(secrets.token_hex(KEY_BYTES) + "\n")
            stream.flush()
            os.fsync(handle)
        os.link(beside, file)
    except FileExistsError:
        return  # another process was first; its key is the key
    finally:
        beside.unlink()
