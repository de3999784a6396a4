"""Where the page of a thing is: file names that any disk and any link can hold."""

from __future__ import annotations

import hashlib
import re

PAGES = {"mart": "marts", "metric": "metrics"}
_PLAIN = re.compile(r"[a-z0-9_][a-z0-9_-]{0,79}")
_HASHED = re.compile(r".*-[0-9a-f]{10}")
# Windows keeps these for devices, with any ending.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}


def slug(name: str) -> str:
    """The name itself where it is plain; else what is plain of it, and a hash that tells it apart.

    Some disks know no case, so that `Revenue` and `revenue` need two files that differ otherwise.
    """
    if _PLAIN.fullmatch(name) and not _HASHED.fullmatch(name) and name not in _DEVICES:
        return name
    plain = re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-")[:60] or "x"
    return f"{plain}-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:10]}"


def page(kind: str, name: str) -> str:
    """The path of a thing's page from the top of the site."""
    return f"{PAGES[kind]}/{slug(name)}.html"


def anchor(kind: str, name: str) -> str:
    """The id of a thing within a page."""
    return f"{kind}-{slug(name)}"
