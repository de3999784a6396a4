"""Requests of hostile size and shape, and properties that hold for every metric."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from martlet.errors import MartletError, RequestError
from martlet.flow.metric import MetricRequest
from martlet.metrics.compiler import compile_request
from martlet.metrics.names import dimensions_of
from tests.metrics.harness import CASES, Shop, open_shop, read_cases
from tests.metrics.test_shop import shop


def _traps(build: dict[str, object] | None = None) -> Shop:
    given, _ = read_cases(CASES / "traps.yml")
    return open_shop(given["tables"], given["catalog"], build)


@pytest.mark.parametrize(
    "condition",
    [
        "(" * 500 + "1" + ")" * 500,
        "not " * 900 + "true",
        "- " * 1900 + "1 < 2",
        "channel = 'x' and " * 200 + "true",
        "case when " * 200 + "true",
        "channel = '" + "x" * 10_000 + "'",
        "{{ Dimension(" + "[" * 300,
        "{{ Dimension('channel').grain(" * 50,
        "Metric('orders', group_by=['customer'",
        "channel = '\u202e'",
        "",
    ],
)
def test_a_condition_of_any_shape_gets_an_answer_or_a_clear_refusal(condition: str) -> None:
    request = MetricRequest(metrics=("orders",), where=(condition,))
    try:
        _traps().compile(request)
    except MartletError as refusal:
        assert refusal.code in ("metric.filter", "name.unknown")
        assert refusal.next_step


def test_too_many_metrics_are_refused_with_the_limit() -> None:
    names = tuple(f"metric_{i}" for i in range(500))
    with pytest.raises(MartletError) as refusal:
        _traps().compile(MetricRequest(metrics=names))
    assert refusal.value.code == "request.invalid"
    assert "200" in str(refusal.value)


def test_a_key_that_the_build_measured_as_repeating_is_not_joined() -> None:
    key = {"columns": ["customer_id"], "rows": 5, "distinct": 4, "nulls": 0}
    marts = {
        name: {"name": name, "row_count": 5, "keys": [key] if name == "dim_customers" else []}
        for name in ("fct_orders", "fct_lines", "fct_visits", "dim_customers", "dim_countries")
    }
    build = {"build_id": "b", "built_at": "2024-01-01", "marts": marts}
    measured = _traps(build)
    with pytest.raises(MartletError) as refusal:
        measured.compile(MetricRequest(metrics=("orders",), by=("customer__segment",)))
    assert refusal.value.code == "metric.fan_out"
    assert "4 distinct values in 5 rows" in str(refusal.value)


def test_a_metric_of_an_unpublished_mart_is_refused() -> None:
    marts = {"fct_orders": {"name": "fct_orders", "row_count": 6}}
    partial = _traps({"build_id": "b", "built_at": "2024-01-01", "marts": marts})
    with pytest.raises(MartletError) as refusal:
        partial.compile(MetricRequest(metrics=("visits",)))
    assert refusal.value.code == "name.unknown"


def test_the_caller_s_limit_is_handed_on_and_not_written_into_the_sql() -> None:
    compiled = _traps().compile(MetricRequest(metrics=("orders",), by=("channel",), limit=2))
    assert compiled.row_limit == 2
    assert "limit" not in compiled.sql


def test_columns_say_unit_source_null_label_and_whether_groups_add_up() -> None:
    request = MetricRequest(metrics=("revenue", "aov", "buyers"), by=("order__channel",))
    channel, revenue, aov, buyers = compile_request(request, _traps().catalog).columns
    assert (channel.kind, channel.source, channel.null_label) == (
        "dimension",
        "fct_orders.channel",
        "(unknown)",
    )
    assert (revenue.kind, revenue.unit, revenue.additive) == ("metric", "EUR", True)
    assert (aov.additive, buyers.additive) == (False, False)


def test_the_range_is_echoed_half_open_and_the_time_column_is_named() -> None:
    request = MetricRequest(metrics=("revenue",), grain="month", start="2024-01-05")
    compiled = _traps().compile(request)
    assert (compiled.start, compiled.end, compiled.grain) == ("2024-01-05", None, "month")
    ended = _traps().compile(request.model_copy(update={"end": "2024-02-29"}))
    assert ended.end == "2024-03-01"
    assert ended.metrics[0].time_column == "fct_orders.order_date"
    assert ended.metrics[0].definition == "sum of order_total; fct_orders, by order_date"


@pytest.mark.parametrize(
    ("start", "end", "first", "after"),
    [
        ("2024-02", "2024-02", "2024-02-01", "2024-03-01"),
        ("2023-12", "2024-02-10", "2023-12-01", "2024-02-11"),
        ("2024-Q4", "2024-q4", "2024-10-01", "2025-01-01"),
        ("2023", "2024", "2023-01-01", "2025-01-01"),
        ("2020-W53", "2020-W53", "2020-12-28", "2021-01-04"),
        ("20240229", "20240229", "2024-02-29", "2024-03-01"),
        ("2024-W05-1", "2024-W05-1", "2024-01-29", "2024-01-30"),
        ("2024-01-05", "2024-02-29 12:00", "2024-01-05", "2024-02-29 12:00:00"),
    ],
)
def test_a_period_stands_for_its_first_or_its_last_day(
    start: str, end: str, first: str, after: str
) -> None:
    compiled = _traps().compile(MetricRequest(metrics=("revenue",), start=start, end=end))
    assert (compiled.start, compiled.end) == (first, after)


@pytest.mark.parametrize(
    "text", ["2024-13", "2024-Q5", "2021-W53", "9999-12", "0000", "August", "2024-8", "2024-01-01Z"]
)
@pytest.mark.parametrize("argument", ["start", "end"])
def test_what_is_neither_day_nor_period_is_refused(argument: str, text: str) -> None:
    with pytest.raises(RequestError) as refused:
        _traps().compile(MetricRequest.model_validate({"metrics": ("revenue",), argument: text}))
    assert (refused.value.code, refused.value.where) == ("request.invalid", f"{argument}: {text}")


def test_a_week_in_a_condition_is_no_day() -> None:
    with pytest.raises(RequestError) as refused:
        _traps().compile(MetricRequest(metrics=("revenue",), where=("metric_time <= '2024-W05'",)))
    assert refused.value.code == "metric.filter"


def test_the_plan_names_parts_paths_and_formulas() -> None:
    request = MetricRequest(metrics=("orders_per_visit",), by=("region",))
    plan = "\n".join(_traps().compile(request).plan)
    assert "fct_orders → dim_customers → dim_countries" in plan
    assert "aggregated apart" in plan
    assert "orders / visits" in plan


@pytest.mark.parametrize("seed", range(12))
def test_groups_of_an_additive_metric_add_up_to_its_total(seed: int) -> None:
    """Whatever the grouping, grain and filter: nothing is lost and nothing is repeated."""
    choose = random.Random(seed)
    catalog = shop().catalog
    names = [
        name for name, metric in catalog.metrics.items() if metric.type in ("simple", "derived")
    ]
    checked = 0
    while checked < 6:
        name = choose.choice(names)
        where = choose.choice([(), ("metric_time >= '2024-05-05'",)])
        grain = choose.choice(["metric_time__month", "metric_time__week"])
        inputs = catalog.metrics[name].inputs()
        if any(given.offset_window or given.offset_to_grain for given in inputs):
            continue
        probe = shop().compile(MetricRequest(metrics=(name,), by=(grain,)))
        fields = [item.name for item in dimensions_of(name, catalog)]
        if not probe.columns[-1].additive or not fields:
            continue
        checked += 1
        by = (choose.choice(fields), *choose.choice([(), (grain,)]))
        [[total]] = shop().rows(MetricRequest(metrics=(name,), where=where))
        rows = shop().rows(MetricRequest(metrics=(name,), by=by, where=where))
        parts = sum(Decimal(str(row[-1])) for row in rows if row[-1] is not None)
        assert abs(parts - Decimal(str(total or 0))) < Decimal("0.01"), (name, by, where)


def test_filters_split_an_additive_metric_without_loss() -> None:
    def total(*where: str) -> float:
        [[value]] = shop().rows(MetricRequest(metrics=("revenue",), where=where))
        return float(value)

    web = total("order__channel = 'web'")
    rest = total("order__channel is distinct from 'web'")
    assert web + rest == pytest.approx(total())


@pytest.mark.slow
def test_every_grouping_of_every_metric_adds_up_or_says_that_it_does_not() -> None:
    """Adding a dimension or a grain never changes a total without a word."""
    catalog = shop().catalog
    checked = {True: 0, False: 0}
    for name, metric in catalog.metrics.items():
        fields = [item.name for item in dimensions_of(name, catalog)]
        for by in (*((field,) for field in fields), ("metric_time__month",)):
            request = MetricRequest(metrics=(name,), by=by)
            try:
                [[total]] = shop().rows(MetricRequest(metrics=(name,)))
                compiled, rows = shop().compile(request), shop().rows(request)
            except MartletError as refusal:
                assert refusal.code in ("metric.unsupported", "metric.grain"), (name, by)
                continue  # an offset without a time, or by one that it cannot be seen by
            is_additive = compiled.columns[-1].additive
            checked[is_additive] += 1
            if is_additive:
                parts = sum(Decimal(str(row[-1])) for row in rows if row[-1] is not None)
                assert abs(parts - Decimal(str(total or 0))) < Decimal("0.01"), (name, by)
            else:
                assert any(
                    note.startswith(f"{name}: ") and "add up" in note for note in compiled.notes
                ), (name, by, metric.type)
    assert min(checked.values()) > 100


@pytest.mark.slow
@pytest.mark.parametrize("condition", ["order__channel = 'web'", "order__status in ('completed')"])
def test_a_filter_and_its_rest_make_the_whole_of_every_additive_metric(condition: str) -> None:
    rest = f"coalesce({condition}, false) = false"
    for name in shop().catalog.metrics:
        try:
            [[whole]] = shop().rows(MetricRequest(metrics=(name,)))
            parts = [
                shop().rows(MetricRequest(metrics=(name,), where=(text,)))[0][0]
                for text in (condition, rest)
            ]
        except MartletError:
            continue  # the metric cannot be filtered by orders
        if (
            shop()
            .compile(MetricRequest(metrics=(name,), by=("metric_time__day",)))
            .columns[-1]
            .additive
        ):
            assert sum(float(part or 0) for part in parts) == pytest.approx(float(whole or 0)), name
