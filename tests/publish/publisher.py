"""A publisher as a process of its own: `python -m tests.publish.publisher FILE HOME [HOW]`.

With `line:N` the process kills itself before the Nth line of publishing code that it runs; with
`size:N` no file that it writes may grow beyond N bytes.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path
from types import FrameType

from martlet.errors import MartletError
from tests.publish.shop import publish_file


def die_before(count: int) -> None:
    """Kill this process before the given line, counted as they run, of the publishing code."""
    seen = 0

    def trace(frame: FrameType, event: str, _: object) -> object:
        nonlocal seen
        if f"{os.sep}martlet{os.sep}publish{os.sep}" not in frame.f_code.co_filename:
            return None
        if event == "line":
            seen += 1
            if seen == count:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)  # type: ignore[arg-type]  # returns itself or None


def main(file: str, home: str, how: str = "") -> int:
    kind, _, number = how.partition(":")
    if kind == "size":
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(number), int(number)))
    if kind == "line":
        die_before(int(number))
    try:
        print(publish_file(Path(file), Path(home)).build_id)
    except MartletError as error:
        print(error)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
