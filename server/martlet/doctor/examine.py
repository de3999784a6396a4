"""The order of the looks: what the others rest on comes first."""

from __future__ import annotations

from collections.abc import Callable

from martlet.doctor.finding import Finding
from martlet.doctor.home import audit_log, clock, disk, home_folder, keys, leftovers, published
from martlet.doctor.machine import dbt, port, variables, versions
from martlet.doctor.serving import build, project, sandbox
from martlet.settings import Settings

LOOKS: tuple[Callable[[Settings], Finding], ...] = (
    versions,
    variables,
    home_folder,
    keys,
    audit_log,
    published,
    disk,
    clock,
    leftovers,
    port,
    project,
    dbt,
    build,
    sandbox,
)


def examine(settings: Settings) -> list[Finding]:
    """Every finding, in order; none of them raises."""
    return [_look(look, settings) for look in LOOKS]


def _look(look: Callable[[Settings], Finding], settings: Settings) -> Finding:
    """What a user may not even read is a finding, too."""
    try:
        return look(settings)
    except OSError as error:
        name = look.__name__.replace("_", " ")
        place = f": {error.filename}" if error.filename else ""
        return Finding(
            name,
            False,
            f"{error.strerror or error}{place}",
            "Give this user the right to read it, or run doctor as its owner.",
        )
