"""The files of a catalog, read one by one into parts; a part may hold anything of the whole."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from martlet.catalog.fields import Fields, read_fields
from martlet.catalog.tree import read_tree
from martlet.errors import Problem

MOST_BYTES = 5_000_000
DBT_VERSION = 2
_SEMANTIC = {"semantic_model", "time_spine", "metrics"}
PERSONAL_FILE = "personal.yml"  # decisions about personal data; read by martlet.catalog.personal


def find_files(path: Path) -> list[tuple[str, Path]]:
    """The YAML files with their names under the folder, sorted: a catalog reads the same twice."""
    if path.is_file():
        return [(path.name, path)]
    found = [item for ending in ("*.yml", "*.yaml") for item in path.rglob(ending)]
    names = ((item.relative_to(path).as_posix(), item) for item in found if not item.is_dir())
    return sorted((name, item) for name, item in names if name != PERSONAL_FILE)


@dataclass
class Parts:
    """What was read. While not `complete`, a name that is not found may only be misspelt here."""

    problems: list[Problem] = field(default_factory=list)
    files: list[Fields] = field(default_factory=list)
    complete: bool = True
    _hash: Any = field(default_factory=hashlib.sha256)

    def read(self, name: str, file: Path) -> None:
        """Add a file; whatever is wrong with it goes to `problems`."""
        text, content = read_text(name, file, self.problems)
        if content:
            self._hash.update(f"{name}\0{len(content)}\0".encode() + content)
        tree = read_tree(name, text, self.problems) if text is not None else None
        if tree is None:
            self.complete = False
            return
        part = read_fields(name, "file", tree, self.problems)
        version = part.values.get("version", 1)
        if version not in (1, DBT_VERSION):
            message = f"Version {version} of the format is not known."
            self.problems.append(part.problem("version", message, "Write `version: 1`."))
        self.files.append(part)
        hides = [part.hides, *(model.hides for model in part.objects("models"))]
        self.complete = self.complete and not any(hides)

    @property
    def hash(self) -> str:
        """Of the names and contents of all files."""
        digest: str = self._hash.hexdigest()
        return digest

    @property
    def is_of_dbt(self) -> bool:
        """Whether all files are dbt's own property files, which say nothing of a catalog."""
        return all(part.values.get("version") == DBT_VERSION for part in self.files)

    def objects(self, key: str) -> list[Fields]:
        """The objects under a key; of dbt's own files only models with a meaning."""
        return [
            item
            for part in self.files
            for item in part.objects(key)
            if key != "models"
            or part.values.get("version") != DBT_VERSION
            or item.lines.keys() & _SEMANTIC
        ]


def read_text(name: str, file: Path, problems: list[Problem]) -> tuple[str | None, bytes]:
    """The text of a file and its bytes; no text, and the reason in `problems`, if it has none."""
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        problems.append(Problem(name, 0, "", f"The file cannot be read: {error.strerror}."))
        return None, b""
    if len(content) > MOST_BYTES:
        message = f"The file is larger than {MOST_BYTES // 1_000_000} MB."
        problems.append(Problem(name, 0, "", message, "Split it."))
        return None, b""
    try:
        return content.decode("utf-8-sig"), content
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"The file is not UTF-8 (byte {error.start})."
        problems.append(Problem(name, line, "", message, "Save it as UTF-8."))
        return None, content
