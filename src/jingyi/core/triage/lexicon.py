"""All words of triage in one trie, so that one pass over the text finds them all.

The trie holds the words backwards, character by character: a text is walked
once, and from each character back as far as the end of some word goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jingyi.core.triage import kernels
from jingyi.core.triage.texts import Texts

COMMON = 1 << 16  # characters below this have their node in a plain table
PAIRS = 1 << 16
SPARSE = 2  # slots per node of the hashed rest, at least: most looks end at the first
BYTES_A_HIT = 4


@dataclass(frozen=True, slots=True, eq=False)
class Automaton:
    """`last[c]` is the node of words that end in c, negative if c alone is none of them.

    `ends` has a bit for the last two characters of each longer word; children
    of a node are in the hashed slots, where `taken` has a bit for each.
    `word[node]` is the word that begins there, -1 if none.
    """

    words: tuple[str, ...]
    length: NDArray[np.int32]  # bytes of each word
    last: NDArray[np.int32]
    ends: NDArray[np.uint8]
    slot: NDArray[np.uint64]
    taken: NDArray[np.uint8]
    word: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """What was found: row i's hits are `off[i]:off[i+1]`, `end` in bytes from the row's start."""

    off: NDArray[np.int64]
    word: NDArray[np.int32]
    end: NDArray[np.int32]


def build(words: Sequence[str]) -> Automaton:
    """Return the trie for these words, in this order; empty and repeated ones are an error."""
    if len(set(words)) != len(words) or "" in words:
        raise ValueError("words must be distinct and not empty")
    children: dict[tuple[int, int], int] = {}
    ends = [-1]
    for number, word in enumerate(words):
        node = 0
        for character in reversed(word):
            key = (node, ord(character))
            if key not in children:
                children[key] = len(ends)
                ends.append(-1)
            node = children[key]
        ends[node] = number
    last = np.zeros(COMMON, np.int32)
    size = 1 << (SPARSE * len(ends)).bit_length()
    slot, taken = np.zeros(size, np.uint64), np.zeros(size, np.uint8)
    for (node, point), child in children.items():
        if not node and point < COMMON:
            last[point] = child if ends[child] >= 0 else -child
            continue
        at = kernels.slot_of(node, np.uint64(point), size)
        while taken[at]:
            at = (at + 1) & (size - 1)
        slot[at], taken[at] = (node << 21 | point) << 21 | child, 1
    length = np.array([len(word.encode()) for word in words], np.int32)
    pairs = np.zeros(PAIRS, np.uint8)
    for word in words:
        if len(word) > 1:
            pairs[kernels.bit_of(np.uint64(ord(word[-2])), np.uint64(ord(word[-1])))] = 1
    return Automaton(
        tuple(words), length, last, _bits(pairs), slot, _bits(taken), np.array(ends, np.int32)
    )


def _bits(marks: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.packbits(marks, bitorder="little")


def find(automaton: Automaton, texts: Texts) -> Hits:
    """Find every occurrence of every word, overlapping ones included."""
    off = np.zeros(texts.count + 1, np.int64)
    room = len(texts.buf) // BYTES_A_HIT + 64
    a = automaton
    while True:
        word, end = np.empty(room, np.int32), np.empty(room, np.int32)
        if kernels.find_words(
            texts.buf, texts.off, a.last, a.ends, a.slot, a.taken, a.word, off, word, end
        ):
            return Hits(off, word[: off[-1]], end[: off[-1]])
        room *= 2
