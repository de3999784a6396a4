"""The list of what was found: `<home>/personal.json`, for its owner alone; never a value."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from martlet.errors import BuildFailed
from martlet.flow.personal import Finding
from martlet.publish.files import write_whole
from martlet.publish.personal.guard import Guard

FILE = "personal.json"


@dataclass(frozen=True)
class Found:
    """What the last publish that searched found, and the file that decisions go to."""

    findings: tuple[Finding, ...] = ()
    decisions: Path | None = None
    sampled: tuple[str, ...] = ()  # marts of which not all rows were looked at


def keep_findings(home: Path, guard: Guard) -> None:
    """Keep what a guard found, unless it had nothing to search. Raises: OSError."""
    if guard.findings is None:
        return
    kept = {
        "decisions": str(guard.reviews.file.absolute()) if guard.reviews.file else "",
        "sampled": guard.sampled,
        "findings": [asdict(item) for item in guard.findings],
    }
    before = os.umask(0o077)
    try:
        write_whole(home / FILE, json.dumps(kept, indent=1))
    finally:
        os.umask(before)


def read_findings(home: Path) -> Found:
    """What was found; nothing before the first publish.

    Raises: BuildFailed `build.source` for a file that is not ours.
    """
    file = home / FILE
    if not file.exists():
        return Found()
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        findings = tuple(Finding(**item) for item in kept["findings"])
        decisions = Path(kept["decisions"]) if kept["decisions"] else None
        return Found(findings, decisions, tuple(kept.get("sampled", ())))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BuildFailed(
            "build.source",
            f"{FILE} cannot be read.",
            next_step="Publish again; the list is made anew.",
        ) from error
