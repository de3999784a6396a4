"""The shipped catalog: it loads, it says enough, and the words of people find the right things."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from martlet.catalog.checks import check_catalog
from martlet.catalog.compile import bind
from martlet.catalog.load import load_catalog
from martlet.catalog.search import Index
from martlet.flow.build import BuildState, MartState, Profile
from martlet.flow.catalog import Catalog, Hit
from martlet.publish.database import source_from_database
from martlet.publish.publish import publish
from martlet.settings import load_settings
from tests.catalog.casefiles import FOLDER

SHIPPED = Path(__file__).parents[2] / "semantic"
# Values as the shops store them, for the search of values.
STORED = {
    "fct_orders.channel": ("email", "meta", "google_search", "organic_search"),
    "fct_orders.store": ("kestrelpine-eu", "kestrelpine-jp", "outlet"),
    "fct_orders.order_status": ("paid", "partially_refunded", "refunded"),
    "fct_orders.country_code": ("DE", "US", "JP"),
    "fct_customer_events.event_type": ("add_to_cart", "page_view", "purchase"),
    "fct_ads_performance.campaign_name": ("retargeting_eu", "youtube_summer"),
    "dim_products.category": ("Apparel", "Shelter", "Packs"),
    "dim_products.product_name": ("Alder Daypack 22", "Fjord Rain Jacket"),
    "dim_date.holiday_name": ("Karfreitag", "Tag der Arbeit"),
}
SEARCHES = [
    tuple(part.strip() for part in line.split("|"))
    for line in (FOLDER / "search.txt").read_text(encoding="utf-8").splitlines()
    if "|" in line
]


def build_of(catalog: Catalog) -> BuildState:
    """A build that publishes all columns but the personal ones, with a few stored values."""
    marts = {}
    for mart in catalog.marts.values():
        columns = {}
        for column in (item for item in mart.columns if item.pii is not True):
            values = STORED.get(f"{mart.name}.{column.name}", ())
            top = tuple((value, 10) for value in values)
            columns[column.name] = Profile(type="VARCHAR", nulls=0, distinct=len(top), top=top)
        marts[mart.name] = MartState(name=mart.name, row_count=100, columns=columns)
    return BuildState(build_id="1", built_at="2026-10-18T22:00:00Z", marts=marts)


@pytest.fixture(scope="module")
def shipped() -> Catalog:
    return load_catalog(SHIPPED)


@pytest.fixture(scope="module")
def index(shipped: Catalog) -> Index:
    build = build_of(shipped)
    return Index(bind(shipped, build)[0], build)


def test_the_shipped_catalog_covers_its_marts(shipped: Catalog) -> None:
    kinds = Counter(metric.type for metric in shipped.metrics.values())
    assert kinds["simple"] >= 20 and kinds["ratio"] >= 10 and kinds["derived"] >= 2
    with_metrics = {metric.mart for metric in shipped.metrics.values()} - {""}
    # the calendar counts nothing, and exports are handed over whole: their numbers stand elsewhere
    exports = {name for name in shipped.marts if name.startswith("mmm_input_")}
    assert len(exports) == 4
    assert with_metrics == set(shipped.marts) - {"dim_date"} - exports
    assert len(shipped.metrics) >= 80
    assert len(shipped.verified_queries) >= 30


def test_every_metric_has_an_owner(shipped: Catalog) -> None:
    assert [metric.name for metric in shipped.metrics.values() if not metric.owner] == []


@pytest.mark.parametrize(("words", "wanted", "rank"), SEARCHES, ids=[row[0] for row in SEARCHES])
def test_the_words_of_people_find(index: Index, words: str, wanted: str, rank: str) -> None:
    found = [hit.id for hit in index.search(words, 10)]
    assert wanted in found[: int(rank)], found


def test_nothing_hidden_or_personal_is_found(index: Index) -> None:
    found = {
        hit.id for words in ("email", "60 day LTV", "mature") for hit in index.search(words, 50)
    }
    assert "column/dim_customers.email" not in found
    assert "column/dim_customers.60_day_LTV" not in found
    assert "metric/mature_ltv_60_day_total" not in found


def test_a_search_without_a_hit_is_empty(index: Index) -> None:
    assert index.search("zzqqxx", 10) == []
    assert index.search("", 10) == []
    assert index.search("???", 10) == []


def test_a_search_gives_the_same_hits_each_time_and_no_more_than_asked(
    shipped: Catalog, index: Index
) -> None:
    again = Index(shipped, build_of(shipped))
    for words in ("revenue", "customers by channel"):
        assert index.search(words, 7) == index.search(words, 7)
        assert [hit.id for hit in again.search(words, 7)] == [
            hit.id for hit in index.search(words, 7)
        ]
        assert len(index.search(words, 3)) == 3


@pytest.fixture(scope="module")
def published(
    shipped: Catalog, warehouse: Path, tmp_path_factory: pytest.TempPathFactory
) -> BuildState:
    """The state of the demo company's marts, published without dbt's own word for anything."""
    source = source_from_database(warehouse, "marts", [])
    home = tmp_path_factory.mktemp("home")
    return publish(source, shipped, home, load_settings(), bind=lambda *a: bind(*a)[0])


def test_the_shipped_catalog_fits_the_marts_that_dbt_builds(
    shipped: Catalog, published: BuildState
) -> None:
    assert [str(problem) for problem in check_catalog(shipped, published)] == []


def test_nothing_of_the_shipped_catalog_is_lost_in_publishing(
    shipped: Catalog, published: BuildState
) -> None:
    bound, lost = bind(shipped, published)
    assert lost == []
    assert set(bound.metrics) == set(shipped.metrics)
    customers = {column.name for column in bound.marts["dim_customers"].columns}
    assert "ltv_60_day" in customers and not customers & {"60_day_LTV", "email"}


def test_every_twin_is_found_by_its_label(shipped: Catalog, index: Index) -> None:
    twins = [item for item in (*shipped.marts.values(), *shipped.metrics.values()) if item.prefer]
    assert len(twins) >= 6
    lost = [twin.name for twin in twins if twin.name not in names_of(index.search(twin.label, 5))]
    assert lost == []


@pytest.mark.parametrize(
    "query",
    ["sessions", "how many sessions", "session table", "sessions by country", "visits", "customer"]
    + ["customer profiles", "users", "how many users do we have", "user table", "clients"],
)
def test_no_twin_stands_before_what_is_preferred_to_it(
    shipped: Catalog, index: Index, query: str
) -> None:
    marts = [hit.name for hit in index.search(query, 20) if hit.kind == "mart"]
    for place, name in enumerate(marts):
        assert not shipped.marts[name].prefer or shipped.marts[name].prefer in marts[:place]


def test_no_two_things_of_the_catalog_are_described_alike(shipped: Catalog) -> None:
    """Columns of one name may be, in different marts, because they mean the same."""
    things = (*shipped.marts.values(), *shipped.metrics.values(), *shipped.glossary.values())
    texts = Counter(item.description.strip() for item in things)
    assert [text for text, times in texts.items() if times > 1] == []
    columns: dict[str, set[str]] = {}
    for mart in shipped.marts.values():
        for column in mart.columns:
            columns.setdefault(column.description.strip(), set()).add(column.name)
    assert [names for names in columns.values() if len(names) > 1] == []


def names_of(hits: list[Hit]) -> list[str]:
    return [hit.name for hit in hits]
