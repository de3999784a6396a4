"""The list of forgotten people: keyed hashes of their identifiers, in a file that dbt reads."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from martlet.errors import RequestError
from martlet.publish.connect import connection, literal
from martlet.publish.files import disk_errors, force
from martlet.publish.forgetting.identifiers import Identifier
from martlet.publish.personal.pseudonym import key_file, load_key

KEY = "suppressed"
_COLUMNS = ("digest", "identifier_type", "since")

# The same as the macros normalize_email and canonical_email of the transforms: one mailbox has one
# hash. A test compares the two.
_ADDRESS = r"""
nullif(
    regexp_extract(
        lower(nfc_normalize(regexp_replace(value, '[\s\p{Z}\p{Cf}]', '', 'g'))),
        '^[^@]+@[^@]+\.[^@.]+$'
    ),
    ''
)
"""
_MAILBOX = r"""
case
    when split_part(address, '@', 2) in ('gmail.com', 'googlemail.com')
    then replace(regexp_replace(split_part(address, '@', 1), '\+.*$', ''), '.', '') || '@gmail.com'
    else regexp_replace(address, '\+[^@]*@', '@')
end
"""
# Rows of `given` (type, value) with what is compared: the mailbox of an address, else the value.
PLAIN = f"""
select *, case when type = 'email' then {_MAILBOX} else trim(value) end as plain
from (select *, {_ADDRESS} as address from given)
"""
_DIGESTS = f"select type, value, sha256($key || type || ':' || plain) as digest from ({PLAIN})"


@dataclass(frozen=True)
class SuppressionList:
    """The list of one home. Nobody is on it while there is no file."""

    home: Path

    @property
    def file(self) -> Path:
        return self.home / "suppressed.csv"

    def environment(self) -> dict[str, str]:
        """What tells dbt where the list and its key are; empty while nobody is on it."""
        if not self.file.is_file():
            return {}
        key = key_file(self.home, KEY)
        return {
            "MARTLET_SUPPRESSED": str(self.file.absolute()),
            "MARTLET_SUPPRESSION_KEY": str(key.absolute()),
        }

    def digests(self, identifiers: Iterable[Identifier]) -> dict[str, Identifier]:
        """The hashes of identifiers; those of one mailbox share one.

        Raises: RequestError `usage` for an address that is none, BuildFailed `build.key`.
        """
        key = load_key(self.home, KEY, is_used=self.file.is_file()).hex()
        with connection() as con:
            found = con.execute(f"{given(identifiers)} {_DIGESTS}", {"key": key}).fetchall()
        for _, value, digest in found:
            if digest is None:
                raise RequestError(
                    "usage",
                    f"`{value}` is no e-mail address.",
                    next_step="Give --type when it is another identifier.",
                )
        return {digest: Identifier(kind, value) for kind, value, digest in found}

    def add(self, identifiers: Iterable[Identifier], now: datetime) -> int:
        """Put identifiers on the list, whole and at once; gives how many were not on it yet.

        Raises: BuildFailed `build.disk`, `build.key`.
        """
        rows = self._rows()
        known = {row["digest"] for row in rows}
        new = {
            digest: item
            for digest, item in self.digests(identifiers).items()
            if digest not in known
        }
        rows += [
            {"digest": digest, "identifier_type": item.type, "since": now.date().isoformat()}
            for digest, item in new.items()
        ]
        text = io.StringIO()
        writer = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        with disk_errors():
            _write_private(self.file, text.getvalue())
        return len(new)

    def _rows(self) -> list[dict[str, str]]:
        if not self.file.is_file():
            return []
        with self.file.open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))


def given(identifiers: Iterable[Identifier]) -> str:
    """SQL: identifiers as the table `given`."""
    rows = ", ".join(f"({literal(item.type)}, {literal(item.value)})" for item in identifiers)
    return f"with given as (select * from (values {rows}) as given(type, value))"


def _write_private(file: Path, text: str) -> None:
    """Write a file that its owner alone can read, whole or not at all."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(beside, file)
    force(file.parent)
