"""A run of the fuzzer: texts from a seed, judged, and what was found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from random import Random

from tests.gate.asking import HERE, read_corpus
from tests.gate.attacks import read_attacks
from tests.gate.fuzz.differentials import DIFFERENTIALS
from tests.gate.fuzz.grammar import Grammar
from tests.gate.fuzz.mutations import mutate
from tests.gate.fuzz.oracle import Oracle

RUN_ONE_OF = 20
LONGEST = 4_000


@dataclass
class Report:
    """How many texts were tried, passed the gate and were planned, by origin; and the findings."""

    tried: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    planned: Counter[str] = field(default_factory=Counter)
    findings: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: Report) -> None:
        self.tried += other.tried
        self.accepted += other.accepted
        self.planned += other.planned
        self.findings += other.findings


@cache
def seeds() -> tuple[str, ...]:
    """Texts to begin with: the corpus, the analysts' queries, the cases, the attacks.

    Not those that plan or run without end, which are for the sandbox to stop.
    """
    found = [case.sql for case in read_corpus() if case.category != "dos"]
    for path in sorted((HERE / "allowed").glob("*.sql")):
        found += [sql.strip() for sql in path.read_text(encoding="utf-8").split(";\n")]
    for path in sorted((HERE / "cases").glob("*.sql")):
        blocks = path.read_text(encoding="utf-8").split("-- case: ")[1:]
        found += [re.split(r"\n-- expect: ", block)[0].split("\n", 1)[1] for block in blocks]
    for path in sorted((HERE / "attacks").glob("*.sql")):
        found += [attack.sql for attack in read_attacks(path)]
    return tuple(text for text in found if 0 < len(text.strip()) <= LONGEST)


def texts(chance: Random, count: int) -> Iterator[tuple[str, str]]:
    """Pairs of origin and text: a third from the grammar, a third mutated, a third of the ways in
    which parsers differ, some of these mutated too."""
    grammar = Grammar(chance)
    for _ in range(count):
        origin = chance.randrange(3)
        if origin == 0:
            yield "grammar", grammar.query()
        elif origin == 1:
            pool = (*seeds(), grammar.query(), grammar.query())
            yield "mutation", mutate(chance, pool)
        else:
            make = chance.choice(DIFFERENTIALS)
            text = make(chance)
            if chance.random() < 0.5:
                text = mutate(chance, (text, text, grammar.query(1)))
            yield make.__name__, text


def campaign(
    oracle: Oracle, seed: str, count: int, watch: Callable[[str], None] = lambda text: None
) -> Report:
    """Judge `count` texts of this seed; `watch` is told each text before it is tried."""
    chance, report = Random(seed), Report()
    for number, (origin, text) in enumerate(texts(chance, count)):
        watch(text)
        outcome = oracle.judge(text[:LONGEST], run=number % RUN_ONE_OF == 0)
        report.tried[origin] += 1
        report.accepted[origin] += outcome.accepted
        report.planned[origin] += outcome.planned
        if outcome.finding:
            report.findings.append((outcome.finding, text))
    return report
