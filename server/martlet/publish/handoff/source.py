"""A verified hand-off as a source of marts, with dbt's artifacts for what they prove."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from martlet.errors import BuildFailed
from martlet.publish.connect import connection, literal, opened_source, quoted
from martlet.publish.dbt.artifacts import Manifest, Node, Results, read_manifest, read_results
from martlet.publish.dbt.choice import Rules, chosen
from martlet.publish.dbt.handed import handed_sources, refuse_no_build
from martlet.publish.dbt.marts import make_mart
from martlet.publish.dbt.run import refuse_failed_models
from martlet.publish.dbt.switched import switched_off
from martlet.publish.dbt.tests import states_of_tests
from martlet.publish.handoff.index import FILE, HandedMart, Index, read_index, refused, verify
from martlet.publish.handoff.places import Place, opened_place
from martlet.publish.plan import Considered, considered_nodes
from martlet.publish.source import Fingerprint, MartSource, SourceColumn, SourceMart, fingerprint
from martlet.publish.staging import Staged, stage, unreadable
from martlet.settings import Settings


@contextmanager
def source_from_handoff(
    where: str, rules: Rules, settings: Settings, *, artifacts: Path | None = None
) -> Iterator[tuple[MartSource, tuple[Considered, ...]]]:
    """The marts of a hand-off, each file verified against its hash; usable until the block ends.

    With them comes every node of the dbt project and why it is published or not. `artifacts` must
    be what was exported with the marts, where that is known. Marts that were handed over but are
    not chosen by `rules` are left. A hand-off without dbt is all published, and proves nothing.
    Raises: BuildFailed `build.source` for a file or artifact that is not as it was exported,
    `build.dbt_failed` when a model failed in the run that the artifacts tell of, `build.disk`.
    """
    with opened_place(where, settings.home) as (place, work):
        index = read_index(place.file(FILE).read_bytes())
        if not index.artifacts:
            _refuse_dbt(rules, artifacts)
            yield _plain(index, place, work), ()
            return
        target = _artifacts(index, place, work, artifacts)
        manifest, results = read_manifest(target), read_results(target)
        _refuse_other_run(index, manifest, results)
        refuse_failed_models(results)
        picked = chosen(manifest, rules)
        handed = {mart.unique_id: mart for mart in index.marts if mart.unique_id in picked}
        files = {key: _verified(mart, place) for key, mart in handed.items()}
        staged = [
            _staged(manifest.nodes[unique_id], mart, files[unique_id][0])
            for unique_id, mart in handed.items()
        ]
        if not staged:
            raise _nothing(index)
        database = stage(work, staged)
        paths = [file for file, _ in files.values()]
        with opened_source(database, also=paths) as (con, alias):
            marts = [
                _with_left_out(con, alias, manifest, results, mart) for mart in handed.values()
            ]
        kept = frozenset(handed)
        source = MartSource(
            database=database,
            marts=tuple(sorted(marts, key=lambda mart: mart.name)),
            tests=states_of_tests(manifest, results, kept),
            sources=handed_sources(
                target, manifest, kept, settings.freshness_clock, now=datetime.now(UTC)
            ),
            failed_tests=tuple(result.name for result in results.failed() if result.is_test),
            invocation_id=results.invocation_id or manifest.invocation_id,
            origin="parquet",
            built_at=_exported(index),
            files=tuple(files.values()),
            switched_off=switched_off(manifest, kept),
        )
        everything = {mart.unique_id for mart in index.marts}
        yield source, considered_nodes(manifest, rules, handed=everything)


def _plain(index: Index, place: Place, work: Path) -> MartSource:
    """Every mart of a hand-off that no dbt tells of; its keys are those that are found."""
    files = [_verified(mart, place) for mart in index.marts]
    nodes = [{"schema": "marts", "name": mart.name} for mart in index.marts]
    staged = [
        _staged(node, mart, file)
        for node, mart, (file, _) in zip(nodes, index.marts, files, strict=True)
    ]
    database = stage(work, staged)
    columns = {
        mart.name: [SourceColumn(item.name) for item in mart.columns] for mart in index.marts
    }
    return MartSource(
        database=database,
        marts=tuple(
            SourceMart(
                name=mart.name,
                schema="marts",
                relation=mart.name,
                columns=(*columns[mart.name], *_away(mart)),
            )
            for mart in sorted(index.marts, key=lambda mart: mart.name)
        ),
        origin="parquet",
        built_at=_exported(index),
        files=tuple(files),
    )


def _refuse_dbt(rules: Rules, artifacts: Path | None) -> None:
    """What asks for dbt must not pass in silence where there is none."""
    if artifacts or rules != Rules():
        raise BuildFailed(
            "build.source",
            "This hand-off came without dbt's artifacts, so neither --artifacts nor the rules of "
            "martlet.toml can be held against it.",
            next_step="Export with --artifacts, or publish without them.",
        )


def _exported(index: Index) -> str:
    return index.exported_at.astimezone(UTC).isoformat(timespec="seconds")


def _away(mart: HandedMart) -> list[SourceColumn]:
    """The columns that stayed at home."""
    return [SourceColumn(name, withheld=reason) for name, reason in mart.left_out.items()]


def _artifacts(index: Index, place: Place, work: Path, given: Path | None) -> Path:
    """A folder with the verified artifacts under dbt's own names."""
    target = work / "artifacts"
    target.mkdir()
    for name, entry in index.artifacts.items():
        file = given / name if given else place.file(entry.file)
        verify(entry.model_copy(update={"file": name}), file)
        (target / name).write_bytes(file.read_bytes())
    return target


def _refuse_other_run(index: Index, manifest: Manifest, results: Results) -> None:
    if manifest.invocation_id != index.invocation_id:
        raise refused("manifest.json", "is of another dbt run than the marts")
    refuse_no_build(manifest, results)


def _verified(mart: HandedMart, place: Place) -> tuple[Path, Fingerprint]:
    file = place.file(mart.file)
    look = fingerprint(file)
    verify(mart, file)
    _refuse_other_rows(mart, file)
    return file, look


def _refuse_other_rows(mart: HandedMart, file: Path) -> None:
    try:
        with connection(readable=[file]) as con:
            found = con.execute(
                f"select count(*) from read_parquet({literal(str(file))})"
            ).fetchall()[0][0]
    except duckdb.Error as error:
        raise unreadable(file, error) from error
    if found != mart.rows:
        raise refused(mart.file, f"has {found} rows instead of {mart.rows}")


def _staged(node: Node, mart: HandedMart, file: Path) -> Staged:
    """A view under the schema and alias of dbt that gives every column its type back."""
    columns = ", ".join(
        f"cast({quoted(column.name)} as {_type(mart, column.type)}) as {quoted(column.name)}"
        for column in mart.columns
    )
    return Staged(
        schema=str(node["schema"]),
        name=str(node.get("alias") or node["name"]),
        query=f"select {columns} from read_parquet({literal(str(file))})",
        files=(file,),
    )


def _type(mart: HandedMart, text: str) -> str:
    """The type as DuckDB writes it, so that what stands in the index can be nothing else."""
    try:
        return str(duckdb.sqltype(text))
    except duckdb.Error as error:
        raise refused(FILE, f"names an unknown type in `{mart.name}`: {text[:60]}") from error


def _with_left_out(
    con: duckdb.DuckDBPyConnection,
    alias: str,
    manifest: Manifest,
    results: Results,
    mart: HandedMart,
) -> SourceMart:
    """The mart as dbt describes it, and the columns that stayed at home, withheld."""
    found = make_mart(con, alias, mart.unique_id, manifest, results, absent=set(mart.left_out))
    return replace(found, columns=(*found.columns, *_away(mart)))


def _nothing(index: Index) -> BuildFailed:
    names = ", ".join(sorted(mart.name for mart in index.marts))
    return BuildFailed(
        "build.source",
        f"None of the marts handed over is chosen to be published: {names}.",
        next_step="Make them public in dbt, or name them under `[publish] marts`.",
    )
