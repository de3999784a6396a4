"""Files that are whole or not there: hashes, forced writes, and what a full disk is called."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from martlet.errors import BuildFailed

_CHUNK = 1 << 20


def sha256(file: Path) -> str:
    """The file's SHA-256, in hex. Raises: OSError."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def same_again(file: Path, beside: Path) -> None:
    """The same content under a second name: a hard link, or a copy where there can be none.

    Published files are never written again, so that the two cannot come to differ.
    Raises: OSError.
    """
    try:
        os.link(file, beside)
    except OSError:  # another disk, or one without links; a copy fails with the reason that counts
        shutil.copyfile(file, beside)
        force(beside)


def write_whole(file: Path, text: str) -> None:
    """Write a file so that a reader sees the old or the new one, also after a power cut.

    A process that is killed leaves the half file beside it, for `sweep_beside`. Raises: OSError.
    """
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, file)
    finally:
        beside.unlink(missing_ok=True)
    force(file.parent)


def sweep_beside(file: Path) -> None:
    """Remove what a process left that died in `write_whole`. Raises: OSError."""
    for left in file.parent.glob(f".{file.name}.*"):
        left.unlink()


def force(path: Path) -> None:
    """Make sure that a file or a folder's entries are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def disk_errors() -> Iterator[None]:
    """Turns an OSError into BuildFailed `build.disk`."""
    try:
        yield
    except OSError as error:
        raise disk_error(error.strerror or str(error)) from error


def disk_error(reason: str) -> BuildFailed:
    """The error for a disk that is full or cannot be written."""
    return BuildFailed(
        "build.disk",
        f"The home cannot be written: {reason}.",
        next_step="Make room or give this user the folder; what is published now stays in force.",
    )
