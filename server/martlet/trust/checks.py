"""All trust checks, in the order in which an answer lists them."""

from __future__ import annotations

import logging
from collections.abc import Callable

from martlet.errors import trail
from martlet.flow.trust import Check
from martlet.trust.additivity import additivity
from martlet.trust.empty_result import empty_result
from martlet.trust.fan_out import fan_out
from martlet.trust.governed import governed
from martlet.trust.incomplete_period import incomplete_period
from martlet.trust.missing_periods import missing_periods
from martlet.trust.question import Question
from martlet.trust.time_reference import time_reference

log = logging.getLogger(__name__)
CHECKS = (
    fan_out,
    additivity,
    empty_result,
    incomplete_period,
    missing_periods,
    governed,
    time_reference,
)


def run_checks(question: Question) -> list[Check]:
    """The outcome of every check, one each.

    A check that breaks takes neither the answer nor the other checks along: it is not checked, the
    answer says so, and the log has the fault.
    """
    return [_outcome(check, question) for check in CHECKS]


def _outcome(check: Callable[[Question], Check], question: Question) -> Check:
    try:
        return check(question)
    except Exception as error:  # whatever it is, the rows are right and the reader is told
        log.error("the trust check %s broke: %s", check.__name__, trail(error))
        return Check(check.__name__, "not_checked", "The check broke; the server's log says how.")
