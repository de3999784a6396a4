"""Live progress of a dbt build on stderr: a bar on a terminal, a line per tenth elsewhere."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from martlet.publish.dbt import DbtEvent

BAD = ("fail", "error", "warn")


class Progress:
    """Shows events as they come. Use as a context; `show` takes the events."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._bar = Bar(
            TextColumn("    dbt"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task: TaskID | None = None
        self._finished = 0
        self._told = 0

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def show(self, event: DbtEvent) -> None:
        """Take one event."""
        if event.kind == "message":
            if event.level in ("warn", "error"):
                self._console.print(f"    {event.text}", style="yellow", markup=False)
            return
        if self._task is None:
            self._task = self._bar.add_task("", total=event.total)
        if event.kind == "started":
            self._bar.update(self._task, description=event.name)
            return
        self._finished += 1
        self._bar.update(self._task, completed=self._finished, total=event.total)
        if event.status in BAD:
            self._console.print(f"    {event.text}", style="red", markup=False)
        elif self._bar.disable:
            self._tell(event)

    def _tell(self, event: DbtEvent) -> None:
        """Without a terminal: one line per tenth of the way."""
        tenth = 10 * self._finished // max(event.total, 1)
        if tenth > self._told:
            self._told = tenth
            self._console.print(f"    dbt {self._finished} of {event.total}", highlight=False)
