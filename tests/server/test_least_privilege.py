"""Builder and server as two users: the server reads what is published and writes its log."""

from __future__ import annotations

import ctypes
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.small import HERE, publish_small, small_database

# Root may read and write everything by these two; without them permissions bind it, too.
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2
QUERY = '{"sql": "select count(*) as orders from fct_orders"}'


def as_server(*words: str, audit: Path) -> subprocess.CompletedProcess[str]:
    """The command in a process whom permissions bind."""
    return subprocess.run(
        [sys.executable, "-m", "martlet", *words],
        env={**os.environ, "MARTLET_AUDIT": str(audit)},
        cwd="/",
        capture_output=True,
        text=True,
        preexec_fn=_bind if os.geteuid() == 0 else None,
    )


def _bind() -> None:
    libc = ctypes.CDLL(None)
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        assert libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0


def test_a_server_that_can_only_read_answers_and_keeps_its_log_elsewhere(tmp_path: Path) -> None:
    settings, _ = publish_small(tmp_path)
    audit = tmp_path / "log"
    audit.mkdir(mode=0o700)
    hidden = settings.home / "warehouse.duckdb"
    hidden.write_bytes(b"the builder's own")
    hidden.chmod(0)
    writable = [settings.home, *(path for path in settings.home.rglob("*") if path.is_dir())]
    for folder in writable:
        folder.chmod(0o555)
    try:
        done = as_server("call", "query", QUERY, "--home", str(settings.home), audit=audit)
    finally:
        for folder in writable:
            folder.chmod(0o755)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["rows"] == [[6]]
    log = next(audit.glob("*.jsonl"))
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert json.loads(log.read_text(encoding="ascii"))["decision"] == "answered"
    assert not (settings.home / "audit").exists()


@pytest.mark.slow
def test_a_server_that_cannot_write_its_log_answers_nothing(tmp_path: Path) -> None:
    settings, _ = publish_small(tmp_path)
    audit = tmp_path / "log"
    audit.mkdir(mode=0o500)
    done = as_server("call", "query", QUERY, "--home", str(settings.home), audit=audit)
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "server.audit"


@pytest.mark.parametrize("umask", [0o000, pytest.param(0o027, marks=pytest.mark.slow)])
def test_no_file_of_a_home_can_be_changed_by_everyone_and_the_umask_is_kept(
    tmp_path: Path, umask: int
) -> None:
    home = tmp_path / "home"
    words = ("publish", "--from-database", str(small_database(tmp_path)), "--home", str(home))
    done = subprocess.run(
        [sys.executable, "-m", "martlet", *words, "--catalog", str(HERE / "semantic")],
        capture_output=True,
        text=True,
        umask=umask,
    )
    assert done.returncode == 0, done.stderr
    paths = [home, *home.rglob("*")]
    assert [path for path in paths if path.stat().st_mode & (stat.S_IWOTH | umask)] == []
    group = stat.S_IROTH if umask == 0 else stat.S_IRGRP
    assert all(path.stat().st_mode & group for path in (home / "published").rglob("*"))
