"""The log as files: whole lines from any number of processes, a file a day, old days gone."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from martlet.audit import AuditLog, Entry
from martlet.errors import ServerError
from martlet.settings import Settings, audit_folder, audit_key, load_settings
from tests.full import full_disk

NOW = datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC)
ENTRY = Entry("local", "query", "answered", sql="select 'Jane'", rows=1, build_id="b")

WRITER = """
import sys
from pathlib import Path
from martlet.audit import AuditLog, Entry
from martlet.settings import load_settings

log = AuditLog(load_settings(home=Path(sys.argv[1])))
for number in range(150):
    log.write(Entry(sys.argv[2], "query", "answered", sql="select 'Jane' -- " + "x" * 5000))
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path / "home")


def lines(settings: Settings, day: str = "2026-11-21") -> list[str]:
    text = (audit_folder(settings) / f"{day}.jsonl").read_text(encoding="ascii")
    return text.splitlines()


def test_the_day_of_a_file_is_that_of_utc(settings: Settings) -> None:
    log = AuditLog(settings)
    log.write(ENTRY, now=NOW)
    log.write(ENTRY, now=datetime.fromisoformat("2026-11-22T00:30:00+01:00"))
    log.write(ENTRY, now=datetime(2026, 11, 22, tzinfo=UTC))
    assert [file.name for file in sorted(log.folder.iterdir())] == [
        "2026-11-21.jsonl",
        "2026-11-22.jsonl",
    ]
    days = [json.loads(line)["at"][:10] for line in lines(settings)]
    assert days == ["2026-11-21", "2026-11-21"]


def test_only_the_owner_can_read_log_and_key(settings: Settings) -> None:
    AuditLog(settings).write(ENTRY, now=NOW)
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode)
        for path in (
            audit_folder(settings),
            audit_folder(settings) / "2026-11-21.jsonl",
            audit_key(settings).parent,
            audit_key(settings),
        )
    }
    assert modes == {"audit": 0o700, "2026-11-21.jsonl": 0o600, "keys": 0o700, "audit.key": 0o600}


def test_days_beyond_the_number_kept_are_removed_and_nothing_else(settings: Settings) -> None:
    folder = audit_folder(settings)
    folder.mkdir(parents=True)
    kept = ("2026-08-24.jsonl", "notes.txt", "2026-13-01.jsonl", "2020-01-01.jsonl.gz")
    for name in ("2026-08-23.jsonl", "2025-01-01.jsonl", *kept):
        (folder / name).touch()
    AuditLog(settings).write(ENTRY, now=NOW)
    assert {file.name for file in folder.iterdir()} == {"2026-11-21.jsonl", *kept}


def test_a_server_that_runs_on_sweeps_every_day(settings: Settings) -> None:
    log = AuditLog(settings.model_copy(update={"keep_audit_days": 1}))
    for day in (1, 2, 3):
        log.write(ENTRY, now=datetime(2026, 11, day, tzinfo=UTC))
        assert [file.name for file in log.folder.iterdir()] == [f"2026-11-0{day}.jsonl"]


def test_many_processes_write_whole_lines_with_one_key(settings: Settings) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(settings.home), f"writer {number}"])
        for number in range(4)
    ]
    assert [writer.wait(timeout=60) for writer in writers] == [0] * 4
    records = [
        json.loads(line)
        for file in audit_folder(settings).iterdir()
        for line in file.read_text(encoding="ascii").splitlines()
    ]
    assert len(records) == 600
    marks = {record["sql"].split(" /*")[0] for record in records}
    assert marks == {f"select '{AuditLog(settings).redactor().mark('Jane')}'"}
    assert [file.name for file in audit_key(settings).parent.iterdir()] == ["audit.key"]


def test_a_line_that_a_full_disk_cut_does_not_take_the_next_one_along(settings: Settings) -> None:
    log = AuditLog(settings)
    log.write(ENTRY, now=NOW)
    file = log.folder / "2026-11-21.jsonl"
    file.write_bytes(file.read_bytes() + b'{"at":"2026-11-21T')
    log.write(ENTRY, now=NOW)
    first, cut, last = lines(settings)
    assert cut == '{"at":"2026-11-21T'
    assert json.loads(first) == json.loads(last)


def test_a_full_disk_leaves_no_half_key_and_no_half_answer(settings: Settings) -> None:
    with full_disk(10), pytest.raises(ServerError, match=r"server\.audit"):
        AuditLog(settings).write(ENTRY, now=NOW)
    assert list(audit_key(settings).parent.iterdir()) == []
    AuditLog(settings).write(ENTRY, now=NOW)
    assert len(bytes.fromhex(audit_key(settings).read_text(encoding="ascii"))) == 32


def test_the_log_can_stand_elsewhere_and_takes_its_key_along(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home", audit=tmp_path / "log")
    AuditLog(settings).write(ENTRY, now=NOW)
    assert {file.name for file in (tmp_path / "log").iterdir()} == {"2026-11-21.jsonl", "audit.key"}
    assert not (tmp_path / "home").exists()


def test_a_log_that_cannot_be_written_is_an_error_and_a_broken_key_makes_no_new_one(
    settings: Settings,
) -> None:
    audit_key(settings).parent.mkdir(parents=True)
    audit_key(settings).write_text("no key", encoding="ascii")
    with pytest.raises(ServerError, match=r"server\.audit"):
        AuditLog(settings).write(ENTRY, now=NOW)
    assert audit_key(settings).read_text(encoding="ascii") == "no key"
    audit_key(settings).unlink()
    audit_folder(settings).parent.mkdir(exist_ok=True)
    audit_folder(settings).write_text("in the way", encoding="ascii")
    with pytest.raises(ServerError, match=r"server\.audit"):
        AuditLog(settings).write(ENTRY, now=NOW)
