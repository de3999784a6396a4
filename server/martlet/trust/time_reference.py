"""Time reference: today's date against data that ends earlier."""

from __future__ import annotations

from martlet.flow.trust import Check
from martlet.trust.question import Question

NAME = "time_reference"

CLOCK = frozenset(
    {
        "current_date",
        "current_timestamp",
        "current_localtimestamp",
        "current_localtime",
        "current_time",
        "get_current_timestamp",
        "get_current_time",
        "now",
        "today",
        "transaction_timestamp",
        "ago",
    }
)


def time_reference(question: Question) -> Check:
    """Warns when the SQL asks the wall clock: the data has its own last complete day."""
    used = sorted((question.functions | question.bare_words) & CLOCK)
    if not used:
        return Check(NAME, "ok")
    end = question.complete_through or question.state.as_of
    until = f"The data ends at {end}" if end else "The data has its own last day"
    instead = f"; probably meant: date '{end}' instead of {used[0]}" if end else ""
    return Check(
        NAME,
        "warn",
        f"uses {', '.join(used)}",
        caveat=f"The SQL uses the wall clock ({', '.join(used)}). {until}{instead}.",
    )
