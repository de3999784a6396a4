"""Runs inside Meridian's own environment: loads an export and makes a model of it."""

import sys

import duckdb
from meridian.data import load
from meridian.model import model, spec

export = duckdb.sql(f"select * replace (time::varchar as time) from '{sys.argv[1]}'").df()
channels = [name.removesuffix("_spend") for name in export if name.endswith("_spend")]
for name in export.columns.drop("time"):
    export[name] = export[name].astype(float)
columns = load.CoordToColumns(
    time="time",
    kpi="conversions",
    revenue_per_kpi="revenue_per_conversion",
    media=[f"{channel}_impression" for channel in channels],
    media_spend=[f"{channel}_spend" for channel in channels],
    organic_media=[name for name in export if name.startswith("organic_")],
    non_media_treatments=["promo"],
    controls=["stockout_share"],
)
loader = load.DataFrameDataLoader(
    df=export,
    kpi_type="non_revenue",
    coord_to_columns=columns,
    media_to_channel={f"{channel}_impression": channel for channel in channels},
    media_spend_to_channel={f"{channel}_spend": channel for channel in channels},
)
model.Meridian(input_data=loader.load(), model_spec=spec.ModelSpec())
print("taken")
