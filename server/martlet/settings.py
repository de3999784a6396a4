"""The one table of settings; the only reader of the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Each field is an environment variable `MARTLET_<NAME>`; the command line overrides some."""

    model_config = SettingsConfigDict(env_prefix="MARTLET_", frozen=True, env_ignore_empty=True)

    home: Path = Field(Path(".martlet"), description="Where everything Martlet writes lives.")
    project: Path | None = Field(
        None, description="The dbt project; default: `transforms/` here, or the shipped one."
    )
    dbt_command: str = Field(
        "",
        description="How dbt is started; default: the project's own `.venv/bin/dbt`, else ours.",
    )
    warehouse: Path | None = Field(
        None, description="dbt's DuckDB file; default: the one that the project's profile names."
    )
    catalog: Path | None = Field(
        None, description="The semantic catalog; default: `semantic/` here, or the shipped one."
    )
    audience: str = Field("default", description="The audience whose published file is served.")
    freshness_clock: Literal["wall", "data"] = Field(
        "wall",
        description="What freshness is judged against: the clock at build time, or the newest row.",
    )
    on_test_failure: Literal["refuse", "publish_marked"] = Field(
        "refuse", description="What publishing does when dbt tests failed."
    )
    keep_builds: int = Field(3, ge=1, description="How many published builds are kept.")
    profile_seconds: float = Field(
        120.0, ge=0, description="Seconds for column profiles of a build; beyond, of a sample."
    )

    audit: Path | None = Field(
        None, description="Folder of the audit log; default: `audit` in the home."
    )
    keep_audit_days: int = Field(
        90, ge=1, description="How many days the audit log reaches back, today included."
    )

    deadline_seconds: float = Field(30.0, gt=0, description="Longest run of one query, in seconds.")
    kill_after_seconds: float = Field(
        0.3, gt=0, description="Seconds between interrupting a query and killing its sandbox."
    )
    rows: int = Field(200, ge=1, description="Rows in one answer unless the caller asks for other.")
    rows_most: int = Field(1_000, ge=1, description="Most rows one answer holds.")
    answer_characters: int = Field(
        25_000, ge=1_000, description="Most characters of rows in one answer."
    )
    cell_characters: int = Field(2_000, ge=20, description="Most characters of one cell.")
    caller_sql_characters: int = Field(
        20_000, ge=100, description="Longest SQL text a caller may send."
    )
    compiled_sql_characters: int = Field(
        1_000_000, ge=1_000, description="Longest SQL text the metric compiler may write."
    )
    sandboxes: int = Field(2, ge=1, description="Sandbox processes that run queries side by side.")
    queue: int = Field(32, ge=0, description="Calls that may wait for a sandbox.")
    sandbox_memory_mb: int = Field(1_024, ge=64, description="DuckDB memory of one sandbox, MB.")
    sandbox_address_space_mb: int = Field(
        4_096, ge=512, description="Address space of one sandbox process, MB (where enforced)."
    )
    sandbox_threads: int = Field(2, ge=1, description="DuckDB threads of one sandbox.")
    require_walls: bool = Field(
        False, description="Refuse to run queries where the system offers a sandbox no walls."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "warning", description="What the log on stderr shows."
    )


def project_folder(settings: Settings) -> Path:
    """The dbt project: as set, else `transforms/` here, else the one shipped with Martlet."""
    return settings.project or _here_or_shipped("transforms", "dbt_project.yml")


def catalog_path(settings: Settings) -> Path:
    """The semantic catalog: as set, else `semantic/` here, else the one shipped with Martlet."""
    return settings.catalog or _here_or_shipped("semantic", "catalog.yml")


def find_catalog(settings: Settings) -> Path | None:
    """The catalog that is set, or lies in or beside a project of one's own, or the default one."""
    project = settings.project
    if settings.catalog or project is None:
        return catalog_path(settings)
    beside = (project / "semantic", project.absolute().parent / "semantic")
    return next((place for place in beside if place.is_dir()), None)


def audit_folder(settings: Settings) -> Path:
    """Where the server writes its audit log: the only place that it writes to."""
    return settings.audit or settings.home / "audit"


def audit_key(settings: Settings) -> Path:
    """The key of the audit log's marks: with the log when that stands elsewhere."""
    return (settings.audit or settings.home / "keys") / "audit.key"


def _here_or_shipped(folder: str, mark: str) -> Path:
    package = Path(__file__).parent
    places = (Path(folder), package / "_project" / folder, package.parent.parent / folder)
    return next((place for place in places if (place / mark).is_file()), places[0])


# Read by the dbt project, not by Martlet; the last three are set by Martlet itself for dbt.
_OF_DBT = (
    "MARTLET_DBT_THREADS",
    "MARTLET_DBT_MEMORY",
    "MARTLET_SUPPRESSED",
    "MARTLET_SUPPRESSION_KEY",
    "MARTLET_ERASE_RAW",
)


def unknown_variables() -> list[tuple[str, list[str]]]:
    """Variables that look like settings and are none, each with the names of all settings."""
    known = [*(f"MARTLET_{name.upper()}" for name in Settings.model_fields), *_OF_DBT]
    named = (name for name in os.environ if name.upper().startswith("MARTLET_"))
    return [(name, known) for name in sorted(named) if name.upper() not in known]


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment, with the given ones (None means not given) on top."""
    given = {name: value for name, value in overrides.items() if value is not None}
    return Settings.model_validate({**Settings().model_dump(), **given})
