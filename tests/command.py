"""The command line, each command in a process of its own.

Python and Martlet's imports cost a second a command; one process imports everything once, and each
command is a fork of it: its own arguments, folder, environment and exit code.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import IO, Any, NoReturn

ROOT = Path(__file__).parents[1]


def martlet(
    *words: object, cwd: Path | None = None, said: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """What `martlet` with these words printed, and its exit code; `said` is its stdin."""
    order = {"words": [str(word) for word in words], "cwd": str(cwd or ROOT), "said": said}
    server = _server()
    assert server.stdin and server.stdout
    print(json.dumps({**order, "environment": environment}), file=server.stdin, flush=True)
    told = json.loads(server.stdout.readline())
    return subprocess.CompletedProcess(list(words), told["code"], told["out"], told["err"])


@cache
def _server() -> subprocess.Popen[str]:
    """The process that is forked; it ends with this one, when its stdin does."""
    command = [sys.executable, "-m", "tests.command"]
    server = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert server.stdin and server.stdout
    atexit.register(server.wait)
    atexit.register(server.stdout.close)
    atexit.register(server.stdin.close)
    return server


def _serve() -> None:
    _import_everything()
    for line in sys.stdin:
        print(json.dumps(_run(json.loads(line))), flush=True)


def _import_everything() -> None:
    """What the commands import when they need it."""
    import martlet.build
    import martlet.check
    import martlet.cli
    import martlet.doctor
    import martlet.exchange
    import martlet.purge
    import martlet.review
    import martlet.server
    import martlet.verdicts  # noqa: F401


def _run(order: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as out:
        said.write(order["said"])
        said.seek(0)
        with tempfile.TemporaryFile("w+") as err:
            child = os.fork()
            if not child:
                _become(order, said, out, err)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            return {"code": code, "out": _whole(out), "err": _whole(err)}


def _become(order: dict[str, Any], said: IO[str], out: IO[str], err: IO[str]) -> NoReturn:
    """In the fork: be the command, and end as it does."""
    from martlet.cli import main

    for number, file in enumerate((said, out, err)):
        os.dup2(file.fileno(), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    os.environ.update(order["environment"])
    os.chdir(order["cwd"])
    sys.argv = ["martlet", *order["words"]]
    code: object = 1
    try:
        main()
        code = 0
    except SystemExit as end:
        code = end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


def _whole(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


if __name__ == "__main__":
    _serve()
