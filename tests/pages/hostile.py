"""A catalog in which every text that a person can write tries to be more than text."""

from __future__ import annotations

from martlet.flow.build import BuildState, Key, MartState, Profile, SourceState, TestState
from martlet.flow.catalog import (
    AiContext,
    Catalog,
    Column,
    Dimension,
    Entity,
    Mart,
    Metric,
    MetricInput,
    MetricQuery,
    SavedQuery,
    Term,
    VerifiedQuery,
)
from martlet.flow.site import MetricFacts, Point
from martlet.site.site import Site

EVIL = (
    """<script>alert(1)</script><img src=x onerror=alert(1)>"' onclick="alert(1)" \u202e{{ 7*7 }}"""
)
LINK = "javascript:alert(1)"
NAMES = (
    "../../etc/passwd",
    "a\"b'c<d>",
    LINK,
    "Ümläut name",
    "Revenue",
    "revenue",
    "con",
    "",
    "x" * 300,
)
CONTEXT = AiContext(instructions=EVIL, synonyms=(EVIL, LINK), examples=(EVIL,))


def hostile_site() -> Site:
    """Marts and metrics of hostile names with hostile texts."""
    marts = {name: _mart(name) for name in NAMES}
    metrics = {f"m {name}": _metric(f"m {name}", name) for name in NAMES}
    metrics["</script>"] = Metric(
        name="</script>",
        type="ratio",
        numerator=MetricInput(name="m revenue", alias=EVIL, filter=(EVIL,)),
        denominator=MetricInput(name="m Revenue", offset_window=EVIL),
        description=EVIL,
    )
    query = MetricQuery(metrics=("m revenue", EVIL), where=(EVIL,))
    catalog = Catalog(
        name=EVIL,
        description=f"{EVIL} `m revenue` `{LINK}`",
        timezone=EVIL,
        marts=marts,
        metrics=metrics,
        saved_queries={EVIL: SavedQuery(name=EVIL, label=EVIL, description=EVIL, query=query)},
        verified_queries={
            EVIL: VerifiedQuery(name=EVIL, question=EVIL, query=query, expected=((EVIL, None, 1),)),
            LINK: VerifiedQuery(name=LINK, question=LINK, sql=EVIL, verified_by=EVIL),
        },
        glossary={EVIL: Term(name=EVIL, description=EVIL, synonyms=(EVIL,), see=(EVIL, "revenue"))},
    )
    facts = {
        name: MetricFacts(EVIL, EVIL, False, (EVIL,), EVIL, EVIL, points=POINTS) for name in metrics
    }
    return Site(catalog, _state(), facts)


POINTS = (Point("2026-01", 1.0), Point("2026-02", -2.5), Point("2026-03", None))


def _mart(name: str) -> Mart:
    return Mart(
        name=name,
        semantic_name=EVIL,
        label=EVIL,
        description=EVIL,
        grain=EVIL,
        owner=EVIL,
        status="deprecated",
        replaced_by=EVIL,
        columns=(
            Column(
                name=EVIL, type=EVIL, label=EVIL, description=EVIL, unit=EVIL, null_meaning=EVIL
            ),
            Column(name="id", description=EVIL, ai_context=CONTEXT, sample_values=(EVIL,)),
        ),
        dimensions=(Dimension(name=EVIL, type="categorical", expr=EVIL, description=EVIL),),
        entities=(Entity(name="thing", type="primary", expr="id"),),
        ai_context=CONTEXT,
    )


def _metric(name: str, mart: str) -> Metric:
    return Metric(
        name=name,
        type="simple",
        mart=mart,
        agg="sum",
        expr=EVIL,
        label=EVIL,
        description=EVIL,
        unit=EVIL,
        owner=EVIL,
        status="deprecated",
        replaced_by=LINK,
        version=EVIL,
        ai_context=CONTEXT,
        filter=(EVIL,),
    )


def _state() -> BuildState:
    profile = Profile(type="VARCHAR", nulls=1, distinct=1, min=EVIL, max=EVIL, top=((EVIL, 1),))
    states = {
        name: MartState(
            name=name,
            row_count=3,
            columns={EVIL: profile, "id": profile},
            withheld=(f"{EVIL}: {EVIL}",),
            keys=(Key(columns=("id",), rows=3, distinct=2, nulls=0),),
            loaded_at=EVIL,
            complete_through="2026-03-31",
        )
        for name in NAMES
    }
    return BuildState(
        build_id=EVIL,
        built_at=EVIL,
        audience=EVIL,
        marts=states,
        tests=(TestState(name=EVIL, status="fail", marts=NAMES, columns=(EVIL,)),),
        sources=(SourceState(name=EVIL, newest=EVIL, status="error", marts=NAMES),),
    )
