"""A published small shop, and the command that serves it as users start it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.small import publish_small


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the small shop, in a path with a space."""
    settings, _ = publish_small(tmp_path_factory.mktemp("a home"))
    return settings.home


@pytest.fixture(scope="package")
def serve(home: Path) -> list[str]:
    return [sys.executable, "-m", "martlet", "serve", "--home", str(home)]
