"""The site in a real browser, opened from a disk: search, navigation, phones, dark mode, print."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from martlet.site.render import Pages
from martlet.site.write import write_site
from tests.pages.hostile import hostile_site

JUDGE = Path(__file__).parents[2] / ".judges" / "browser"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def seen(files: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the browser saw of the small shop's site and of the hostile one."""
    folder = tmp_path_factory.mktemp("a site")
    write_site(files.items(), folder / "small")
    write_site(Pages(hostile_site()).files(), folder / "hostile")
    script = Path(__file__).with_name("browse.py")
    done = subprocess.run(
        [
            str(JUDGE / "bin" / "python"),
            str(script),
            str(JUDGE / "chromium"),
            str(folder / "small"),
            str(folder / "hostile"),
        ],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("site", ["small", "hostile"])
def test_no_page_asks_for_anything_complains_or_runs_what_a_text_says(seen: Any, site: str) -> None:
    assert seen[site]["pages"] >= 4 * 15
    assert seen[site]["troubles"] == []


@pytest.mark.parametrize("site", ["small", "hostile"])
def test_every_page_fits_a_phone_of_360_pixels(seen: Any, site: str) -> None:
    assert seen[site]["wide"] == [] and seen[site]["cut"] == []


@pytest.mark.parametrize("site", ["small", "hostile"])
def test_all_text_stands_out_in_light_and_dark(seen: Any, site: str) -> None:
    assert seen[site]["faint"] == []


def test_search_finds_by_synonym_beginning_column_and_with_a_wrong_letter(seen: Any) -> None:
    assert seen["search"] == {
        "troubles": [],
        "seen": {
            "turnover": ["Revenue", "metrics/revenue.html"],
            "average ord": ["Average order value", "metrics/aov.html"],
            "sku": ["fct_lines", "marts/fct_lines.html#column-sku"],
            "revnue": ["Revenue", "metrics/revenue.html"],
            "product revenue": ["Line revenue", "metrics/line_revenue.html"],
            "fct lin": ["fct_lines", "marts/fct_lines.html"],
        },
    }


def test_the_search_list_works_by_keyboard_and_tells_what_it_does(seen: Any) -> None:
    found = seen["search_by_arrows"]["seen"]
    assert found["steps"] == ["hit-0", "hit-1"]
    assert found["told"].endswith(" found") and found["closed"] == "false"


def test_links_lead_from_a_metric_to_its_mart_and_along_a_join(seen: Any) -> None:
    assert seen["navigation"]["seen"] == [
        "marts/fct_orders.html",
        "marts/dim_customers.html",
        "marts/fct_orders.html",
        "metrics/revenue.html",
        "joins.html",
    ]


def test_the_first_stop_of_the_keyboard_leads_to_the_content(seen: Any) -> None:
    first, *_, reached = seen["keyboard"]["seen"]
    assert first == "Skip to the content" and reached == "content"


def test_the_choice_of_dark_is_kept_on_the_next_page(seen: Any) -> None:
    light, dark, kept = seen["theme"]["seen"]
    assert light != dark == kept


def test_without_scripts_the_pages_are_whole(seen: Any) -> None:
    found = seen["without_scripts"]["seen"]
    assert "one row per order line" in found["text"] and not found["search"]


def test_on_paper_there_is_no_navigation_and_the_ink_is_black(seen: Any) -> None:
    found = seen["printed"]["seen"]
    assert found == {"shown": [False, False, True], "ink": "rgb(0, 0, 0)", "paper": "%PDF-"}


def test_no_step_asked_for_anything_or_complained(seen: Any) -> None:
    assert [name for name, found in seen.items() if found["troubles"]] == []
