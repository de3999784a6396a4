"""Commands about the catalog: check, import, export."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from martlet.cli.app import AsJson, CatalogPath, Home, app, start
from martlet.cli.output import print_json, print_lines
from martlet.settings import Settings


@app.command()
def check(
    home: Home = None,
    catalog: CatalogPath = None,
    against: Annotated[
        str | None,
        typer.Option("--against", help="Instead: which numbers change since a build (`previous`)."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell what a model reading the catalog would get wrong; exit 1 when there is an error.

    With --against: exit 1 when a number or a verified answer of that build changes or is gone.
    """
    settings = start(home=home, catalog=catalog)
    if against:
        _compare(settings, against, as_json=as_json)
    from martlet.check import check_all

    report = check_all(settings)
    if as_json:
        print_json({"problems": [vars(item) for item in report.problems], **report.counts})
    else:
        for item in report.problems:
            print(f"{item.severity}: {item}")
        print(report.summary)
    sys.exit(1 if report.failed else 0)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the catalog's files, for editors: `> catalog.schema.json`."""
    from martlet.catalog.schema import json_schema

    print(json.dumps(json_schema(), indent=2))


@app.command()
def docs(
    home: Home = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder; default: `site` in the home.")
    ] = None,
    values: Annotated[
        bool, typer.Option("--values/--no-values", help="With the metrics' recent months, or not.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Write the catalog in force as a site for people: static pages that need no server."""
    settings = start(home=home)
    from martlet.pages import write_pages

    written = write_pages(settings, out, values=values)
    if as_json:
        print_json(vars(written))
    else:
        looked = f"{written.marts} marts and {written.metrics} metrics"
        print(f"{looked} of build {written.build_id}: open {written.folder / 'index.html'}")


@app.command("import")
def import_(
    source: Annotated[
        Path, typer.Argument(help="semantic_manifest.json, dbt's property files, or an OSI file.")
    ],
    out: Annotated[Path, typer.Option("--out", help="An empty or new folder.")] = Path("semantic"),
    as_json: AsJson = False,
) -> None:
    """Turn a catalog of dbt or OSI into YAML; exit 1 when something must be mended by hand."""
    from martlet.exchange import import_catalog

    found = import_catalog(source, out)
    if as_json:
        problems = [vars(item) for item in found.problems]
        print_json({"files": list(found.files), "problems": problems, **found.counts})
    else:
        print_lines(f"{item.severity}: {item}" for item in found.problems)
        looked = ", ".join(f"{count} {name}" for name, count in found.counts.items())
        print(f"{looked} in {len(found.files)} files under {out}")
    sys.exit(1 if any(item.severity == "error" for item in found.problems) else 0)


@app.command()
def export(
    catalog: CatalogPath = None,
    out: Annotated[Path | None, typer.Option("--out", help="A file; default: stdout.")] = None,
) -> None:
    """Write the catalog as OSI 0.2; what OSI cannot say is told on stderr, by name."""
    settings = start(catalog=catalog)
    from martlet.exchange import export_catalog
    from martlet.settings import catalog_path

    found = export_catalog(catalog_path(settings))
    for loss in found.losses:
        kind = "left out" if loss.left_out else "says less"
        print(f"{kind}: {loss.name} [{loss.code}] {loss.message}", file=sys.stderr)
    if out is None:
        print(found.text, end="")
    else:
        out.write_text(found.text, encoding="utf-8")


def _compare(settings: Settings, against: str, *, as_json: bool) -> NoReturn:
    from martlet.changes import compare_with, tell

    changes = compare_with(settings, against)
    if as_json:
        compared = [item.as_json() for item in changes.compared]
        print_json({"before": changes.before, "after": changes.after, "compared": compared})
    else:
        print_lines(tell(changes))
    sys.exit(1 if changes.breaks else 0)
