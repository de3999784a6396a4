"""The journey of a review: what waits for a decision, and a decision put on record."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from martlet.catalog.parts import PERSONAL_FILE
from martlet.catalog.personal import decisions_file, load_decisions, with_decision
from martlet.errors import RequestError, did_you_mean
from martlet.flow.personal import KINDS, Choice, Decision, Finding, latest
from martlet.publish import store
from martlet.publish.files import disk_errors, write_whole
from martlet.publish.personal.waiting import Found, read_findings
from martlet.settings import Settings


@dataclass(frozen=True)
class Waiting:
    """A column that is withheld until somebody decides. `share` is of the rows with a value."""

    mart: str
    column: str
    kinds: tuple[str, ...]
    share: float | None
    shape: str
    sampled: bool

    @property
    def line(self) -> str:
        """One line for a person: never a value."""
        kinds = ", ".join(KINDS[kind] for kind in self.kinds)
        share = "by its name" if self.share is None else f"{self.share:.2%} of rows"
        part = ", of a sample" if self.sampled else ""
        shape = f", such as {self.shape}" if self.shape else ""
        return f"{self.mart}.{self.column}: {kinds} ({share}{part}{shape})"


def waiting(settings: Settings) -> list[Waiting]:
    """The columns that the last publish withheld, and that no decision covers yet.

    Raises: CatalogInvalid for a file of decisions with problems.
    """
    found = read_findings(settings.home)
    decisions = load_decisions(_file(settings, found))
    columns: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for item in found.findings:
        columns[item.mart, item.column].append(item)
    return [
        _waiting(items)
        for (mart, column), items in columns.items()
        if not _is_settled(latest(decisions, mart, column), items)
    ]


def sampled(settings: Settings) -> tuple[str, ...]:
    """The marts in which the last publish looked at a sample of the rows alone."""
    return read_findings(settings.home).sampled


def decide(
    settings: Settings, place: str, choice: Choice, *, who: str, why: str, on: str = ""
) -> Decision:
    """Put a decision about `mart.column` on record; it takes effect with the next publish.

    A decision to publish covers the kinds that were found, and no other.
    Raises: RequestError for a column that there is none of, or nothing to decide about;
    CatalogInvalid, BuildFailed `build.disk`.
    """
    if not who.strip() or not why.strip():
        raise RequestError(
            "request.invalid",
            "A decision needs who decided and why.",
            next_step="Add --who NAME --why TEXT.",
        )
    found = read_findings(settings.home)
    mart, column = _column(settings, place, found)
    items = [item for item in found.findings if (item.mart, item.column) == (mart, column)]
    kinds = tuple(item.kind for item in items)
    if choice == "publish" and not kinds:
        raise RequestError(
            "request.invalid",
            f"Nothing personal was found in `{mart}.{column}`.",
            next_step="It is published already, or marked as personal where it is defined: change "
            "the mark there.",
        )
    decided = Decision(
        mart, column, choice, who.strip(), why.strip(), kinds, on, items[0].type if items else ""
    )
    file = _file(settings, found)
    with disk_errors():
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, with_decision(file, decided))
    return decided


def _file(settings: Settings, found: Found) -> Path:
    if settings.catalog:
        return decisions_file(settings.catalog)
    return found.decisions or settings.home / PERSONAL_FILE


def _is_settled(decision: Decision | None, items: list[Finding]) -> bool:
    if decision is None:
        return False
    return decision.choice != "publish" or decision.allows(
        [item.kind for item in items], items[0].type
    )


def _waiting(items: list[Finding]) -> Waiting:
    shares = [item.share for item in items if item.share is not None]
    first = items[0]
    return Waiting(
        mart=first.mart,
        column=first.column,
        kinds=tuple(item.kind for item in items),
        share=max(shares, default=None),
        shape=next((item.shape for item in items if item.shape), ""),
        sampled=first.sampled,
    )


def _column(settings: Settings, place: str, found: Found) -> tuple[str, str]:
    """The mart and column that `mart.column` names, as the database spells them."""
    known = {f"{item.mart}.{item.column}": (item.mart, item.column) for item in found.findings}
    state = store.open_build(store.current(settings.home)).state if _has_build(settings) else None
    for mart in state.marts.values() if state else ():
        held = (*mart.columns, *(item.rpartition(": ")[0] for item in mart.withheld))
        known |= {f"{mart.name}.{column}": (mart.name, column) for column in held}
    for name, (mart_name, column) in known.items():
        if name.casefold() == place.casefold():
            return mart_name, column
    raise RequestError(
        "request.invalid",
        f"`{place}` names no column of a mart.",
        next_step=f"Write mart.column. {did_you_mean(place, known)}".strip(),
    )


def _has_build(settings: Settings) -> bool:
    return (store.published(settings.home) / "current").exists()
