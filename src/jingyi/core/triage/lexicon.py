"""All words of triage in one automaton, so that one pass over the text finds them all.

The automaton is Aho and Corasick's over UTF-8 bytes, as a dense table: one row
per state, one column per group of bytes that no word tells apart.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jingyi.core.triage import kernels
from jingyi.core.triage.texts import Texts


@dataclass(frozen=True, slots=True, eq=False)
class Automaton:
    """`words[w]` is found by walking `step`; `word[state]` is what ends there, `link` the next."""

    words: tuple[str, ...]
    length: NDArray[np.int32]  # bytes of each word
    group: NDArray[np.uint8]  # byte → column of `step`
    step: NDArray[np.int32]
    word: NDArray[np.int32]
    link: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """What was found: row i's hits are `off[i]:off[i+1]`, `end` in bytes from the row's start."""

    off: NDArray[np.int64]
    word: NDArray[np.int32]
    end: NDArray[np.int32]


def build(words: Sequence[str]) -> Automaton:
    """Return the automaton for these words, in this order; empty and repeated ones are an error."""
    if len(set(words)) != len(words) or "" in words:
        raise ValueError("words must be distinct and not empty")
    coded = [word.encode() for word in words]
    used = sorted(set(b"".join(coded)))
    group = np.zeros(256, np.uint8)
    group[used] = np.arange(1, len(used) + 1)
    children: list[dict[int, int]] = [{}]
    ends = [-1]
    for number, code in enumerate(coded):
        state = 0
        for byte in code:
            nxt = children[state].setdefault(int(group[byte]), len(children))
            if nxt == len(children):
                children.append({})
                ends.append(-1)
            state = nxt
        ends[state] = number
    step = np.zeros((len(children), len(used) + 1), np.int32)
    link = np.zeros(len(children), np.int32)
    fail = [0] * len(children)
    queue = deque([0])
    while queue:
        state = queue.popleft()
        step[state] = step[fail[state]] if state else 0
        for byte, child in children[state].items():
            back = int(step[state, byte]) if state else 0
            fail[child] = back
            link[child] = back if ends[back] >= 0 else link[back]
            step[state, byte] = child
            queue.append(child)
    length = np.array([len(code) for code in coded], np.int32)
    return Automaton(tuple(words), length, group, step, np.array(ends, np.int32), link)


def find(automaton: Automaton, texts: Texts) -> Hits:
    """Find every occurrence of every word, overlapping ones included."""
    counts = np.zeros(texts.count + 1, np.int64)
    none = np.zeros(0, np.int32)
    a = automaton
    kernels.find_words(
        texts.buf, texts.off, a.group, a.step, a.word, a.link, counts, False, none, none
    )
    np.cumsum(counts, out=counts)
    word = np.empty(counts[-1], np.int32)
    end = np.empty(counts[-1], np.int32)
    kernels.find_words(
        texts.buf, texts.off, a.group, a.step, a.word, a.link, counts, True, word, end
    )
    return Hits(counts, word, end)
