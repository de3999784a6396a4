"""Run as a script: becomes dbt, and ends at once when the process that started it is gone.

With `-- COMMAND ...` it runs that command, which may be of another environment, and ends it.
"""

import contextlib
import os
import runpy
import signal
import subprocess
import sys
import threading
from collections.abc import Callable


def _end_with_parent(end: Callable[[], None]) -> None:
    """Standard input is a pipe that only the parent holds; it ends when the parent does."""
    while os.read(0, 4096):
        pass
    end()
    os._exit(1)


def _watch(end: Callable[[], None]) -> None:
    threading.Thread(target=_end_with_parent, args=(end,), daemon=True).start()


def _run(command: list[str]) -> int:
    """Run a command in a group of its own, so that what it starts ends with it."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True) as process:

        def end() -> None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

        _watch(end)
        try:
            return process.wait()
        finally:
            end()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--"]:
        sys.exit(_run(sys.argv[2:]))
    _watch(lambda: None)
    sys.argv[0] = "dbt"
    runpy.run_module("dbt.cli.main", run_name="__main__", alter_sys=True)
