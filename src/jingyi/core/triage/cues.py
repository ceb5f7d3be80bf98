"""Which cues stand in a message, and which words brought them there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jingyi.core.triage import kernels
from jingyi.core.triage.lexicon import Hits
from jingyi.core.triage.texts import Texts

HERE, NEAR, UNLESS = 0, 1, 2
BYTES_A_CHARACTER = 3


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that speak for a domain (or for or against a lead), and by how much.

    Present where one of `words` stands, at most `within` characters from one of
    `near` (if any) and from none of `unless`.
    """

    id: str
    about: str  # a domain's slug, or "lead"
    title: str
    title_en: str
    words: tuple[str, ...]
    near: tuple[str, ...]
    unless: tuple[str, ...]
    within: int
    weight: float
    topic: bool = True  # says what a message is about, not how it is said


@dataclass(frozen=True, slots=True, eq=False)
class CueTable:
    """Word number → the cues it serves, as the kernel wants it."""

    use_off: NDArray[np.int64]
    use_cue: NDArray[np.int32]
    use_role: NDArray[np.uint8]
    within: NDArray[np.int32]
    needs: NDArray[np.uint8]

    @property
    def count(self) -> int:
        return len(self.within)


def table(cues: Sequence[Cue], words: Sequence[str]) -> CueTable:
    """Lay out `cues` over the word numbers of an automaton's `words`."""
    number = {word: index for index, word in enumerate(words)}
    uses: list[list[tuple[int, int]]] = [[] for _ in words]
    for index, cue in enumerate(cues):
        for role, group in ((HERE, cue.words), (NEAR, cue.near), (UNLESS, cue.unless)):
            for word in dict.fromkeys(group):
                uses[number[word]].append((index, role))
    off = np.zeros(len(words) + 1, np.int64)
    np.cumsum([len(use) for use in uses], out=off[1:])
    flat = [one for use in uses for one in use]
    return CueTable(
        off,
        np.array([cue for cue, _ in flat], np.int32),
        np.array([role for _, role in flat], np.uint8),
        np.array([cue.within * BYTES_A_CHARACTER for cue in cues], np.int32),
        np.array([bool(cue.near) + 2 * bool(cue.unless) for cue in cues], np.uint8),
    )


def find(cues: CueTable, hits: Hits, texts: Texts) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Return (rows × cues): 0 absent, 1 in the body, 2 in the title; and the deciding word or -1."""
    seen = np.zeros((texts.count, cues.count), np.uint8)
    first = np.full((texts.count, cues.count), -1, np.int32)
    kernels.find_cues(
        hits.off, hits.word, hits.end, texts.title_end,
        cues.use_off, cues.use_cue, cues.use_role, cues.within, cues.needs,
        seen, first,
    )  # fmt: skip
    return seen, first
