"""Documents come from the code: they are in step, and nothing is missing from them."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from martlet.errors import CODES
from martlet.settings import Settings
from martlet.tools.table import TOOLS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def test_generated_parts_of_the_documents_are_in_step() -> None:
    pages = [str(path) for path in (ROOT / "README.md", *sorted(DOCS.glob("*.md")))]
    done = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", *pages],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\nRun `make docs`."


def test_every_tool_setting_and_code_is_documented() -> None:
    assert all(f"## `{tool.name}`" in (DOCS / "tools.md").read_text() for tool in TOOLS)
    settings = (DOCS / "settings.md").read_text()
    assert all(f"MARTLET_{name.upper()}`" in settings for name in Settings.model_fields)
    entries = tomllib.loads((DOCS / "errors.toml").read_text(encoding="utf-8"))
    assert set(entries) == set(CODES), "docs/errors.toml has an entry for each code"
    assert all(entry["cause"] and entry["todo"] for entry in entries.values())
    errors = (DOCS / "errors.md").read_text()
    assert all(f"## `{code}`" in errors for code in CODES)


def test_links_between_documents_lead_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} points to {target}"
