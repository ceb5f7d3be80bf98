"""Names in a message: divisions, roads, estates, rivers, companies, organs; where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jingyi.core.triage import name_kernels as kernels
from jingyi.core.triage.lexicon import COMMON, Automaton, Hits
from jingyi.core.triage.texts import Texts


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of name: `place` or `party`, bounded by kinds of higher `rank`."""

    id: str
    rank: int
    place: bool
    party: bool
    least: int
    suffixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """`rulebook/triage/names.toml`."""

    kinds: tuple[Kind, ...]
    longest: int
    bound_words: tuple[str, ...]
    bound_characters: str
    nouns: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(w for k in self.kinds for w in k.suffixes) + self.bound_words + self.nouns


@dataclass(frozen=True, slots=True, eq=False)
class NameTable:
    """The rules over the word numbers of an automaton, as the kernel wants them."""

    role: NDArray[np.uint8]
    kind: NDArray[np.uint8]
    rank: NDArray[np.uint8]
    least: NDArray[np.uint8]
    bound: NDArray[np.uint8]  # by code point: 1 where a name cannot go on
    longest: int


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Row i's names are `off[i]:off[i+1]`: byte ranges `start` to `end` of the row, of `kind`."""

    off: NDArray[np.int64]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    kind: NDArray[np.uint8]


def table(rules: Rules, words: Sequence[str]) -> NameTable:
    """Lay out `rules` over an automaton's `words`."""
    number = {word: index for index, word in enumerate(words)}
    role = np.zeros(len(words), np.uint8)
    kind = np.zeros(len(words), np.uint8)
    for index, one in enumerate(rules.kinds):
        for word in one.suffixes:
            role[number[word]] |= kernels.SUFFIX
            kind[number[word]] = index
    for word in rules.bound_words:
        role[number[word]] |= kernels.BOUND
    for word in rules.nouns:
        role[number[word]] |= 4
    bound = np.zeros(COMMON, np.uint8)
    bound[[ord(character) for character in rules.bound_characters]] = 1
    return NameTable(
        role,
        kind,
        np.array([one.rank for one in rules.kinds], np.uint8),
        np.array([one.least for one in rules.kinds], np.uint8),
        bound,
        rules.longest,
    )


def find(names: NameTable, automaton: Automaton, hits: Hits, texts: Texts) -> Spans:
    """Return the name spans of every row, in the order in which they end."""
    most = len(hits.word)  # a name ends with a suffix, which is a hit
    off = np.zeros(texts.count + 1, np.int64)
    start, end = np.empty(most, np.int32), np.empty(most, np.int32)
    kind = np.empty(most, np.uint8)
    kernels.find_spans(
        texts.buf, texts.off, texts.title_end, hits.off, hits.word, hits.end,
        automaton.length, names.role, names.kind, names.rank, names.least, names.bound,
        names.longest, off, start, end, kind,
    )  # fmt: skip
    return Spans(off, start[: off[-1]], end[: off[-1]], kind[: off[-1]])
