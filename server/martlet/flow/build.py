"""The state of a published build, as measured when it was published; `build.json` is this."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from martlet.flow.catalog import Frozen, Scalar

TestStatus = Literal["pass", "warn", "fail", "error", "skipped", "not_run"]


class Key(Frozen):
    """A key and what was counted; it holds when no value repeats and, unless nullable, none lacks.

    `nullable`: declared as unique and no more, so rows without a value are no fault. `origin`: who
    says that it is a key; `found` was measured in a mart for which nobody declared one.
    """

    columns: tuple[str, ...]
    rows: int
    distinct: int
    nulls: int
    nullable: bool = False
    origin: Literal["source", "catalog", "found"] = "source"

    @property
    def holds(self) -> bool:
        unique = self.rows - self.nulls == self.distinct
        return unique and (self.nullable or self.nulls == 0)


class ForeignKey(Frozen):
    """A column that points to another mart; `unresolved` counts rows whose value is not there."""

    columns: tuple[str, ...]
    to_mart: str
    to_columns: tuple[str, ...]
    nulls: int
    unresolved: int
    origin: Literal["source", "catalog"] = "source"


class Profile(Frozen):
    """What a column holds. `top` are the most frequent values of a column with few of them.

    With `sampled` rows looked at, `nulls` is an estimate for all rows; the rest is of those rows.
    """

    type: str
    nulls: int
    distinct: int
    estimated: bool = False  # `distinct` is an estimate; it is one beyond a few thousand
    min: str | None = None
    max: str | None = None
    top: tuple[tuple[Scalar, int], ...] = ()
    sampled: int = 0  # rows looked at, spread evenly; 0: all

    @property
    def is_never_null(self) -> bool:
        """Whether every row was looked at and has a value."""
        return self.nulls == 0 and not self.sampled


class MartState(Frozen):
    """One mart of a build. Days are ISO dates in the catalog's time zone."""

    name: str
    row_count: int
    columns: dict[str, Profile] = Field(default_factory=dict)
    withheld: tuple[str, ...] = ()  # columns of the mart that are not published, with reason
    pseudonyms: tuple[str, ...] = ()  # columns whose values are keyed pseudonyms
    reviewed: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    # column -> kinds of personal data that somebody decided to publish
    keys: tuple[Key, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    newest: dict[str, str] = Field(default_factory=dict)  # time column -> newest value
    loaded_at: str | None = None
    complete_through: str | None = None
    rebuilt: bool = True  # False: this dbt invocation did not rebuild it, so it is stale
    proof: Literal["measured", "none"] = "measured"


class TestState(Frozen):
    """A dbt test of this build's own invocation. `counts`: no where, default warn_if/error_if."""

    __test__ = False

    name: str
    status: TestStatus
    marts: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    failures: int | None = None
    ran_at: str | None = None  # when it ended, ISO in UTC; None when it was not run
    counts: bool = True
    upstream: bool = False  # a test of a model that the mart is built from


class SourceState(Frozen):
    """Freshness of a source at build time."""

    name: str
    newest: str | None
    status: Literal["pass", "warn", "error", "unknown"]
    age_hours: float | None = None
    marts: tuple[str, ...] = ()  # marts built from this source, near or far


class BuildState(Frozen):
    """One published build, whole."""

    build_id: str
    format: Literal[1] = 1
    built_at: str
    audience: str = "default"
    origin: str = "dbt"  # dbt | database
    dbt_invocation_id: str = ""
    catalog_hash: str = ""
    as_of: str | None = None  # newest day with data over all marts
    complete_through: str | None = None
    freshness_clock: Literal["wall", "data"] = "wall"
    marked: bool = False  # published although tests failed
    left_out: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    # mart that is not published, since all its columns are withheld -> those, with reason
    switched_off: dict[str, str] = Field(default_factory=dict)
    # model that would be a mart, but is switched off in dbt -> why
    pseudonym_key: str = ""  # names the key of the pseudonyms, and tells nothing of it
    marts: dict[str, MartState] = Field(default_factory=dict)
    tests: tuple[TestState, ...] = ()
    sources: tuple[SourceState, ...] = ()
    files: dict[str, str] = Field(default_factory=dict)  # file name -> sha256
