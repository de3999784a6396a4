"""Text hygiene: what may not stand in a SQL text, whatever a parser makes of it."""

from __future__ import annotations

import re
import unicodedata

from martlet.errors import RefusedSql
from martlet.gate.words import Text

# Control, format, surrogate, private, unassigned, odd spaces and line ends: two parsers read them
# as white space, as part of a name, or as the end of the text, each in its own way.
REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"})
PLAIN = frozenset("\t\n\r ")


def check_length(sql: str, max_characters: int) -> None:
    """Raises: RefusedSql `sql.too_long`."""
    if len(sql) > max_characters:
        raise RefusedSql(
            "sql.too_long",
            f"The SQL has {len(sql):,} characters; at most {max_characters:,} are allowed.",
            next_step="Ask for less in one query, or use a join instead of a long list of values.",
        )


def check_characters(sql: str) -> None:
    """Raises: RefusedSql `sql.text`, naming the character and where it stands."""
    if sql.isascii() and not _ODD_ASCII.search(sql):
        return
    for index, character in enumerate(sql):
        if unicodedata.category(character) in REFUSED_CATEGORIES and character not in PLAIN:
            name = unicodedata.name(character, "an unnamed character")
            start = len(sql[:index].encode("utf-8", "surrogatepass"))
            raise RefusedSql(
                "sql.text",
                f"The SQL holds the character U+{ord(character):04X} ({name}), "
                "which is not plain text.",
                where=Text(sql).where(start, 1).split(":")[0],
                next_step="Remove it, or write it as chr(number) inside an expression.",
            )


_ODD_ASCII = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
