"""Takes values out of what a caller wrote: equal values give equal marks, and none can be read."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from martlet.audit.entry import Decision
from martlet.audit.lexer import Piece, pieces
from martlet.audit.vocabulary import Vocabulary
from martlet.audit.words import (
    ARGUMENTS,
    BEFORE_TABLE,
    PARSED,
    PARTS,
    QUESTION_WORDS,
    SQL_WORDS,
)

LONGEST = 100_000  # characters; a longer text is recorded as its length and mark
MARK_CHARACTERS = 8
_NUMBER = re.compile(r"\d+(\.\d*)?|\.\d+")
_AMOUNT = re.compile(r"\d{1,4} (\w+?)s?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TERM = re.compile(r"[\w.+%\-]{0,254}+@[\w.\-]*|\w+|\W", re.DOTALL)
_YEAR = re.compile(r"(19|20)\d\d")
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True)
class Redactor:
    """Marks values with a keyed hash. What may stay is listed; all the rest is hidden.

    Of SQL stay: its own words, names of the vocabulary, values that the build publishes, short
    numbers, and where DuckDB has parsed the text, bare words in the places of names.
    """

    key: bytes
    vocabulary: Vocabulary

    def mark(self, value: str) -> str:
        """`#` and eight hex digits for a value; its case and outer white space do not count."""
        plain = value.strip().casefold().encode("utf-8", "surrogatepass")
        return "#" + hmac.new(self.key, plain, hashlib.sha256).hexdigest()[:MARK_CHARACTERS]

    def sql(self, text: str, decision: Decision, code: str = "") -> str:
        """SQL with every value marked. How the call ended tells what bare words are."""
        if len(text) > LONGEST:
            return f"{self.mark(text)} ({len(text)} characters)"
        found = list(pieces(text))
        solid = [piece for piece in found if piece.kind not in ("space", "comment")]
        if decision == "answered":
            bare = {id(piece) for piece in solid if piece.kind == "word"}
        elif code in PARSED:
            bare = {id(piece) for piece in _in_places_of_names(solid)}
        else:
            bare = set()
        return "".join(
            self._piece(piece, is_name=id(piece) in bare, is_answered=decision == "answered")
            for piece in found
        )

    def arguments(
        self, given: Mapping[str, Any], decision: Decision, code: str = ""
    ) -> dict[str, Any]:
        """Arguments of a tool without `sql`; the name of one that no tool has is hidden, too."""
        return {
            key if key in ARGUMENTS else self.mark(key): self._argument(key, value, decision, code)
            for key, value in given.items()
            if key != "sql"
        }

    def words(self, text: str) -> str:
        """Words of a question: names and words that are everybody's stay."""
        if len(text) > LONGEST:
            return f"{self.mark(text)} ({len(text)} characters)"
        return "".join(self._term(term) for term in _TERM.findall(text))

    def _argument(self, key: str, value: Any, decision: Decision, code: str) -> Any:
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [self._argument(key, item, decision, code) for item in value]
        text = value if isinstance(value, str) else json.dumps(value, default=str)
        match ARGUMENTS.get(key):
            case "words" if isinstance(value, int) and abs(value) < 100_000:
                return value
            case "sql":
                return self.sql(text, decision, code)
            case "words":
                return self.words(text)
            case "day" if _DAY.fullmatch(text):
                return text
            case "value" if text.casefold() in self.vocabulary.values:
                return text
        return self.mark(text)

    def _piece(self, piece: Piece, *, is_name: bool, is_answered: bool) -> str:
        match piece.kind:
            case "space" | "symbol":
                return piece.text
            case "string":
                return piece.text if self._is_open(piece.value) else f"'{self.mark(piece.value)}'"
            case "quoted":
                return piece.text if self._is_known(piece.value) else f'"{self.mark(piece.value)}"'
            case "comment":
                return f"/*{self.mark(piece.value)}*/"
            case "number" if is_answered and _is_short(piece.text):
                return piece.text
            case "word" if is_name and len(_DIGITS.findall(piece.text)) < 5:
                return piece.text
        return piece.text if self._is_known(piece.text) else self.mark(piece.text)

    def _term(self, term: str) -> str:
        plain = term.casefold()
        if not term[0].isalnum() and len(term) == 1:
            return term
        stays = plain in self.vocabulary.words or plain in QUESTION_WORDS or self._is_known(term)
        short = term.isascii() and term.isdigit() and (len(term) < 3 or _YEAR.fullmatch(term))
        return term if stays or short else self.mark(term)

    def _is_open(self, value: str) -> bool:
        """Whether a literal is part of the language, or a value that the build publishes."""
        plain = value.strip().casefold()
        amount = _AMOUNT.fullmatch(plain)
        known = not plain or plain in PARTS or plain in self.vocabulary.values
        return known or bool(amount and amount[1] in PARTS)

    def _is_known(self, name: str) -> bool:
        plain = name.casefold()
        return plain in SQL_WORDS or plain in self.vocabulary.names


def _is_short(number: str) -> bool:
    return bool(_NUMBER.fullmatch(number)) and len(_DIGITS.findall(number)) < 7


def _in_places_of_names(solid: Sequence[Piece]) -> list[Piece]:
    """The words of a parsed text that name a table, a function or something of the query's own."""
    kept = []
    in_table = False
    for number, piece in enumerate(solid):
        before = solid[number - 1].text.casefold() if number else ""
        after = solid[number + 1].text.casefold() if number + 1 < len(solid) else ""
        in_table = before in BEFORE_TABLE or (in_table and "." in (before, piece.text))
        opens = [item.text.casefold() for item in solid[number + 1 : number + 3]] == ["as", "("]
        is_own = before == "as" or opens or len(piece.text) <= 2
        if piece.kind == "word" and (in_table or is_own or after == "("):
            kept.append(piece)
    return kept
