"""Matching of one text, or of many, with scores and reasons.

    held = matches.index([Text("河道堆放垃圾", "……", organ="水利局"), …])
    for found in matches.candidates(held, Text("关于清理柳河垃圾的建议", "……"), top=5):
        found.row, found.score, found.parts, found.sentences, found.because

An index is not changed: build it anew (100,000 short texts take about two seconds).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jingyi.core.matching import explaining, scoring
from jingyi.core.matching import index as indexing
from jingyi.core.matching.explaining import Alignment
from jingyi.core.matching.index import Index
from jingyi.core.matching.rules import Rules, shipped
from jingyi.core.matching.scoring import Facts
from jingyi.core.words import Sentence

AMONG = 20  # the nearest candidates, among which the sum of the parts decides


@dataclass(frozen=True, slots=True)
class Text:
    """One proposal, suggestion, lead or case: what it says, and what is on record about it.

    `organ` is its name or number, `region` a six-digit division code; "" and None where unknown.
    """

    title: str = ""
    body: str = ""
    organ: str = ""
    region: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """`row` of the index; `score` from 0 to 1, the probability that both speak of one matter.

    `parts` are by name what the score is made of; `offered` tells whether the score is high
    enough to be shown unasked.
    """

    row: int
    score: float
    parts: dict[str, float]
    offered: bool
    sentences: tuple[Alignment, ...]
    because: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """An index of texts and what is on record about them; `organs` gives each name its number."""

    index: Index
    facts: Facts
    organs: dict[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """(queries × top): `row` -1 behind the last, `score`, and `parts` (× near, short, words, organ, region, day)."""

    row: NDArray[np.int32]
    score: NDArray[np.float32]
    parts: NDArray[np.float32]
    queries: indexing.Rows


def index(texts: Sequence[Text], rules: Rules | None = None) -> Held:
    """Return an index of the texts, in their order."""
    rules = rules or shipped()
    organs: dict[str, int] = {}
    for one in texts:
        if one.organ:
            organs.setdefault(one.organ, len(organs) + 1)
    made = indexing.build(*_columns(texts), len(texts), rules)
    return Held(made, _facts(texts, organs), organs)


def candidates(held: Held, text: Text, top: int = 5) -> list[Candidate]:
    """Return the best candidates for one text, best first, with their reasons."""
    found = _match(held.index, held.facts, held.index.queries(*_columns([text]), 1), _facts([text], held.organs), top)  # fmt: skip
    return [
        candidate(held.index, found, 0, k)
        for k in range(found.row.shape[1])
        if found.row[0, k] >= 0
    ]


def compile_kernels() -> None:
    """Compile what pages compare texts with, so that nobody waits for it; kept on disk from then on."""
    held = index([Text("河边垃圾", "河边堆放垃圾。"), Text("路灯不亮", "巷口路灯不亮。")])
    candidates(held, Text("垃圾", "河边堆放垃圾，无人清理。"))


def match(  # noqa: PLR0917
    index: Index,
    title: pa.Array | None,
    body: pa.Array | None,
    count: int,
    top: int = 5,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Matches:
    """Return the best candidates of each of many texts; of a large index only the rarest lists are read."""
    queries = index.queries(title, body, count)
    budget = index.rules.budget if index.count > index.rules.whole else indexing.EVERYTHING
    return _match(
        index, Facts.unknown(index.count), queries, Facts.unknown(count), top,
        budget, index.rules.wide, workers, progress,
    )  # fmt: skip


def candidate(
    index: Index, found: Matches, query: int, place: int, longest: int = explaining.WHOLE
) -> Candidate:
    """Return one of many matches with its reasons; sentences quoted in them are cut to `longest`."""
    row, score = int(found.row[query, place]), float(found.score[query, place])
    parts = dict(zip(explaining.NAMES, map(float, found.parts[query, place]), strict=True))
    sentences = explaining.sentences(index, found.queries, query, row)
    return Candidate(
        row, score, parts, score >= index.rules.offer, sentences,
        explaining.because(score, parts, sentences, index.rules, longest),
    )  # fmt: skip


def _match(  # noqa: PLR0917
    index: Index,
    facts: Facts,
    queries: indexing.Rows,
    mine: Facts,
    top: int,
    budget: int = indexing.EVERYTHING,
    wide: int = 0,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Matches:
    row, _ = indexing.nearest(index, queries, max(top, AMONG), budget, wide, workers, progress)
    parts = indexing.agreements(index, queries, row, workers)
    beside = scoring.of_facts(mine, facts, row, index.rules)
    total = scoring.sums(parts, index.rules) + beside.sum(axis=2)
    score = scoring.scores(total, row, index.rules)
    # surest first; of equals the nearest, which stands first already
    order = np.argsort(np.where(row >= 0, -total, np.inf), axis=1, kind="stable")[:, :top]
    every = np.concatenate([parts, beside], axis=2)
    return Matches(
        np.take_along_axis(row, order, 1),
        np.take_along_axis(score, order, 1),
        np.take_along_axis(every, order[:, :, None], 1),
        queries,
    )


def _columns(texts: Sequence[Text]) -> tuple[pa.Array, pa.Array]:
    kind = pa.large_string()
    return pa.array([one.title for one in texts], kind), pa.array([one.body for one in texts], kind)


def _facts(texts: Sequence[Text], organs: dict[str, int]) -> Facts:
    """Return what is on record as numbers; an organ that no text of the index has is one of its own."""
    return Facts(
        np.array(
            [organs.get(one.organ, len(organs) + 1) if one.organ else 0 for one in texts], np.int32
        ),
        np.array([_code(one.region) for one in texts], np.int32),
        np.array([one.day.toordinal() if one.day else 0 for one in texts], np.int32),
    )


def _code(region: str) -> int:
    return int(region) if len(region) == 6 and region.isascii() and region.isdigit() else 0
