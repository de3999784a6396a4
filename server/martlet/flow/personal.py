"""Personal data: the kinds that are looked for, what was found, and what was decided."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Choice = Literal["publish", "drop", "pseudonym"]
CHOICES: tuple[Choice, ...] = ("publish", "drop", "pseudonym")

# kind: what a reader is told. The page docs/personal-data.md is made from this table.
KINDS: dict[str, str] = {
    "email": "e-mail address",
    "phone": "phone number",
    "address": "postal address",
    "name": "person's name",
    "ip": "IP address",
    "payment": "payment data",
    "free_text": "free text",
    "url": "URL with identifiers",
    "national_id": "national id",
    "birth": "date of birth",
    "location": "position on the map",
    "device": "device or cookie id",
    "account": "user name",
    "person_id": "id of a person",
    "secret": "secret or token",
}


@dataclass(frozen=True)
class Decision:
    """What someone decided about a column.

    A decision to publish covers `kinds` in a column of that `type`; without one, of any.
    """

    mart: str
    column: str
    choice: Choice
    who: str
    why: str
    kinds: tuple[str, ...] = ()
    on: str = ""
    type: str = ""

    def allows(self, kinds: Collection[str], type_: str) -> bool:
        """Whether a column of that type may be published, in which these kinds were found."""
        same = not self.type or self.type == type_
        return self.choice == "publish" and same and set(kinds) <= set(self.kinds)

    def covers(self, mart: str, column: str) -> bool:
        """Names are those of a database: their case says nothing."""
        named = (self.mart.casefold(), self.column.casefold())
        return named == (mart.casefold(), column.casefold())


@dataclass(frozen=True)
class Finding:
    """A kind of personal data in a column.

    `share` is of the rows that hold a value, as a fraction; None when only the name tells.
    `shape` is a value with its letters and digits masked. `sampled`: not all rows were read.
    `type` is the column's, as it would be published.
    """

    mart: str
    column: str
    kind: str
    share: float | None
    shape: str = ""
    sampled: bool = False
    type: str = ""


def latest(decisions: tuple[Decision, ...], mart: str, column: str) -> Decision | None:
    """The decision in force for a column: the last that was written down."""
    return next((item for item in reversed(decisions) if item.covers(mart, column)), None)
