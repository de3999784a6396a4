"""How tool arguments are read: lenient about lists, strict about everything else."""

from __future__ import annotations

import json
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from martlet.errors import RequestError, did_you_mean


class Arguments(BaseModel):
    """Arguments of a tool; an unknown one is an error that names the nearest."""

    model_config = ConfigDict(extra="forbid", frozen=True)


A = TypeVar("A", bound=Arguments)


def _as_list(value: Any) -> Any:
    """Some clients send a list as a JSON string, or one item as a plain string."""
    if value is None:
        return []
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text.startswith("["):
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            return [value]
    return [value] if text else []


Texts = Annotated[list[str], BeforeValidator(_as_list)]


def read_arguments(model: type[A], given: dict[str, Any]) -> A:
    """The arguments as the tool's model.

    Raises: RequestError `request.invalid` that names every wrong argument.
    """
    try:
        return model.model_validate({key: item for key, item in given.items() if item is not None})
    except ValidationError as error:
        raise _explain(model, error) from error


def _explain(model: type[Arguments], error: ValidationError) -> RequestError:
    known = sorted(model.model_fields)
    lines, steps = [], []
    for item in error.errors():
        place = ".".join(str(part) for part in item["loc"])
        if item["type"] == "extra_forbidden":
            lines.append(f"`{place}` is not an argument")
            steps.append(did_you_mean(place, known))
        elif item["type"] == "missing":
            lines.append(f"`{place}` is missing")
        else:
            lines.append(f"`{place}`: {item['msg'][:1].lower()}{item['msg'][1:]}")
    steps.append(f"The arguments are {', '.join(f'`{name}`' for name in known)}.")
    return RequestError(
        "request.invalid",
        f"The arguments do not fit: {'; '.join(lines)}.",
        next_step=" ".join(step for step in steps if step),
    )


def input_schema(model: type[Arguments]) -> dict[str, Any]:
    """The JSON schema of the arguments, without what a model does not need to read."""
    schema = model.model_json_schema()
    properties = {name: _plain(item) for name, item in schema["properties"].items()}
    plain: dict[str, Any] = {"type": "object", "properties": properties}
    if schema.get("required"):
        plain["required"] = schema["required"]
    plain["additionalProperties"] = False
    return plain


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    """Drop titles and empty defaults, and turn `anyOf [x, null]` into x: leaving out is null."""
    kept = {key: value for key, value in item.items() if key != "title"}
    if kept.get("default", "") in (None, "", [], False):
        kept.pop("default", None)
    branches = kept.pop("anyOf", None)
    if branches:
        kept = {**next(part for part in branches if part.get("type") != "null"), **kept}
    return kept
