"""What is done with each column: marks first, then decisions, then what the detector found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from martlet.errors import BuildFailed
from martlet.flow.personal import KINDS, Decision, Finding, latest
from martlet.publish.connect import opened_source
from martlet.publish.personal.scan import find_personal
from martlet.publish.selection import PERSONAL
from martlet.publish.source import MartSource, SourceColumn, SourceMart

Marts = tuple[SourceMart, ...]
Place = tuple[str, str]  # mart and column
Seen = Mapping[Place, tuple[tuple[str, ...], str]]  # the kinds found, and the column's type


@dataclass(frozen=True)
class Reviews:
    """The decisions about personal data, and the file that more are written to."""

    decisions: tuple[Decision, ...] = ()
    file: Path | None = None


@dataclass
class Guard:
    """Withholds what looks personal and nobody has reviewed.

    What is hidden or marked stays so, whatever was decided, except that a marked column may be
    published as a pseudonym. A decision to publish holds for the kinds that it names. Afterwards
    `findings` is what was found (None when nothing was searched), and `left_out` are the marts of
    which nothing may be published. Searching may use the folder `spill`.
    """

    source: MartSource
    reviews: Reviews = Reviews()
    spill: Path | None = None
    findings: list[Finding] | None = None
    left_out: list[SourceMart] = field(default_factory=list)
    sampled: list[str] = field(default_factory=list)

    def __call__(self, marts: Marts) -> Marts:
        """The marts as they may be published.

        A published file is not searched again, for it holds what passed; only what passed by a
        decision that is gone is withheld. Raises: BuildFailed `build.source`.
        """
        decided = tuple(
            replace(mart, columns=tuple(self._decided(mart, item) for item in mart.columns))
            for mart in marts
        )
        if self.source.sha256:
            kinds = self._passed_before()
        else:
            self.findings = self._search(decided)
            kinds = _kinds_of(self.findings)
        judged = tuple(self._judged(mart, kinds) for mart in decided)
        self.left_out = [mart for mart in judged if not mart.published()]
        kept = tuple(mart for mart in judged if mart.published())
        if not kept:
            raise BuildFailed(
                "build.source",
                "No column of any mart may be published: all look like personal data.",
                next_step="`martlet review pii` lists them, and records what you decide.",
            )
        return kept

    def _decided(self, mart: SourceMart, column: SourceColumn) -> SourceColumn:
        decision = latest(self.reviews.decisions, mart.name, column.name)
        if decision is None:
            return column
        if decision.choice == "drop":
            return replace(column, withheld=column.withheld or "dropped by review")
        free = not column.withheld or (column.withheld == PERSONAL and not self.source.sha256)
        if decision.choice == "pseudonym" and free and column.how == "copy":
            return replace(column, withheld="", how="pseudonym")
        return column

    def _search(self, marts: Marts) -> list[Finding]:
        """All findings in columns that would be copied as they are."""
        files = [file for file, _ in self.source.files]
        found: list[Finding] = []
        with opened_source(self.source.database, writable=self.spill, also=files) as (con, alias):
            for mart in marts:
                columns = [item.name for item in mart.columns if _is_open(item)]
                try:
                    search = find_personal(con, alias, mart, columns)
                except duckdb.Error as error:
                    raise _unsearchable(mart, error) from error
                found += search.findings
                self.sampled += [mart.name] if search.sampled else []
        return found

    def _passed_before(self) -> Seen:
        return {
            (mart, column): (kinds, state.columns[column].type if column in state.columns else "")
            for mart, state in self.source.known.items()
            for column, kinds in state.reviewed.items()
        }

    def _judged(self, mart: SourceMart, kinds: Seen) -> SourceMart:
        return replace(
            mart,
            columns=tuple(
                self._passed(mart, column, *kinds[mart.name, column.name])
                if (mart.name, column.name) in kinds and _is_open(column)
                else column
                for column in mart.columns
            ),
        )

    def _passed(
        self, mart: SourceMart, column: SourceColumn, found: Sequence[str], type_: str
    ) -> SourceColumn:
        decision = latest(self.reviews.decisions, mart.name, column.name)
        if decision and decision.allows(found, type_):
            return replace(column, passed=tuple(found))
        return replace(column, withheld=reason(found))


def has_pseudonym(mart: SourceMart) -> bool:
    """Whether a pseudonym must be computed for the mart."""
    return any(item.how == "pseudonym" and not item.withheld for item in mart.columns)


def reason(kinds: Sequence[str]) -> str:
    """Why a column is withheld: the kinds, never a value."""
    named = ", ".join(KINDS[kind] for kind in kinds)
    return f"looks like personal data ({named}), not reviewed"


def _is_open(column: SourceColumn) -> bool:
    return not column.withheld and not column.reviewed and column.how == "copy"


def _kinds_of(findings: Sequence[Finding]) -> Seen:
    seen: dict[Place, tuple[tuple[str, ...], str]] = {}
    for item in findings:
        place = (item.mart, item.column)
        seen[place] = ((*seen.get(place, ((), ""))[0], item.kind), item.type)
    return seen


def _unsearchable(mart: SourceMart, error: duckdb.Error) -> BuildFailed:
    # DuckDB's text may quote a value, so only the kind of the fault is told
    return BuildFailed(
        "build.source",
        f"{mart.schema}.{mart.relation} cannot be searched for personal data: "
        f"{type(error).__name__}.",
        next_step="Build it with dbt and publish again; what is published now stays in force.",
    )
