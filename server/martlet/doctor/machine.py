"""Looks at the machine: versions, variables, the port, and whether dbt starts."""

from __future__ import annotations

import socket
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version

from martlet.doctor.finding import Finding
from martlet.errors import BuildFailed, did_you_mean
from martlet.publish.dbt.command import dbt_command
from martlet.settings import Settings, project_folder, unknown_variables

# What was measured and is installed together; another minor version may read SQL otherwise.
PINNED = {"duckdb": "2.0.", "sqlglot": "30.", "mcp": "2."}
PORT = 8787
DBT_SECONDS = 60


def versions(settings: Settings) -> Finding:
    """Python and the libraries that decide what SQL means are those that Martlet is made for."""
    found = {name: _version(name) for name in (*PINNED, "dbt-core", "dbt-duckdb")}
    wrong = [
        f"{name} {found[name] or 'is missing'} (needed: {start}*)"
        for name, start in PINNED.items()
        if not found[name].startswith(start)
    ]
    shown = ", ".join(f"{name} {number or '-'}" for name, number in found.items())
    detail = f"Python {sys.version.split()[0]}, {shown}"
    if wrong:
        return Finding("versions", False, ", ".join(wrong), "Install Martlet's own set again.")
    return Finding("versions", True, detail)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def variables(settings: Settings) -> Finding:
    """Every MARTLET_ variable is a setting; one that is none changes nothing, silently."""
    unknown = unknown_variables()
    if not unknown:
        return Finding("variables", True, "every MARTLET_ variable is a setting")
    name, known = unknown[0]
    hint = did_you_mean(name, known) or "docs/settings.md lists them."
    names = ", ".join(item for item, _ in unknown)
    return Finding("variables", False, f"no setting: {names}", f"{name}: {hint}")


def port(settings: Settings) -> Finding:
    """Whether `serve --http` finds its port free; a server that runs already is no fault."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            step = "Unless that is Martlet's own server, give `serve --http` another --port."
            return Finding("port", True, f"{PORT} is in use", step)
    return Finding("port", True, f"{PORT} is free")


def dbt(settings: Settings) -> Finding:
    """dbt starts, the one that builds this project."""
    try:
        command = dbt_command(project_folder(settings), settings)
        with subprocess.Popen(
            [*command, "--version"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process:
            said = _said(process)
    except BuildFailed as error:
        return Finding("dbt", False, error.message, error.next_step)
    if process.returncode:
        last = said.strip().splitlines()[-1:] or [f"it ended with {process.returncode}"]
        return Finding("dbt", False, last[0], "Run `dbt --version` in that environment.")
    installed = next((line for line in said.splitlines() if "installed" in line), "").split()
    return Finding("dbt", True, f"dbt {installed[-1]} starts" if installed else "dbt starts")


def _said(process: subprocess.Popen[str]) -> str:
    """What it printed. Its input stays open until it ends: dbt ends when that closes."""
    assert process.stdout is not None
    try:
        process.wait(DBT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return f"it did not answer within {DBT_SECONDS} s"
    return process.stdout.read()
