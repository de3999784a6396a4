"""What people are known by in the sources: a type and a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from martlet.errors import RequestError, did_you_mean

TYPES = (
    *("email", "shopify_customer", "woo_customer", "crm_contact"),
    *("posthog_person", "posthog_distinct_id", "ga4_user_pseudo_id", "measure_js_client_id"),
    *("rudderstack_anonymous_id", "rudderstack_user_id"),
)


@dataclass(frozen=True, order=True)
class Identifier:
    """One name that a source has for a person, as the identity map of the transforms writes it."""

    type: str
    value: str


def read_identifiers(texts: Sequence[str], kind: str = "") -> tuple[Identifier, ...]:
    """What the operator typed; an address is known by its @, anything else needs a type.

    Raises: RequestError `usage`.
    """
    if kind and kind not in TYPES:
        raise RequestError(
            "usage",
            f"`{kind}` is no type of identifier.",
            where="--type",
            next_step=f"{did_you_mean(kind, TYPES)} The types are {', '.join(TYPES)}.".strip(),
        )
    return tuple(_read(text.strip(), kind) for text in texts)


def _read(text: str, kind: str) -> Identifier:
    name, colon, value = text.partition(":")
    if colon and name in TYPES and value:
        return Identifier(name, value)
    if kind and text:
        return Identifier(kind, text)
    if "@" in text.strip("@"):
        return Identifier("email", text)
    raise RequestError(
        "usage",
        f"It is not said what `{text}` identifies.",
        next_step=f"Give --type, or write type:value; the types are {', '.join(TYPES)}.",
    )
