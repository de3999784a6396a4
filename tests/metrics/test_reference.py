"""Random requests over random marts: the compiler against the plain-Python reference."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from martlet.flow.metric import MetricRequest
from tests.metrics.harness import Shop, open_shop
from tests.metrics.reference import Ask, Spec, World, evaluate

CHANNELS = ["web", "app", None]
REGIONS = ["EMEA", "AMER", None]
FACTS = {
    "fct_orders": "order_id int | customer_id int | day date | channel text | "
    "total decimal(10,2) | source text",
    "fct_lines": "line_id int | order_id int | product_id int | day date | net decimal(10,2)",
    "fct_visits": "visit_id int | customer_id int | day date | source text",
    "fct_stock": "stock_id int | product_id int | day date | place text | units int",
    "dim_customers": "customer_id int | country text | segment text",
    "dim_tiers": "customer_id int | tier text | since date | until date",
    "dim_countries": "country text | region text",
    "dim_products": "product_id int | category text",
}


def _divided(top: str, bottom: str) -> Any:
    def divide(given: Any) -> Any:
        return Fraction(given[top]) / Fraction(given[bottom]) if given[bottom] else None

    return divide


def _minus(left: str, right: str) -> Any:
    return lambda given: given[left] - given[right]


def _simple(name: str, mart: str, agg: str, column: str, **more: Any) -> Spec:
    return Spec(name, "simple", mart, agg, column, "day", **more)


def _ratio(name: str, top: str, bottom: str, keep: tuple[str, str] | None = None) -> Spec:
    inputs = (("numerator", top, keep, ""), ("denominator", bottom, None, ""))
    return Spec(name, "ratio", inputs=inputs, expr=_divided("numerator", "denominator"))


def _derived(name: str, expr: Any, *inputs: tuple[str, str, tuple[str, str] | None, str]) -> Spec:
    return Spec(name, "derived", inputs=inputs, expr=expr)


def _running(name: str, source: str, **more: Any) -> Spec:
    return Spec(name, "cumulative", inputs=((source, source, None, ""),), **more)


WEB = ("order__channel", "web")
KNOWN = ("customer", "*")


def _conversion(name: str, events: str, window: int, same: str = "") -> Spec:
    return Spec(
        name, "conversion", "fct_visits", "count", time="day", events=events, window=window,
        entity="customer_id", tie="visit_id", same=same,
    )  # fmt: skip


SPECS = [
    _simple("revenue", "fct_orders", "sum", "total"),
    _simple("orders", "fct_orders", "count", "order_id"),
    _simple("buyers", "fct_orders", "count_distinct", "customer_id"),
    _simple("average", "fct_orders", "average", "total"),
    _simple("biggest", "fct_orders", "max", "total"),
    _simple("web_orders", "fct_orders", "count", "order_id", keep=WEB),
    _simple("web_revenue", "fct_orders", "sum", "total", keep=WEB),
    _simple("orders_filled", "fct_orders", "count", "order_id", spine=True, fill=0),
    _simple("net", "fct_lines", "sum", "net"),
    _simple("lines", "fct_lines", "count", "line_id"),
    _simple("visits", "fct_visits", "count", "visit_id"),
    _simple("stock", "fct_stock", "sum", "units", stock_key="product_id"),
    _simple("opening", "fct_stock", "sum", "units", stock_key="product_id", edge="first"),
    _simple("middle", "fct_orders", "median", "total"),
    _simple("known_visits", "fct_visits", "count", "visit_id", keep=KNOWN),
    _conversion("converted", "orders", 9),
    _conversion("converted_revenue", "revenue", 30),
    _conversion("converted_ever", "web_orders", 0),
    _conversion("converted_alike", "orders", 20, "source"),
    _ratio("conversion", "converted", "known_visits"),
    _ratio("aov", "revenue", "orders"),
    _ratio("per_visit", "orders", "visits"),
    _ratio("web_share", "orders", "orders", WEB),
    _derived(
        "gap", _minus("revenue", "net"), ("revenue", "revenue", None, ""), ("net", "net", None, "")
    ),
    _derived("web_gap", _minus("a", "w"), ("a", "revenue", None, ""), ("w", "revenue", WEB, "")),
    _derived(
        "gap_less",
        _minus("gap", "visits"),
        ("gap", "gap", None, ""),
        ("visits", "visits", None, ""),
    ),
    _derived("before", lambda given: given["b"], ("b", "revenue", None, "1 month")),
    _derived(
        "change", _minus("n", "b"), ("n", "orders", None, ""), ("b", "orders", None, "1 month")
    ),
    _derived("aov_change", _minus("n", "b"), ("n", "aov", None, ""), ("b", "aov", None, "1 month")),
    _running("so_far", "revenue"),
    _running("mtd", "revenue", to_grain="month"),
    _running("mtd_first", "revenue", to_grain="month", period="first"),
    _running("buyers_28d", "buyers", window=28),
    _running("orders_7d", "orders", window=7),
    _running("web_so_far", "web_orders"),
    _running("mtd_average", "revenue", to_grain="month", period="average"),
    _running("ytd_first", "orders", to_grain="year", period="first"),
    _derived(
        "since",
        _minus("n", "b"),
        ("n", "so_far", None, ""),
        ("b", "so_far", None, "start of month"),
    ),
    _derived("mtd_change", _minus("n", "b"), ("n", "mtd", None, ""), ("b", "mtd", None, "1 month")),
]
MARTS_OF = {spec.name: {spec.mart} for spec in SPECS if spec.mart}
for _spec in SPECS:
    if _spec.inputs:
        MARTS_OF[_spec.name] = set().union(*(MARTS_OF[name] for _, name, _, _ in _spec.inputs))

_TO_CUSTOMER = [("customer_id", "dim_customers", "customer_id")]
_TO_COUNTRY = [*_TO_CUSTOMER, ("country", "dim_countries", "country")]
_TO_TIER = [("customer_id", "dim_tiers", "customer_id")]
_TO_ORDER = [("order_id", "fct_orders", "order_id")]
_TO_PRODUCT = [("product_id", "dim_products", "product_id")]
WAYS: dict[tuple[str, str], tuple[list[tuple[str, str, str]], str]] = {
    ("fct_orders", "order__channel"): ([], "channel"),
    ("fct_orders", "customer__segment"): (_TO_CUSTOMER, "segment"),
    ("fct_orders", "country__region"): (_TO_COUNTRY, "region"),
    ("fct_lines", "order__channel"): (_TO_ORDER, "channel"),
    ("fct_lines", "customer__segment"): ([*_TO_ORDER, *_TO_CUSTOMER], "segment"),
    ("fct_lines", "country__region"): ([*_TO_ORDER, *_TO_COUNTRY], "region"),
    ("fct_lines", "product__category"): (_TO_PRODUCT, "category"),
    ("fct_visits", "visit__source"): ([], "source"),
    ("fct_visits", "customer__segment"): (_TO_CUSTOMER, "segment"),
    ("fct_visits", "country__region"): (_TO_COUNTRY, "region"),
    ("fct_stock", "product__category"): (_TO_PRODUCT, "category"),
    ("fct_stock", "stock_row__place"): ([], "place"),
    ("fct_orders", "customer__tier"): (_TO_TIER, "tier"),
    ("fct_visits", "customer__tier"): (_TO_TIER, "tier"),
    ("fct_lines", "customer__tier"): ([*_TO_ORDER, *_TO_TIER], "tier"),
    ("fct_orders", "customer"): ([], "customer_id"),
    ("fct_visits", "customer"): ([], "customer_id"),
    ("fct_lines", "customer"): (_TO_ORDER, "customer_id"),
}


def _catalog() -> dict[str, Any]:
    def mart(name: str, entities: list[tuple[str, str, str]], dimensions: list[str]) -> Any:
        is_fact = name.startswith("fct")
        day = {"name": "day", "type": "time", "expr": "day", "granularity": "day"}
        return {
            "name": name,
            "agg_time_dimension": "day" if is_fact else "",
            "entities": [{"name": n, "type": t, "expr": e} for n, t, e in entities],
            "dimensions": [
                *([day] if is_fact else []),
                *({"name": d, "type": "categorical", "expr": d} for d in dimensions),
            ],
        }

    customer = ("customer", "foreign", "customer_id")
    product = ("product", "foreign", "product_id")
    return {
        "marts": [
            mart(
                "fct_orders",
                [("order", "primary", "order_id"), customer],
                ["channel", "source"],
            ),
            mart(
                "fct_lines",
                [("line", "primary", "line_id"), ("order", "foreign", "order_id"), product],
                [],
            ),
            mart("fct_visits", [("visit", "primary", "visit_id"), customer], ["source"]),
            mart("fct_stock", [("stock_row", "primary", "stock_id"), product], ["place"]),
            mart(
                "dim_customers",
                [("customer", "primary", "customer_id"), ("country", "foreign", "country")],
                ["segment"],
            ),
            _tiers(),
            mart("dim_countries", [("country", "primary", "country")], ["region"]),
            mart("dim_products", [("product", "primary", "product_id")], ["category"]),
        ],
        "metrics": [_metric(spec) for spec in SPECS],
    }


def _tiers() -> dict[str, Any]:
    def time(name: str, validity: str) -> dict[str, str]:
        kind = {"type": "time", "granularity": "day", "validity": validity}
        return {"name": name, "expr": name, **kind}

    return {
        "name": "dim_tiers",
        "primary_entity": "tier_row",
        "entities": [{"name": "customer", "type": "natural", "expr": "customer_id"}],
        "dimensions": [
            {"name": "tier", "type": "categorical", "expr": "tier"},
            time("since", "start"),
            time("until", "end"),
        ],
    }


def _metric(spec: Spec) -> dict[str, Any]:
    if spec.name == "conversion":
        made = _conversion_metric(next(item for item in SPECS if item.name == "converted"))
        return {**made, "name": spec.name, "calculation": "conversion_rate"}
    if spec.kind == "conversion":
        return _conversion_metric(spec)

    def given(name: str, keep: tuple[str, str] | None, **more: str) -> dict[str, Any]:
        return {"name": name, "filter": _filter(keep), **{k: v for k, v in more.items() if v}}

    made: dict[str, Any] = {"name": spec.name, "type": spec.kind, "filter": _filter(spec.keep)}
    if spec.kind == "simple":
        made |= {"mart": spec.mart, "agg": spec.agg, "expr": spec.column}
        made |= {"join_to_timespine": spec.spine, "fill_nulls_with": spec.fill}
        if spec.stock_key:
            pick = "min" if spec.edge == "first" else "max"
            made["non_additive"] = {"name": "day", "group_by": ["product"], "window_agg": pick}
    elif spec.kind == "ratio":
        made |= {alias: given(name, keep) for alias, name, keep, _ in spec.inputs}
    elif spec.kind == "cumulative":
        made |= {"input_metrics": [given(spec.inputs[0][1], None)], "period_agg": spec.period}
        made |= {"grain_to_date": spec.to_grain}
        made |= {"window": f"{spec.window} days"} if spec.window else {}
    else:
        aliases = [alias for alias, *_ in spec.inputs]
        made |= {
            "expr": " - ".join(aliases),
            "input_metrics": [
                given(name, keep, alias=alias, **_offset(back))
                for alias, name, keep, back in spec.inputs
            ],
        }
    return made


def _offset(back: str) -> dict[str, str]:
    to = back.removeprefix("start of ")
    return {"offset_to_grain": to} if to != back else {"offset_window": back}


def _conversion_metric(spec: Spec) -> dict[str, Any]:
    pair = {"base_property": spec.same, "conversion_property": f"order__{spec.same}"}
    return {
        "name": spec.name,
        "type": "conversion",
        "entity": "customer",
        "calculation": "conversions",
        "base_metric": {"name": "visits"},
        "conversion_metric": {"name": spec.events},
        "window": f"{spec.window} days" if spec.window else "",
        "constant_properties": [pair] if spec.same else [],
    }


def _filter(keep: tuple[str, str] | None) -> list[str]:
    if keep is None:
        return []
    return [f"{keep[0]} is not null" if keep[1] == "*" else f"{keep[0]} = '{keep[1]}'"]


def _rows(choose: random.Random) -> dict[str, list[dict[str, Any]]]:
    """A few dozen rows with holes: null keys, keys without a partner, quiet months."""
    first = date(2024, 1, 28)

    def day() -> date:
        found = first + timedelta(days=choose.randrange(80))
        return found if found.month != 3 or choose.random() < 0.2 else found - timedelta(days=31)

    def key(most: int) -> int | None:
        return choose.choice([None, *range(1, most + 1), *range(1, most + 1)])

    def money() -> Decimal | None:
        return choose.choice(
            [None, Decimal(0), *(Decimal(choose.randrange(9000)) / 100 for _ in range(6))]
        )

    return {
        "fct_orders": [
            {
                "order_id": i,
                "customer_id": key(5),
                "day": day(),
                "channel": choose.choice(CHANNELS),
                "total": money(),
                "source": choose.choice(["ad", None]),
            }
            for i in range(1, choose.randrange(2, 25))
        ],
        "fct_lines": [
            {"line_id": i, "order_id": key(26), "product_id": key(4), "day": day(), "net": money()}
            for i in range(1, choose.randrange(2, 30))
        ],
        "fct_visits": [
            {
                "visit_id": i,
                "customer_id": key(6),
                "day": day(),
                "source": choose.choice(["ad", None]),
            }
            for i in range(1, choose.randrange(2, 15))
        ],
        "fct_stock": [
            {
                "stock_id": i,
                "product_id": key(4),
                "day": day(),
                "place": choose.choice("ns"),
                "units": choose.choice([None, 0, 3, 8]),
            }
            for i in range(1, choose.randrange(20, 60))
        ],
        "dim_customers": [
            {
                "customer_id": i,
                "country": choose.choice(["DE", "US", "XX", None]),
                "segment": choose.choice(["a", "b", None]),
            }
            for i in range(1, 5)
        ],
        "dim_tiers": [
            {"customer_id": i, "tier": choose.choice(["low", "top", None]), **since}
            for i in range(1, 4)
            for since in choose.choice(TIMES)
        ],
        "dim_countries": [{"country": c, "region": choose.choice(REGIONS)} for c in ("DE", "US")],
        "dim_products": [
            {"product_id": i, "category": choose.choice(["hat", None])} for i in (1, 2, 3)
        ],
    }


_CUT = date(2024, 2, 20)
TIMES: list[list[dict[str, date | None]]] = [
    [{"since": date(2024, 1, 1), "until": _CUT}, {"since": _CUT, "until": None}],
    [{"since": date(2024, 2, 1), "until": None}],
    [{"since": date(2024, 1, 1), "until": _CUT}],
]


def _drawing(mart: str, rows: list[dict[str, Any]]) -> str:
    lines = [" | ".join("null" if v is None else str(v) for v in row.values()) for row in rows]
    return "\n".join([FACTS[mart], *lines])


LOOKING_BACK = ("before", "change", "aov_change", "since", "mtd_change")
NOT_COMPARED = (*LOOKING_BACK, "conversion", *(s.name for s in SPECS if s.kind == "conversion"))


def _ask(choose: random.Random) -> Ask:
    names = choose.sample([spec.name for spec in SPECS], choose.choice([1, 1, 2, 3]))
    marts = set().union(*(MARTS_OF[name] for name in names))
    fields = sorted({name for _, name in WAYS if all((mart, name) in WAYS for mart in marts)})
    needs_time = any(name in LOOKING_BACK for name in names)
    grain = choose.choice(["day", "month", "quarter", "week", ""])
    if needs_time:
        grain = choose.choice(["month", "day"])
    by = choose.sample(fields, min(len(fields), choose.choice([0, 0, 1, 2])))
    where = [
        (name, *choose.choice(ON_CUSTOMER if name == "customer" else ON_TEXT))
        for name in choose.sample(fields, min(len(fields), choose.choice([0, 0, 1])))
    ]
    start = choose.choice([None, date(2024, 2, 10), date(2024, 3, 1)])
    end = choose.choice([None, None, date(2024, 3, 31), date(2024, 4, 5)])
    ask = Ask(tuple(names), tuple(by), grain, start, end, tuple(where))
    return replace(ask, having=_having(choose, ask), compare=_compare(choose, ask))


def _having(choose: random.Random, ask: Ask) -> tuple[str, int] | None:
    """A condition on some metric that can be grouped and filtered alike, now and then."""
    fields = [*ask.by, *(name for name, *_ in ask.where)]
    able = [
        spec.name
        for spec in SPECS
        if spec.name not in LOOKING_BACK
        and all((mart, field) in WAYS for mart in MARTS_OF[spec.name] for field in fields)
    ]
    return (choose.choice(able), choose.choice([0, 1, 20])) if choose.random() < 0.2 else None


def _compare(choose: random.Random, ask: Ask) -> str:
    """How much earlier the compared rows lie, now and then."""
    per_entity = any(operator == "metric >" for _, operator, _ in ask.where)
    if choose.random() > 0.25 or per_entity or any(name in NOT_COMPARED for name in ask.metrics):
        return ""
    if ask.grain:
        previous = {"day": "1 day", "week": "7 days", "month": "1 month", "quarter": "3 months"}
        return choose.choice([previous[ask.grain], previous[ask.grain], "1 year"])
    if not (ask.start and ask.end):
        return ""
    after = ask.end + timedelta(days=1)
    if ask.start.day == after.day == 1:
        return f"{(after.year - ask.start.year) * 12 + after.month - ask.start.month} months"
    return f"{(after - ask.start).days} days"


ON_TEXT: list[tuple[str, Any]] = [
    ("=", "web"),
    ("!=", "a"),
    ("is null", None),
    ("is distinct from", "EMEA"),
    ("in", ("web", "b", "hat", "top")),
]
ON_CUSTOMER: list[tuple[str, Any]] = [
    ("metric >", ("orders", 1)),
    ("metric >", ("visits", 0)),
    ("in", (1, 2)),
    ("!=", 3),
    ("is null", None),
    ("is distinct from", 2),
]


def _request(ask: Ask) -> MetricRequest:
    def condition(name: str, operator: str, value: Any) -> str:
        if operator == "metric >":
            return f"Metric('{value[0]}', group_by=['{name}']) > {value[1]}"
        if name == "customer" and operator in ("=", "in"):
            return f"customer in ({', '.join(str(item) for item in value)})"
        if name == "customer" and operator != "is null":
            return f"{name} {operator} {value}"
        if operator == "is null":
            return f"{name} is null"
        if operator == "in":
            return f"{name} in ({', '.join(repr(item) for item in value)})"
        return f"{name} {operator} '{value}'"

    return MetricRequest(
        metrics=ask.metrics,
        by=ask.by,
        grain=ask.grain,
        where=tuple(condition(*item) for item in ask.where),
        start=ask.start.isoformat() if ask.start else "",
        end=ask.end.isoformat() if ask.end else "",
        having=(f"{ask.having[0]} > {ask.having[1]}",) if ask.having else (),
        compare={"": "", "1 year": "previous_year"}.get(ask.compare, "previous_period"),
    )


def _slow(seed: int) -> Any:
    return pytest.param(seed, marks=pytest.mark.slow)


def _world(seed: int) -> tuple[World, Shop, random.Random]:
    choose = random.Random(seed)
    rows = _rows(choose)
    shop = open_shop({mart: _drawing(mart, found) for mart, found in rows.items()}, _catalog())
    return World(rows, WAYS, {spec.name: spec for spec in SPECS}), shop, choose


def _check(seed: int, count: int) -> None:
    world, shop, choose = _world(seed)
    for _ in range(count):
        ask = _ask(choose)
        request = _request(ask)
        wanted = evaluate(world, ask)
        sql = shop.compile(request).sql
        width = len(ask.by) + bool(ask.grain)
        found = {
            tuple(row[:width]): tuple(row[width:]) for row in shop.database.execute(sql).fetchall()
        }
        assert _plain(found) == _plain(wanted), f"{request!r}\n{sql}"


def _folded(world: World, ask: Ask, count: int) -> dict[Any, Any]:
    """The rows of `top` with shares: groups ranked over the range, the rest evaluated as one."""
    field = ask.by[0]
    ranked = evaluate(world, replace(ask, metrics=ask.metrics[:1], grain=""))

    def worth(group: Any) -> Any:
        value = ranked[group][0]
        is_null = group[0] is None
        return value is None, -Fraction(value or 0), is_null, "" if is_null else str(group[0])

    first = {group[0] for group in sorted(ranked, key=worth)[:count]}
    folded = Folded(world.marts, world.ways, world.specs, field=field, first=frozenset(first))
    found = evaluate(folded, replace(ask, by=("folded",)))
    period = 1 if ask.grain else 0
    totals = evaluate(world, replace(ask, by=()))
    result = {}
    for group, values in found.items():
        whole = totals.get(group[:period], (None,) * len(values))
        shares = [
            _divided("a", "b")({"a": v, "b": w}) if v is not None and w else None
            for v, w in zip(values, whole, strict=True)
        ]
        result[group] = tuple(x for pair in zip(values, shares, strict=True) for x in pair)
    return result


@dataclass
class Folded(World):
    """A world in which all values of a field but the first are one."""

    field: str = ""
    first: frozenset[Any] = frozenset()

    def value(self, mart: str, row: dict[str, Any], name: str) -> Any:
        if name != "folded":  # conditions see the field as it is
            return super().value(mart, row, name)
        value = super().value(mart, row, self.field)
        return value if value in self.first else "(other)"


SHARED = [
    spec.name
    for spec in SPECS
    if spec.kind in ("simple", "cumulative") and spec.agg not in ("average", "max", "median")
]


@pytest.mark.parametrize("seed", [*range(4), *(_slow(seed) for seed in range(2000, 2020))])
def test_random_tops_and_shares_give_the_rows_of_the_reference(seed: int) -> None:
    world, shop, choose = _world(seed)
    for _ in range(25):
        ask = _ask(choose)
        names = tuple(choose.sample(SHARED, choose.choice([1, 2])))
        marts = set().union(*(MARTS_OF[name] for name in names))
        fields = sorted({name for _, name in WAYS if all((mart, name) in WAYS for mart in marts)})
        fields = [name for name in fields if name != "customer"]  # a number becomes text
        if not fields:
            continue
        where = tuple(w for w in ask.where if w[0] in fields and w[1] != "metric >")
        ask = replace(ask, metrics=names, by=(choose.choice(fields),), having=None, compare="")
        ask = replace(ask, where=tuple(item for item in where if item[0] != ask.by[0]))
        count = choose.choice([1, 2, 3])
        request = _request(ask).model_copy(update={"top": count, "share": True})
        sql = shop.compile(request).sql
        width = 1 + bool(ask.grain)
        rows = shop.database.execute(sql).fetchall()
        found = {tuple(row[:width]): tuple(row[width:]) for row in rows}
        assert _plain(found) == _plain(_folded(world, ask, count)), f"{request!r}\n{sql}"


def _plain(groups: dict[Any, Any]) -> dict[Any, Any]:
    return {
        group: tuple(None if v is None else round(float(v), 6) for v in values)
        for group, values in groups.items()
    }


@pytest.mark.parametrize("seed", range(4))
def test_random_requests_give_the_rows_of_the_reference(seed: int) -> None:
    _check(seed, 25)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1040))
def test_thousands_of_random_requests_give_the_rows_of_the_reference(seed: int) -> None:
    _check(seed, 60)
