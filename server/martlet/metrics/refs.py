"""Names as callers write them: `order__status`, `metric_time__month`, dbt's `Dimension('…')`."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from martlet.errors import RequestError
from martlet.metrics.grains import GRAINS, PARTS

METRIC_TIME = "metric_time"
_CALL = re.compile(r"\b(Dimension|TimeDimension|Entity|Metric)\s*\(")
_BRACED = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


@dataclass(frozen=True)
class Ref:
    """A field by name: entities on the way, its own name, and how a time is cut."""

    prefix: tuple[str, ...]
    field: str
    grain: str = ""
    part: str = ""  # extract: "year"

    @property
    def is_metric_time(self) -> bool:
        return self.field == METRIC_TIME and not self.prefix

    @property
    def plain(self) -> str:
        return "__".join((*self.prefix, self.field))

    @property
    def name(self) -> str:
        tail = self.grain or (f"extract_{self.part}" if self.part else "")
        return f"{self.plain}__{tail}" if tail else self.plain


@dataclass(frozen=True)
class MetricRef:
    """A metric per entity, used as a filter."""

    metric: str
    group_by: tuple[str, ...]


def read_ref(text: str, calendars: Collection[str]) -> Ref:
    """A name with underscores or dots, or a call such as `TimeDimension('metric_time', 'day')`.

    Raises: RequestError `request.invalid`.
    """
    text = text.strip()
    braced = _BRACED.fullmatch(text)
    text = braced[1].strip() if braced else text
    if _CALL.match(text):
        called = _read_call(text, calendars)
        if isinstance(called, Ref):
            return called
        raise RequestError(
            "request.invalid",
            "`Metric(…)` cannot be a column here; it is a condition.",
            where=text,
            next_step="Group by dimensions; in `where` write Metric('name', ['entity']) > 1.",
        )
    return split_name(text, calendars)


def split_name(text: str, calendars: Collection[str]) -> Ref:
    """A dundered (or dotted) name, its grain cut off."""
    parts = [part for part in re.split(r"__|\.", text.strip().strip('"')) if part]
    if not parts:
        raise RequestError("request.invalid", "A name is empty.", where=repr(text))
    tail = parts[-1].lower()
    if len(parts) > 1 and (tail in GRAINS or tail in calendars):
        return Ref(tuple(parts[:-2]), parts[-2], grain=tail)
    if len(parts) > 1 and tail.startswith("extract_") and tail[8:] in PARTS:
        return Ref(tuple(parts[:-2]), parts[-2], part=tail[8:])
    return Ref(tuple(parts[:-1]), parts[-1])


def lift_calls(text: str, calendars: Collection[str]) -> tuple[str, dict[str, Ref | MetricRef]]:
    """The text with each call (in braces or not) replaced by a quoted name, and what they mean.

    Raises: RequestError `metric.filter`.
    """
    text = _BRACED.sub(lambda match: match[1], text)
    found: dict[str, Ref | MetricRef] = {}
    out, at = [], 0
    while match := _CALL.search(text, at):
        if text[at : match.start()].count("'") % 2:  # inside a string literal
            end = text.index("'", match.start()) + 1 if "'" in text[match.end() :] else len(text)
            out.append(text[at:end])
            at = end
            continue
        end = _call_end(text, match.end())
        title = f"ref {len(found)}"
        found[title] = _read_call(text[match.start() : end], calendars)
        out.append(text[at : match.start()] + f'"{title}"')
        at = end
    return "".join(out) + text[at:], found


def _call_end(text: str, at: int) -> int:
    """Where the call's last bracket ends, `.grain('day')` included."""
    depth, quote = 1, ""
    for place in range(at, len(text)):
        char = text[place]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
            if depth == 0:
                more = re.match(r"\s*\.\s*(grain|date_part)\s*\(", text[place + 1 :])
                return _call_end(text, place + 1 + more.end()) if more else place + 1
    return len(text)


def _read_call(text: str, calendars: Collection[str]) -> Ref | MetricRef:
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        return _from_call(tree, calendars)
    except (SyntaxError, ValueError, IndexError, KeyError, AttributeError, RecursionError) as error:
        raise RequestError(
            "metric.filter",
            f"`{text[:120]}` cannot be read.",
            where=text[:120],
            next_step="Write Dimension('entity__name'), TimeDimension('metric_time', 'day'), "
            "Entity('name') or Metric('name', group_by=['entity']).",
        ) from error


def _from_call(tree: ast.expr, calendars: Collection[str]) -> Ref | MetricRef:
    if not isinstance(tree, ast.Call):
        raise ValueError("not a call")
    positional = [ast.literal_eval(item) for item in tree.args]
    named = {item.arg: ast.literal_eval(item.value) for item in tree.keywords}
    if isinstance(tree.func, ast.Attribute):
        inner = _from_call(tree.func.value, calendars)
        if not isinstance(inner, Ref) or tree.func.attr not in ("grain", "date_part"):
            raise ValueError("not a field")
        return _cut(inner, **{tree.func.attr: str(positional[0]).lower()})
    kind = tree.func.id if isinstance(tree.func, ast.Name) else ""
    if kind == "Metric":
        group_by = positional[1] if len(positional) > 1 else named.get("group_by", ())
        return MetricRef(str(positional[0]), tuple(map(str, group_by)))
    if kind not in ("Dimension", "TimeDimension", "Entity"):
        raise ValueError("unknown call")
    ref = split_name(str(positional[0]), calendars)
    path = named.get("entity_path", positional[-1] if isinstance(positional[-1], list) else [])
    ref = replace(ref, prefix=(*map(str, path), *ref.prefix))
    grain = positional[1] if len(positional) > 1 and isinstance(positional[1], str) else ""
    grain = str(grain or named.get("time_granularity_name") or named.get("time_granularity") or "")
    part = str(named.get("date_part_name") or named.get("date_part") or "")
    return _cut(ref, grain=grain.lower(), date_part=part.lower())


def _cut(ref: Ref, grain: str = "", date_part: str = "") -> Ref:
    return replace(ref, grain=grain or ref.grain, part=date_part or ref.part)
