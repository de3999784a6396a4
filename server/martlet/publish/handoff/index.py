"""`marts.json` of a hand-off: what was handed over, and the hash of every file of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from martlet.errors import BuildFailed
from martlet.publish.files import sha256

FILE = "marts.json"
PlainName = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_][0-9A-Za-z_.]*$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)


class HandedFile(_Strict):
    """A file beside the index."""

    file: PlainName
    sha256: Sha256
    bytes: int


class HandedColumn(_Strict):
    """A column and the DuckDB type that it has at home."""

    name: str
    type: str


class HandedMart(HandedFile):
    """One mart as a Parquet file. `left_out`: columns that stayed at home, with the reason."""

    name: str
    unique_id: str
    rows: int
    columns: list[HandedColumn]
    left_out: dict[str, str]


class Index(_Strict):
    """The whole hand-off."""

    exported_at: AwareDatetime
    invocation_id: str
    artifacts: dict[PlainName, HandedFile]
    marts: list[HandedMart] = Field(min_length=1)


def read_index(content: bytes) -> Index:
    """The index in this content. Raises: BuildFailed `build.source` when it was changed."""
    try:
        found = json.loads(content)
        if not isinstance(found, dict) or found.get("format") != 1:
            raise ValueError("it is of another version of the exporter")
        index = Index.model_validate_json(json.dumps(found))
    except (ValueError, ValidationError) as error:
        raise refused(FILE, f"cannot be read: {_reason(error)}") from error
    if found.get("sha256") != _digest(found):
        raise refused(FILE, "was changed after it was exported")
    return index


def verify(entry: HandedFile, file: Path) -> None:
    """Make sure that a file is the one that was exported. Raises: BuildFailed `build.source`."""
    try:
        same = file.stat().st_size == entry.bytes and sha256(file) == entry.sha256
    except OSError as error:
        raise refused(entry.file, "is missing or cannot be read") from error
    if not same:
        raise refused(entry.file, "is not the file that was exported")


def refused(name: str, reason: str) -> BuildFailed:
    """The error for a hand-off that is not as it was exported."""
    return BuildFailed(
        "build.source",
        f"{name} of the hand-off {reason}.",
        next_step="Export again; what is published now stays in force.",
    )


def _digest(found: dict[str, Any]) -> str:
    rest = {name: value for name, value in found.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def _reason(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return "it is no JSON" if isinstance(error, json.JSONDecodeError) else str(error)
