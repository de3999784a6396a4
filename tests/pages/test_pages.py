"""The pages of the site: what they tell, that every link leads somewhere, that nothing leaves."""

from __future__ import annotations

import json
import re

import pytest

from martlet.flow.build import BuildState, MartState, Profile
from martlet.flow.catalog import Catalog, Column, Mart
from martlet.site.names import page, slug
from martlet.site.render import Pages
from martlet.site.site import Site
from tests.pages.hostile import EVIL, NAMES, hostile_site
from tests.pages.reading import Page, read, targets

Files = dict[str, str]


@pytest.fixture(scope="module")
def hostile() -> Files:
    return dict(Pages(hostile_site()).files())


def pages(files: Files) -> dict[str, Page]:
    return {path: read(text) for path, text in files.items() if path.endswith(".html")}


def test_a_mart_says_grain_key_columns_and_what_nulls_mean(files: Files) -> None:
    text = read(files["marts/fct_orders.html"]).text
    assert "One row is one row per order" in text
    assert "order_id ✓ counted: 6 values in 6 rows, none missing" in text
    assert "order_total DECIMAL(18,2) · EUR What the customer paid for the order" in text
    assert "Null (1 row, 17 %): (unknown)" in text
    assert "Complete through 2026-03-08" in text
    assert "Leads to dim_customers" in text


def test_a_metric_says_formula_definition_groups_values_and_sql(files: Files) -> None:
    revenue = read(files["metrics/revenue.html"]).text
    assert "sum(order_total)" in revenue and "Also called turnover" in revenue
    assert "sum of order_total; fct_orders, by order_date" in revenue
    assert "Groups add up to the total." in revenue
    assert "2026-01 30 EUR 2026-02 70 EUR" in revenue
    assert "2026-03" not in revenue.split("Definition")[0], "March is not over"
    assert "from marts.fct_orders" in revenue
    aov = read(files["metrics/aov.html"])
    assert "revenue ÷ orders" in aov.text and "do not add up to the total" in aov.text
    assert ("metrics/revenue.html", "") in targets("metrics/aov.html", aov)


def test_the_joins_are_drawn_and_told_with_what_was_counted(files: Files) -> None:
    joins = read(files["joins.html"])
    text = joins.text
    assert "fct_orders .customer_id dim_customers .customer_id many to one counted: unique" in text
    drawn = [given["class"] for given in joins.all("path") if "line" in given.get("class", "")]
    assert drawn == ["line", "line"]


def test_the_lineage_of_a_metric_leads_from_its_mart_to_what_is_made_of_it(files: Files) -> None:
    page = read(files["metrics/revenue.html"])
    boxes = [given["class"] for given in page.all("rect") if "box" in given.get("class", "")]
    assert boxes == ["box mart", "box metric here", "box metric"]


def test_a_dimension_leads_to_its_column_and_a_hidden_column_nowhere(files: Files) -> None:
    links = targets("metrics/revenue.html", read(files["metrics/revenue.html"]))
    assert ("marts/dim_customers.html", "column-country") in links
    card = Column(name="twin", hidden=True)
    mart = Mart(name="m", columns=(card,), description="See `m.twin` and m.twin, or `m`.")
    state = MartState(name="m", row_count=0)
    build = BuildState(build_id="1", built_at="2026-01-01T00:00:00", marts={"m": state})
    pages = dict(Pages(Site(Catalog(name="x", marts={"m": mart}), build)).files())
    assert "m.twin</code>" in pages["marts/m.html"] and "#column-twin" not in pages["marts/m.html"]


def test_what_was_withheld_is_named_and_its_values_are_nowhere(files: Files) -> None:
    assert "Not published: email" in read(files["marts/dim_customers.html"]).text
    assert not [path for path, text in files.items() if "SECRET" in text]


def test_every_page_is_well_formed_and_every_link_leads_somewhere(
    files: Files, hostile: Files
) -> None:
    for given in (files, hostile):
        read_pages = pages(given)
        for path, found in read_pages.items():
            assert not found.faults, (path, found.faults)
            for file, part in targets(path, found):
                assert file in given, (path, file)
                assert not part or part in read_pages[file].ids, (path, file, part)


def test_no_page_asks_for_anything_from_elsewhere(files: Files, hostile: Files) -> None:
    for given in (files, hostile):
        for path, found in pages(given).items():
            policy = next(m["content"] for m in found.all("meta") if "http-equiv" in m)
            assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'")
            for _, attributes in found.elements:
                assert "style" not in attributes, path
                assert not [name for name in attributes if name.startswith("on")], path
                for name in ("href", "src", "action", "srcset", "data"):
                    assert not re.match(
                        r"\s*([a-z][a-z0-9+.-]*:|//)", attributes.get(name, ""), re.I
                    )
        assert not re.search(r"@import|url\(|https?:", given["assets/site.css"])
        assert not re.search(r"fetch\(|XMLHttp|https?:|import\(", given["assets/site.js"])


def test_what_a_catalog_says_is_text_and_never_markup(hostile: Files) -> None:
    for path, found in pages(hostile).items():
        assert [given["src"].rpartition("/")[2] for given in found.all("script")] == ["site.js"]
        assert [given["src"].rpartition("/")[2] for given in found.all("img")] == ["icon.svg"], path
        assert "49" not in found.text, "a template in a text was run"
        assert "\u202e" not in hostile[path]
        assert "<script>alert(1)</script>" in found.text


def test_the_search_index_is_data_whatever_its_texts(hostile: Files) -> None:
    text = hostile["assets/search.js"]
    assert text.isascii()
    entries = json.loads(text.removeprefix("window.martletIndex=").removesuffix(";\n"))
    marts = [entry for entry in entries if entry[0] == 0]
    assert [entry[1] for entry in marts] == list(NAMES)
    files = {f"marts/{entry[1] if entry[2] == 0 else entry[2]}.html" for entry in marts}
    assert len(files) == len(NAMES) and files <= set(hostile)


def test_names_become_files_that_any_disk_can_hold() -> None:
    names = [*NAMES, "marts/x", "a.b", "revenue-0123456789", "nul", "x" * 81]
    paths = [page("metric", name) for name in names]
    assert len({path.lower() for path in paths}) == len(names)
    assert all(re.fullmatch(r"metrics/[a-z0-9_-]{1,100}\.html", path) for path in paths)
    assert slug("net_revenue") == "net_revenue"


def test_the_same_build_gives_the_same_bytes(hostile: Files) -> None:
    assert dict(Pages(hostile_site()).files()) == hostile


def test_values_of_personal_columns_are_not_shown() -> None:
    profile = Profile(
        type="VARCHAR", nulls=0, distinct=1, min="VALUE", max="VALUEZ", top=(("VALUE", 3),)
    )
    names = ("marked", "hashed", "reviewed", "open")
    state = MartState(
        name="people",
        row_count=3,
        columns={name: profile for name in names},
        pseudonyms=("hashed",),
        reviewed={"reviewed": ("name",)},
    )
    columns = [Column(name=name, pii=True if name == "marked" else None) for name in names]
    mart = Mart(name="people", columns=tuple(columns))
    build = BuildState(build_id="1", built_at="2026-01-01T00:00:00", marts={"people": state})
    files = dict(Pages(Site(Catalog(name="x", marts={"people": mart}), build)).files())
    page = read(files["marts/people.html"])
    assert page.text.count("VALUE") == 1, "only the open column shows its value"
    assert page.text.count("personal") == 2 and "pseudonym" in page.text


def test_hidden_things_and_marts_that_are_not_published_have_no_page() -> None:
    site = hostile_site()
    metrics = {
        name: metric.model_copy(update={"hidden": name == "m revenue"})
        for name, metric in site.catalog.metrics.items()
    }
    catalog = site.catalog.model_copy(update={"metrics": metrics})
    marts = {name: state for name, state in site.state.marts.items() if name != "con"}
    state = site.state.model_copy(update={"marts": marts})
    files = dict(Pages(Site(catalog, state, site.facts)).files())
    assert page("metric", "m revenue") not in files and page("mart", "con") not in files
    assert page("metric", "m Revenue") in files and page("mart", "revenue") in files
    for path, found in pages(files).items():
        assert not [file for file, _ in targets(path, found) if file not in files], path
    assert EVIL not in files["assets/search.js"]
