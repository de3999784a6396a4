"""All trust checks, in the order in which an answer lists them."""

from __future__ import annotations

from martlet.flow.trust import Check
from martlet.trust.empty_result import empty_result
from martlet.trust.fan_out import fan_out
from martlet.trust.governed import governed
from martlet.trust.incomplete_period import incomplete_period
from martlet.trust.question import Question
from martlet.trust.time_reference import time_reference

CHECKS = (fan_out, empty_result, incomplete_period, governed, time_reference)


def run_checks(question: Question) -> list[Check]:
    """The outcome of every check, one each."""
    return [check(question) for check in CHECKS]
