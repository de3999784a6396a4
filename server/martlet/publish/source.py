"""What there is to publish, wherever it comes from: marts in a DuckDB file, and what is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from martlet.flow.build import MartState, SourceState, TestState


@dataclass(frozen=True)
class SourceColumn:
    """A column of a mart. `withheld` is the reason why it is not published; empty: it is.

    `how` it is copied: as it is, as a keyed pseudonym, or as the pseudonym that it already is.
    `reviewed`: its authors say that it is not personal. `passed` are the kinds of personal data
    that it is published with, because somebody decided so.
    """

    name: str
    withheld: str = ""
    how: Literal["copy", "pseudonym", "pseudonymised"] = "copy"
    reviewed: bool = False
    passed: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceKey:
    """Columns that are said to be a key; `nullable` when only said to be unique."""

    columns: tuple[str, ...]
    nullable: bool = False
    origin: Literal["source", "catalog", "found"] = "source"


@dataclass(frozen=True)
class SourceForeignKey:
    """Columns that are said to point to another mart."""

    columns: tuple[str, ...]
    to_mart: str
    to_columns: tuple[str, ...]
    origin: Literal["source", "catalog"] = "source"


@dataclass(frozen=True)
class SourceMart:
    """A table or view to publish under `name`; its keys are declared, not yet proven."""

    name: str
    schema: str
    relation: str
    columns: tuple[SourceColumn, ...]
    keys: tuple[SourceKey, ...] = ()
    foreign_keys: tuple[SourceForeignKey, ...] = ()
    rebuilt: bool = True

    def published(self) -> tuple[str, ...]:
        """Names of the columns that go into the published file, in order."""
        return tuple(column.name for column in self.columns if not column.withheld)

    def is_pseudonym(self, column: str) -> bool:
        """Whether a column is published as a keyed pseudonym."""
        return any(item.name == column and item.how != "copy" for item in self.columns)


@dataclass(frozen=True)
class Fingerprint:
    """How a file looked when what is known about it was found out."""

    size: int
    modified_ns: int


@dataclass(frozen=True)
class MartSource:
    """A database file with marts in it, their tests and the state of the data behind them.

    `fingerprint` is there when tests speak of exactly this state of the file; `built_at` (ISO) when
    the data is older than this publishing, and `marked` when it was published so before. `files`
    are others that the database's views read, as they looked when they were verified. `known` is
    what was measured in a database that is itself a published file with the hash `sha256`, and
    `freshness_clock` what the sources were judged against then. `switched_off` tells of models that
    would be marts why they are none.
    """

    database: Path
    marts: tuple[SourceMart, ...]
    tests: tuple[TestState, ...] = ()
    sources: tuple[SourceState, ...] = ()
    failed_tests: tuple[str, ...] = ()
    invocation_id: str = ""
    origin: str = "dbt"
    fingerprint: Fingerprint | None = None
    built_at: str = ""
    marked: bool = False
    files: tuple[tuple[Path, Fingerprint], ...] = ()
    known: Mapping[str, MartState] = field(default_factory=dict)
    sha256: str = ""
    pseudonym_key: str = ""
    freshness_clock: Literal["", "wall", "data"] = ""
    switched_off: Mapping[str, str] = field(default_factory=dict)


def fingerprint(file: Path) -> Fingerprint:
    """The present look of a file. Raises: OSError."""
    stat = file.stat()
    return Fingerprint(stat.st_size, stat.st_mtime_ns)
