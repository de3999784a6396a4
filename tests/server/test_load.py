"""Light, heavy and hostile clients at once: nothing wrong, nothing unanswered, nothing left."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.load import load
from tests.small import publish_small

SECONDS = 60.0


@pytest.mark.slow
@pytest.mark.anyio
async def test_a_minute_of_mixed_load_leaves_a_server_as_it_was(tmp_path: Path) -> None:
    settings, _ = publish_small(tmp_path)
    report = await load(settings, SECONDS)
    assert report.wrong == []
    assert report.answers["light answered"] > 4 * report.answers["light server.busy"]
    assert report.answers["hostile gave up"] > 0 and report.answers["heavy answered"] > 0
    assert report.before and report.after and report.peak
    started = max(report.after.sandboxes - report.before.sandboxes, 0)
    assert report.after.files <= report.before.files + 2 + 3 * started  # its three pipes
    assert report.after.sandboxes <= report.before.sandboxes + 1
    assert report.after.resident_mb < report.before.resident_mb + 100
    assert report.left == 0
