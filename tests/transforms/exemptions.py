"""What may offend against the project evaluator's rules, each line with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.transforms.evaluator import Project, Rule

Covers = Callable[[Project, str], bool]


@dataclass(frozen=True)
class Exemption:
    """What may offend against a rule, by name or by what it is, and why."""

    rule: str
    what: str | Covers
    why: str

    def covers(self, project: Project, offender: str) -> bool:
        if isinstance(self.what, str):
            return offender in self.what.split()
        return self.what(project, offender)


def is_unit_tested(project: Project, offender: str) -> bool:
    """`model over step`, where the step has unit tests of its own."""
    return offender.partition(" over ")[2] in project.unit_tested


def unions_its_sources(project: Project, offender: str) -> bool:
    """No join at all, or a loop writes a branch for each source, and joins see their union."""
    code = project.named(offender)["raw_code"]
    return "from {{ ref(model) }}" in code or not re.search(r"\bjoin\b", code, re.IGNORECASE)


def says_why_age_tells_nothing(project: Project, offender: str) -> bool:
    return bool(project.named(offender)["config"]["meta"].get("age_tells_nothing"))


# Names that readers know from the system that was taken over, so they are kept.
MEASURE_JS = """
clients daily_active_users_growth daily_performance daily_performance_partitioned event_blocks
events_cleaned events_sessionated session_duration_distribution sessions user_map users
users_incremental
"""
RUDDERSTACK = """
dbt_aliases_mapping dbt_mapped_tracks dbt_session_tracks dbt_track_facts dbt_tracks_flow
journey_paths
"""
SHOP = """
cohort_retention customer_lifetime_value customer_rfm customer_segments inventory_health
product_category_performance product_performance
"""
MIX_MODELS = "mmm_input_meridian mmm_input_robyn"

EXEMPTIONS: tuple[Exemption, ...] = (
    Exemption("model_naming_conventions", MEASURE_JS, "Measure.js gives these names"),
    Exemption("model_naming_conventions", RUDDERSTACK, "RudderStack's journey gives them"),
    Exemption("model_naming_conventions", SHOP, "the shop's reports, neither fact nor dim"),
    Exemption("model_naming_conventions", MIX_MODELS, "exports, named for who reads them"),
    Exemption(
        "staging_dependent_on_staging",
        "event_blocks user_map",
        "Measure.js has its sessions in staging",
    ),
    Exemption(
        "staging_dependent_on_staging",
        "stg_meta_ads stg_google_ads base__crm__contacts",
        "the name and columns in use, over what one loader lands",
    ),
    Exemption(
        "rejoining_of_upstream_concepts", is_unit_tested, "a step by itself can be tested by itself"
    ),
    Exemption("too_many_joins", unions_its_sources, "one branch a source, unioned and not joined"),
    Exemption(
        "too_many_joins",
        "dim_customers mrt__core__customer_360 fct_marketing_mix_daily",
        "wide rows on purpose; what they read is added up before it is joined",
    ),
    Exemption(
        "too_many_joins",
        "int_refund_lines_allocated",
        "two shops' refunds meet here; the seventh is a seed of how many decimals a currency has",
    ),
    Exemption("missing_source_freshness", says_why_age_tells_nothing, "the source says why"),
    Exemption("root_models", "int_calendar_days", "days come from two variables"),
    Exemption("root_models", "raw_dbt_run_results", "dbt writes it when a run ends"),
    Exemption("model_directories", "base_measure_js__events", "its source is called `raw`"),
    Exemption("source_directories", "raw.events", "the folder is the tool, Measure.js"),
)


def unexempted(rule: Rule, project: Project) -> set[str]:
    """What offends and no exemption covers."""
    mine = [item for item in EXEMPTIONS if item.rule == rule.__name__]
    found = set(rule(project))
    return {name for name in found if not any(item.covers(project, name) for item in mine)}
