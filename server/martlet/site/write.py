"""Writing the site: whole, beside the old one, then in its place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from martlet.errors import RequestError, ServerError
from martlet.site.render import MARK


def write_site(files: Iterable[tuple[str, str]], out: Path) -> int:
    """Write the files into a new folder and put it in the place of `out`; the number of them.

    A folder that holds anything but an earlier site is not touched. When writing fails the earlier
    site stays. Raises: RequestError `site.folder`; ServerError `site.disk`.
    """
    target = out.absolute()
    refuse_other(target)
    beside = target.parent / f".{target.name}.{os.getpid()}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(beside, ignore_errors=True)
        written = _write(files, beside)
        _exchange(beside, target)
    except OSError as error:
        raise ServerError(
            "site.disk",
            f"The site cannot be written: {error.strerror or error}.",
            where=str(target),
            next_step="Make room, or name another folder with --out.",
        ) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return written


def refuse_other(target: Path) -> None:
    """Raises: RequestError `site.folder` for a file, or a folder with something else in it."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        said = "is not a folder"
    elif target.is_dir() and any(target.iterdir()) and not (target / MARK).is_file():
        said = "holds something that is not a site of Martlet"
    else:
        return
    raise RequestError(
        "site.folder",
        f"The folder {said}, so nothing was written.",
        where=str(target),
        next_step="Name an empty or new folder with --out.",
    )


def _write(files: Iterable[tuple[str, str]], folder: Path) -> int:
    number = 0
    for path, text in files:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
        number += 1
    return number


def _exchange(new: Path, target: Path) -> None:
    """Two renames; when the second fails the old folder comes back."""
    old = new.with_name(f"{new.name}.old")
    if target.exists():
        target.rename(old)
    try:
        new.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
