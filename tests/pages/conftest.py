"""The small shop, published, and the files of its site."""

from __future__ import annotations

from pathlib import Path

import pytest

from martlet.house import open_serving
from martlet.pages import make_site
from martlet.publish import store
from martlet.site.render import Pages
from tests.small import publish_small, small_settings

Files = dict[str, str]


@pytest.fixture(scope="package")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings, _ = publish_small(tmp_path_factory.mktemp("small"))
    return settings.home


@pytest.fixture(scope="package")
def files(small_home: Path) -> Files:
    """Every file of the small shop's site."""
    settings = small_settings(small_home.parent)
    serving = open_serving(store.current(small_home), settings)
    try:
        return dict(Pages(make_site(serving, settings, values=True)).files())
    finally:
        serving.engine.close()
