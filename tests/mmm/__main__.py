"""`make mmm`: what Meridian and Robyn say of the exports for them, in environments of their own.

Each is given the daily and the weekly export of the demo's warehouse, which it must take, and
copies of them that are harmed, which it must refuse: else its consent would say nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

ROOT = Path(__file__).parents[2]
WAREHOUSE = ROOT / ".martlet" / "warehouse.duckdb"
HERE = Path(__file__).parent
PACKAGES = {
    "meridian": ["google-meridian==2.1.*", "duckdb>=1.4"],
    "robyn": ["robynpy==0.3.*", "duckdb>=1.4"],
}
# Robyn's package asks for a bridge to R, which its checks do not use and which builds without R.
WITHOUT_R = {"RPY2_CFFI_MODE": "ABI"}
SPANS = ("", "_weekly")
# SQL over an export `whole` that each judge must refuse; `time` is its first column.
HARMS = {
    "meridian": {
        "a day without a row": "select * from whole qualify row_number() over (order by time) != 9",
        "a missing spend": "select * replace (case when time > (select min(time) from whole) then"
        " meta_spend end as meta_spend) from whole",
    },
    "robyn": {
        "a channel that never varies": "select * replace (1.0 as meta_S) from whole",
        "a missing spend": 'select * replace (case when "DATE" > (select min("DATE") from whole)'
        " then meta_S end as meta_S) from whole",
    },
}


def main() -> int:
    """Print a line for each export and harm; 1 when a judge said what it should not."""
    if not WAREHOUSE.exists():
        print("There is no warehouse of the demo yet. Run `make demo` first.", file=sys.stderr)
        return 1
    wrong = 0
    for judge in PACKAGES:
        python = _installed(judge)
        for what, path, is_harmed in _exports(judge):
            says = _ask(python, judge, path)
            wrong += (says == "taken") == is_harmed
            print(f"{judge}, {what}: {says}", flush=True)
    print("as it should be" if not wrong else f"{wrong} of these are wrong")
    return int(wrong > 0)


def _exports(judge: str) -> Iterator[tuple[str, Path, bool]]:
    """What it is, a Parquet file of it, and whether it is harmed; the files last until the next."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        connection.execute(f"attach '{WAREHOUSE}' as demo (read_only)")
        path = Path(folder) / "export.parquet"
        for span in SPANS:
            name = f"mmm_input_{judge}{span}"
            connection.execute(f"create or replace view whole as from demo.marts.{name}")
            whole = {name: "from whole"}
            harmed = {f"{name} with {what}": sql for what, sql in HARMS[judge].items()}
            for what, sql in {**whole, **harmed}.items():
                connection.execute(f"copy ({sql}) to '{path}'")
                yield what, path, what != name


def _ask(python: Path, judge: str, export: Path) -> str:
    """`taken`, or the last line of what the judge says against the export."""
    ended = subprocess.run(
        [python, HERE / f"{judge}_child.py", export], capture_output=True, text=True, check=False
    )
    if ended.returncode == 0 and ended.stdout.strip().endswith("taken"):
        return "taken"
    return (ended.stderr.strip().splitlines() or ["ended without a word"])[-1]


def _installed(judge: str) -> Path:
    python = ROOT / ".judges" / judge / "bin" / "python"
    if not python.exists():
        print(f"Installing {judge} into .judges (once) ...", file=sys.stderr)
        install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        for command in (
            [sys.executable, "-m", "venv", python.parents[1]],
            [*install, *PACKAGES[judge]],
        ):
            subprocess.run(command, check=True, env={**os.environ, **WITHOUT_R})
    return python


if __name__ == "__main__":
    sys.exit(main())
