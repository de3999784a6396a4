"""The parts of an answer that its rows and the catalog give: columns, cuts, notes, caveats."""

from __future__ import annotations

from collections.abc import Sequence

from martlet.answer.answer import AnswerColumn, Truncated
from martlet.flow.catalog import Catalog
from martlet.flow.metric import CompiledMetric, ConversionCount
from martlet.flow.query import Cell, Output, Rows, ValidatedQuery
from martlet.settings import Settings


def columns(
    query: ValidatedQuery, rows: Rows, catalog: Catalog, compiled: CompiledMetric | None
) -> list[AnswerColumn]:
    """Name and type as DuckDB gave them; unit and meaning from the catalog where known."""
    if compiled and len(compiled.columns) == len(rows.columns):
        return [
            AnswerColumn(
                name=given.name,
                type=given.type,
                unit=meant.unit,
                meaning=meant.meaning,
                source=meant.source,
            )
            for given, meant in zip(rows.columns, compiled.columns, strict=True)
        ]
    outputs = query.outputs if len(query.outputs) == len(rows.columns) else ()
    return [
        _column(given.name, given.type, outputs[i] if outputs else None, catalog)
        for i, given in enumerate(rows.columns)
    ]


def _column(name: str, kind: str, output: Output | None, catalog: Catalog) -> AnswerColumn:
    if output is None or not output.sources:
        return AnswerColumn(name=name, type=kind)
    source = ", ".join(f"{ref.mart}.{ref.column}" for ref in output.sources)
    if len(output.sources) > 1 or not (output.plain or output.aggregate):
        return AnswerColumn(name=name, type=kind, source=source)
    mart = catalog.marts.get(output.sources[0].mart)
    column = mart.column(output.sources[0].column) if mart else None
    if column is None:
        return AnswerColumn(name=name, type=kind, source=source)
    keeps_unit = output.plain or output.aggregate in ("sum", "min", "max", "avg", "median")
    return AnswerColumn(
        name=name,
        type=kind,
        unit=column.unit if keeps_unit else "",
        meaning=column.description if output.plain else "",
        source=f"{output.aggregate}({source})" if output.aggregate else source,
    )


def truncated(rows: Rows, settings: Settings, limit: int | None) -> Truncated | None:
    """Which limit cut the answer, if any; rows before characters before cells."""
    if rows.cut == "rows":
        asked = limit is not None and limit <= settings.rows_most
        most = (
            limit
            if limit is not None and asked
            else min(limit or settings.rows, settings.rows_most)
        )
        further = (
            f"ask again with `limit` up to {settings.rows_most}, "
            if most < settings.rows_most
            else ""
        )
        return Truncated(
            by="rows",
            limit=most,
            whose="caller" if asked else "server",
            next=f"More rows exist: {further}aggregate, or filter.",
        )
    if rows.cut == "characters":
        return Truncated(
            by="characters",
            limit=settings.answer_characters,
            whose="server",
            next="More rows exist: select fewer columns, aggregate, or filter.",
        )
    if rows.cut_cells:
        return Truncated(
            by="cell",
            limit=settings.cell_characters,
            whose="server",
            next=f"{rows.cut_cells} cells end in …: select a part, e.g. substring(column, 1, 500).",
        )
    return None


def cell_caveats(rows: Rows) -> list[str]:
    """What was done to cells that a reader would not see otherwise."""
    found = []
    if rows.not_finite:
        found.append(
            f"{rows.not_finite} values were not a number or infinite (a division by zero?) "
            "and are shown as null."
        )
    if rows.cleaned:
        found.append(f"Invisible characters were taken out of {rows.cleaned} text values.")
    if rows.cut_cells and rows.cut:
        found.append(f"{rows.cut_cells} cells were shortened; they end in ….")
    return found


def notes(compiled: CompiledMetric | None, rows: Rows | None) -> list[str]:
    """What the compiler says of the numbers; without rows, for an explanation, its plan, too."""
    if compiled is None:
        return []
    return [*compiled.notes, *(_null_groups(compiled, rows) if rows else compiled.plan)]


def conversion_note(count: ConversionCount, row: Sequence[Cell] | None) -> str:
    """Both sides of a conversion: base rows, events, and what was left out of each."""
    if row is None:
        return f"{count.metric}: base rows and events could not be counted in time."
    base, with_base, events, with_event, matched = (int(str(cell)) for cell in row)
    return (
        f"{count.metric} counted {with_base} base rows and left out {base - with_base} without "
        f"{count.entity}; of {with_event} events with {count.entity} and {events - with_event} "
        f"without, {matched} followed a base row within the window."
    )


def _null_groups(compiled: CompiledMetric, rows: Rows) -> list[str]:
    """Which columns to group by are null in some rows, and what that means."""
    found = []
    for place, column in enumerate(compiled.columns):
        count = sum(row[place] is None for row in rows.values)
        if column.kind != "metric" and count:
            meaning = f": {column.null_label}" if column.null_label else ", which nobody explains"
            found.append(f"{column.name} is null in {count} row{'s'[: count > 1]}{meaning}.")
    return found
