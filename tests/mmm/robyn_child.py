"""Runs inside Robyn's own environment: holds an export against its checks."""

import sys

import duckdb
from robyn.data.entities.enums import DependentVarType
from robyn.data.entities.mmmdata import MMMData
from robyn.data.validation.mmmdata_validation import MMMDataValidation

export = duckdb.sql(f"from '{sys.argv[1]}'").df()
for name in export.columns.drop("DATE"):
    export[name] = export[name].astype(float)
# what is paid for stands beside what it brought: impressions (_I), or clicks (_P)
spends = [name for name in export if name.endswith("_S")]
brought = [name for name in export if name.endswith(("_I", "_P"))]
described = MMMData.MMMDataSpec(
    dep_var="revenue",
    dep_var_type=DependentVarType.REVENUE,
    date_var="DATE",
    paid_media_spends=spends,
    paid_media_vars=brought,
    organic_vars=["newsletter"],
    context_vars=["direct_visits", "organic_search_visits", "promo", "stockout_share"],
    window_start=export["DATE"].min(),
    window_end=export["DATE"].max(),
)
found = MMMDataValidation(MMMData(export, described)).validate()
against = [result.error_message or result.error_details for result in found if not result.status]
if against:
    sys.exit("; ".join(str(said) for said in against))
print("taken")
