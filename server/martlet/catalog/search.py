"""Finds what in a catalog fits the words of a question: BM25 over names, synonyms and texts."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from heapq import nsmallest

from rapidfuzz import process
from rapidfuzz.distance import OSA

from martlet.catalog.documents import Document, documents
from martlet.catalog.tokens import TIME_WORDS, query_tokens, tokens
from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog, Hit

K = 1.2  # how soon a repeated word stops counting
B = 0.3  # how much a long text is held against a document
NAME_WEIGHT = 3.0
ABOUT_WEIGHT = 0.7
CALLED_SO = 2.5  # the whole query is one of its names
OWN_NAME = 3.0  # the whole query is the name it goes by, no synonym
NAMED = 1.25  # one of its names stands in the query as it is
LONGEST_NAME = 5  # words
CLOSE_ENOUGH = 0.72  # likeness at which a misspelt word is taken for a known one
PREFIX_QUALITY = 0.7
SOBER = 0.6  # rarity counts, but a rare word in passing is less than a common name
WEAK = 0.3  # of words of time beside others: nearly every question has one
WORTH_SHOWING = 0.12  # of the best score


class Index:
    """A search index over one catalog and one build; never changes, so threads may share it."""

    def __init__(self, catalog: Catalog, build: BuildState) -> None:
        self._documents = list(documents(catalog, build))
        self._called: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._own: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._joined: set[str] = set()
        self._twins = self._pair()
        self._postings = self._post()
        self._words = sorted(self._postings)
        self._spelt: dict[int, list[str]] = defaultdict(list)
        for word in self._words:
            if word.isalpha() and word not in self._joined:
                self._spelt[len(word)].append(word)

    def search(self, query: str, limit: int) -> list[Hit]:
        """At most `limit` hits, best first; equal scores in a fixed order."""
        words = query_tokens(query[:500])[:40]
        weak = TIME_WORDS if set(words) - TIME_WORDS else frozenset()
        scores: dict[int, float] = defaultdict(float)
        for word in words:
            weight = WEAK if word in weak else 1.0
            for number, score in self._matches(word).items():
                scores[number] += weight * score
        for number, bonus in self._named([self._known(word) for word in words]).items():
            scores[number] *= bonus
        self._prefer(scores, set(words))
        ranked = nsmallest(
            limit,
            ((-round(score, 4), number in self._twins, number) for number, score in scores.items()),
        )
        least = ranked[0][0] * WORTH_SHOWING if ranked else 0.0
        return [self._hit(number, -score) for score, _, number in ranked if score <= least]

    def _pair(self) -> dict[int, tuple[int, frozenset[str]]]:
        """Of two that tell of one thing: the one to show first, and what tells the other apart."""
        numbers = {item.id: number for number, item in enumerate(self._documents)}
        pairs = {}
        for number, item in enumerate(self._documents):
            if item.prefer in numbers:
                first = numbers[item.prefer]
                own = _words_of(item) - _words_of(self._documents[first])
                pairs[number] = (first, own)
        return pairs

    def _prefer(self, scores: dict[int, float], words: set[str]) -> None:
        """Where no word asks for the twin alone, the preferred one is worth as much as it."""
        for number, (first, own) in self._twins.items():
            if number in scores and first in scores and not own & words:
                scores[first] = max(scores[first], scores[number])

    def _named(self, words: Sequence[str]) -> dict[int, float]:
        """The documents whose name is the query, or a part of it word by word."""
        found: dict[int, float] = {}
        for start in range(len(words)):
            for end in range(start + 1, min(start + LONGEST_NAME, len(words)) + 1):
                for number in self._called.get(tuple(words[start:end]), ()):
                    found[number] = NAMED
        found |= dict.fromkeys(self._called.get(tuple(words), ()), CALLED_SO)
        return found | dict.fromkeys(self._own.get(tuple(words), ()), OWN_NAME)

    def _hit(self, number: int, score: float) -> Hit:
        item = self._documents[number]
        return Hit(item.id, item.kind, item.name, item.title, item.line, score)

    def _matches(self, word: str) -> dict[int, float]:
        """The documents for one word of the query: as it is, as a beginning, or misspelt."""
        if word in self._postings:
            return self._postings[word]
        best: dict[int, float] = {}
        for known, quality in self._nearly(word):
            for number, score in self._postings[known].items():
                best[number] = max(best.get(number, 0.0), quality * score)
        return best

    def _known(self, word: str) -> str:
        """The word itself, or the known one that was most likely meant."""
        if word in self._postings:
            return word
        return max(self._nearly(word), key=lambda item: item[1], default=(word, 0.0))[0]

    def _nearly(self, word: str) -> Iterator[tuple[str, float]]:
        if len(word) < 3:
            return
        first = bisect_left(self._words, word)
        for known in self._words[first : first + 20]:
            if known.startswith(word):
                yield known, PREFIX_QUALITY
        for length in range(len(word) - 2, len(word) + 3) if len(word) > 3 else ():
            found = process.extract(
                word,
                self._spelt.get(length, ()),
                scorer=OSA.normalized_similarity,
                score_cutoff=CLOSE_ENOUGH,
                limit=5,
            )
            for known, likeness, _ in found:
                yield known, likeness**2

    def _post(self) -> dict[str, dict[int, float]]:
        """word -> document -> score: what one word of a query gives a document."""
        counts = [self._count(number, item) for number, item in enumerate(self._documents)]
        sizes = [sum(words.values()) for words in counts]
        usual = sum(sizes) / len(sizes) if sizes else 1.0
        postings: dict[str, dict[int, float]] = defaultdict(dict)
        for number, words in enumerate(counts):
            slack = K * (1 - B + B * sizes[number] / usual)
            for word, count in words.items():
                postings[word][number] = count * (K + 1) / (count + slack)
        for entries in postings.values():
            rarity = math.log(1 + (len(counts) - len(entries) + 0.5) / (len(entries) + 0.5))
            for number in entries:
                entries[number] *= rarity**SOBER * self._documents[number].worth
        return dict(postings)

    def _count(self, number: int, item: Document) -> dict[str, float]:
        words: dict[str, float] = defaultdict(float)
        if item.kind == "metric":  # the others have names like `fct_orders` and `order__channel`
            self._own[tuple(query_tokens(item.name))].append(number)
        for name in dict.fromkeys(item.called):
            parts = tokens(name)
            for word in parts:
                words[word] = max(words[word], NAME_WEIGHT)
            if len(parts) > 1:  # `adspend` finds `ad_spend`
                joined = "".join(parts)
                words[joined] = NAME_WEIGHT
                self._joined.add(joined)
            if parts:
                self._called[tuple(query_tokens(name))].append(number)
        for text in item.about:
            for word in tokens(text):
                words[word] += ABOUT_WEIGHT
        return words


def _words_of(item: Document) -> frozenset[str]:
    """The words of its names."""
    return frozenset(word for name in item.called for word in query_tokens(name))
