"""Models of a dbt project that would be marts, had they not been switched off there."""

from __future__ import annotations

from collections.abc import Collection

from martlet.publish.dbt.artifacts import Manifest, meta

MARK = "switched_off"  # in a model's meta: the sources that it needs, and the company does not have


def switched_off(manifest: Manifest, picked: Collection[str]) -> dict[str, str]:
    """Models with `meta: {switched_off: ...}` and disabled ones, each with the reason.

    A name that is a mart all the same, under another version or package, is none of them.
    """
    found = {}
    for nodes in manifest.disabled.values():
        for node in nodes:
            if node.get("resource_type") in ("model", "seed", "snapshot"):
                found[_name(node)] = "it is disabled in the dbt project"
    for unique_id, node in manifest.nodes.items():
        needed = meta(node).get(MARK)
        if needed and unique_id not in picked:
            found[_name(node)] = f"it needs {needed}, and that source is off"
    marts = {_name(manifest.nodes[unique_id]) for unique_id in picked}
    return {name: why for name, why in sorted(found.items()) if name not in marts}


def _name(node: dict[str, object]) -> str:
    return str(node.get("alias") or node.get("name"))
