"""The MCP inspector, an outside judge: it lists and calls every tool and lints the schemas."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.server.calls import EVERY_TOOL

JUDGES = Path(__file__).parents[2] / ".judges"

pytestmark = pytest.mark.slow


def inspect(serve: list[str], *arguments: str) -> dict[str, object]:
    path = f"{JUDGES / 'venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [str(JUDGES / "node_modules" / ".bin" / "mcp-inspector"), "--cli", *serve, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PATH": path},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer


def test_the_strict_lint_of_schemas_is_clean(serve: list[str]) -> None:
    listed = inspect(serve, "--method", "tools/list", "--strict")
    assert isinstance(listed["tools"], list)
    assert [tool["name"] for tool in listed["tools"]] == [name for name, _ in EVERY_TOOL]


@pytest.mark.parametrize(("name", "arguments"), EVERY_TOOL)
def test_every_tool_answers_the_inspector(
    serve: list[str], name: str, arguments: dict[str, object]
) -> None:
    given = [
        f"{key}={item if isinstance(item, str) else json.dumps(item)}"
        for key, item in arguments.items()
    ]
    flags = [word for item in given for word in ("--tool-arg", item)]
    answer = inspect(serve, "--method", "tools/call", "--tool-name", name, *flags)
    assert not answer.get("isError"), answer
    assert answer["structuredContent"]
