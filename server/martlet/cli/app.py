"""The application: its options, its settings, and how every expected error ends."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError

from martlet.errors import MartletError, RequestError
from martlet.settings import Settings, load_settings

app = typer.Typer(
    name="martlet",
    help="Trusted answers from published dbt marts, over MCP.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Home = Annotated[Path | None, typer.Option("--home", help="Where everything Martlet writes lives.")]
CatalogPath = Annotated[
    Path | None, typer.Option("--catalog", help="A folder of YAML, semantic_manifest.json, or OSI.")
]
Project = Annotated[Path | None, typer.Option("--project", help="The dbt project.")]
Warehouse = Annotated[
    Path | None, typer.Option("--warehouse", help="dbt's DuckDB file; default: the profile's.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def main() -> None:
    """Run the command line; every expected error ends as a clear text and an exit code."""
    try:
        app()
    except MartletError as error:
        _end(error)
    except KeyboardInterrupt:
        sys.exit(130)


def _end(error: MartletError) -> NoReturn:
    print(error, file=sys.stderr)
    sys.exit(2 if error.code == "usage" else error.exit_code)


def start(**overrides: object) -> Settings:
    os.umask(os.umask(0o022) | 0o002)  # nothing that Martlet writes can be changed by everyone
    try:
        settings = load_settings(**overrides)
    except ValidationError as error:
        raise _wrong_settings(error) from error
    logging.basicConfig(
        stream=sys.stderr,
        level=settings.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)  # it logs SQL texts
    return settings


def _wrong_settings(error: ValidationError) -> RequestError:
    """Every setting that does not fit, by the variable that gives it; never its value."""
    lines = [
        f"MARTLET_{'_'.join(str(part) for part in item['loc']).upper()}: {item['msg']}"
        for item in error.errors()
    ]
    return RequestError(
        "usage",
        f"Settings do not fit: {'; '.join(lines)}.",
        next_step="Correct the variables; docs/settings.md lists them.",
    )
