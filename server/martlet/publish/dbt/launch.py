"""Run as a script: becomes dbt, and ends at once when the process that started it is gone."""

import os
import runpy
import sys
import threading


def _end_with_parent() -> None:
    """Standard input is a pipe that only the parent holds; it ends when the parent does."""
    while os.read(0, 4096):
        pass
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.argv[0] = "dbt"
    runpy.run_module("dbt.cli.main", run_name="__main__", alter_sys=True)
