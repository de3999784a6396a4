"""A small published shop, built through the product's own publishing."""

from __future__ import annotations

from pathlib import Path

import duckdb

from martlet.build import Origin, publish_from
from martlet.flow.build import BuildState
from martlet.settings import Settings, load_settings

HERE = Path(__file__).parent


def small_database(folder: Path) -> Path:
    """The shop of shop.sql as a DuckDB file."""
    file = folder / "shop.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute((HERE / "shop.sql").read_text(encoding="utf-8"))
    return file


def small_settings(folder: Path, **overrides: object) -> Settings:
    return load_settings(home=folder / "home", catalog=HERE / "semantic", sandboxes=1, **overrides)


def publish_small(folder: Path, **overrides: object) -> tuple[Settings, BuildState]:
    """The shop, published into `folder/home`; e-mail addresses stay out."""
    settings = small_settings(folder, **overrides)
    origin = Origin(database=small_database(folder), hide=("dim_customers.email",))
    return settings, publish_from(settings, origin)
