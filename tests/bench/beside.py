"""MetricFlow in an environment of its own, made once, as what the compiler is measured beside."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".judges" / "metricflow"
PACKAGE = "metricflow==0.213.*"
CHILD = Path(__file__).with_name("beside_child.py")
SECONDS = 120


@dataclass(frozen=True)
class Measured:
    """Milliseconds: to open a manifest, and to compile each request (None: refused)."""

    open: float
    compile: dict[str, float | None]


def measure(manifest: Path, requests: Mapping[str, Any]) -> Measured | str:
    """What MetricFlow takes on this machine, or why nothing could be measured."""
    python = FOLDER / "bin" / "python"
    try:
        if not python.exists():
            _install(python)
        done = subprocess.run(
            [python, CHILD, manifest],
            input=json.dumps(requests),
            capture_output=True,
            text=True,
            check=True,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return f"MetricFlow took more than {SECONDS} s"
    except (OSError, subprocess.CalledProcessError) as error:
        return f"MetricFlow could not be run ({type(error).__name__})"
    return Measured(**json.loads(done.stdout))


def _install(python: Path) -> None:
    install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", PACKAGE]
    for command in ([sys.executable, "-m", "venv", FOLDER], install):
        subprocess.run(command, check=True, capture_output=True)
