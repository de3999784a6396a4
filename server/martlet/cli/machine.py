"""Commands about the installation: doctor, version."""

from __future__ import annotations

import sys

import martlet
from martlet.cli.app import AsJson, CatalogPath, Home, Project, Warehouse, app, start
from martlet.cli.output import print_json


@app.command()
def doctor(
    home: Home = None,
    project: Project = None,
    catalog: CatalogPath = None,
    warehouse: Warehouse = None,
    as_json: AsJson = False,
) -> None:
    """Check that this machine, its files and the published build are in order."""
    settings = start(home=home, project=project, catalog=catalog, warehouse=warehouse)
    from martlet.doctor import examine

    findings = examine(settings)
    if as_json:
        print_json([vars(finding) for finding in findings])
    else:
        for finding in findings:
            advice = f"\n      {finding.next_step}" if finding.next_step else ""
            print(f"{'ok  ' if finding.good else 'BAD '}  {finding.name}: {finding.detail}{advice}")
    sys.exit(0 if all(finding.good for finding in findings) else 1)


@app.command()
def version() -> None:
    """Print the version."""
    print(martlet.__version__)
