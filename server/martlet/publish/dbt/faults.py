"""What the shipped project's check of its raw tables says, found in dbt's errors."""

from __future__ import annotations

from collections.abc import Iterable

from martlet.errors import BuildFailed

MARK = "martlet.bad_sources:"  # begins the error of the macro `check_sources`


def refuse_bad_sources(errors: Iterable[str], *, where: str) -> None:
    """Raises: BuildFailed `build.sources` with every fault that dbt's errors tell of, if any."""
    faults = list(dict.fromkeys(fault for error in errors for fault in _faults(error)))
    if faults:
        what = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        lines = "\n".join(f"  {fault}" for fault in faults)
        raise BuildFailed(
            "build.sources",
            f"The raw tables have {what}; nothing was built.\n{lines}",
            where=where,
            next_step="Mend what each line names; what is published now stays in force.",
        )


def _faults(error: str) -> list[str]:
    """The lines after the mark, up to dbt's trace of macros."""
    _, found, rest = error.partition(MARK)
    told = rest.partition("\n  > ")[0].splitlines() if found else []
    return [line.strip() for line in told if line.strip()]
