"""Commands about people in the data: review pii, purge."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from martlet.cli.app import AsJson, CatalogPath, Home, Project, app, start
from martlet.cli.output import print_json
from martlet.errors import RequestError
from martlet.flow.personal import Choice

review_app = typer.Typer(help="Decide what a publish withheld for review.", no_args_is_help=True)
app.add_typer(review_app, name="review")


@review_app.command("pii")
def review_pii(
    place: Annotated[
        str, typer.Argument(help="mart.column to decide about; none: list what waits.")
    ] = "",
    publish_it: Annotated[
        bool, typer.Option("--publish", help="It may be published as it is.")
    ] = False,
    drop: Annotated[bool, typer.Option("--drop", help="It stays out for good.")] = False,
    pseudonym: Annotated[
        bool, typer.Option("--pseudonym", help="Publish a keyed hash in its place.")
    ] = False,
    who: Annotated[str, typer.Option(help="Who decides.")] = "",
    why: Annotated[str, typer.Option(help="Why.")] = "",
    home: Home = None,
    catalog: CatalogPath = None,
    as_json: AsJson = False,
) -> None:
    """List the columns that look personal and wait for a decision, or record one."""
    settings = start(home=home, catalog=catalog)
    from martlet import review

    chosen: dict[Choice, bool] = {"publish": publish_it, "drop": drop, "pseudonym": pseudonym}
    choices = [choice for choice, given in chosen.items() if given]
    if bool(place) != (len(choices) == 1):
        raise RequestError(
            "usage",
            "Name one column and one decision, or neither.",
            next_step="martlet review pii mart.column --drop --who NAME --why TEXT",
        )
    if place:
        today = datetime.now(UTC).date().isoformat()
        made = review.decide(settings, place, choices[0], who=who, why=why, on=today)
        if as_json:
            print_json(vars(made))
        else:
            print(f"{made.mart}.{made.column}: {made.choice}, as of the next publish.")
        return
    found = review.waiting(settings)
    if as_json:
        print_json([vars(item) for item in found])
    else:
        print("\n".join(item.line for item in found) or "Nothing waits for a review.")
        if marts := review.sampled(settings):
            print(f"Too large to be searched whole, so a sample was: {', '.join(marts)}.")


@app.command()
def purge(
    people: Annotated[
        list[str], typer.Argument(help="Addresses or ids; type:value says what an id is.")
    ],
    home: Home = None,
    project: Project = None,
    kind: Annotated[
        str,
        typer.Option(
            "--type",
            help="What the ids are, such as email, shopify_customer, crm_contact or "
            "posthog_distinct_id; a wrong one is answered with the list.",
        ),
    ] = "",
    who: Annotated[str, typer.Option(help="Who decided it; kept.")] = "",
    why: Annotated[str, typer.Option(help="Why, without naming the person; kept.")] = "",
    raw: Annotated[
        bool, typer.Option("--raw", help="Erase them in the landing zone of the warehouse, too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Forget people: keep them out of every build from now on, and remove what holds them."""
    settings = start(home=home, project=project)
    from martlet.progress import Progress
    from martlet.purge import Purge
    from martlet.purge import purge as forget

    with Progress() as progress:
        report = forget(settings, Purge(tuple(people), kind, who, why, raw), progress.show)
    if as_json:
        print_json(vars(report))
    else:
        print(report)
