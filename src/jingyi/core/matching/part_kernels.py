"""Compiled loops that say in which ways two texts agree, and in which of their sentences."""

from typing import Any

import numba as nb
import numpy as np

from jingyi.core.matching.gram_kernels import (
    END,
    F32,
    I32,
    I64,
    U8,
    UNIT,
    pair_term,
    unit_at,
)
from jingyi.core.matching.search_kernels import EMPTY, place_of, slot_for

NEAR, SHORT, WORDS = range(3)
PARTS = 3


@nb.njit(cache=True, nogil=True, boundscheck=False)
def worth(  # noqa: PLR0917
    ptr: I64, term: I32, weight: F32, rarity: F32, square: F32, pairs: F32, words: F32
) -> None:
    """Write each row's squared length, and what its pairs and its words are worth."""
    for i in range(len(ptr) - 1):
        for g in range(ptr[i], ptr[i + 1]):
            square[i] += weight[g] * weight[g]
            if term[g] & 1:
                pairs[i] += rarity[term[g]]
            elif term[g] & 2:
                words[i] += rarity[term[g]]


@nb.njit(cache=True, nogil=True, boundscheck=False)
def parts(  # noqa: PLR0917
    low: int, high: int, q_ptr: I64, q_term: I32, q_weight: F32, q_worth: F32,
    ptr: I64, term: I32, weight: F32, held_worth: F32, rarity: F32, row: I32, out: F32,
) -> None:  # fmt: skip
    """Write for queries `low:high` and each of their candidates in `row` how they agree.

    `out` is (queries × candidates × PARTS), each part a share by rarity: NEAR of
    the query's nearness to itself; SHORT of the pairs of whichever text has
    less to say; WORDS of the numbers and Latin words of whichever has fewer.
    The worths are (3 × rows): squared length, pairs, words.
    """
    for q in range(low, high):
        a = q_ptr[q]
        b = q_ptr[q + 1]
        held = np.full(slot_for(b - a), EMPTY, np.int32)
        value = np.zeros(len(held), np.float32)
        mask = len(held) - 1
        for k in range(a, b):
            at = place_of(held, mask, q_term[k])
            held[at] = q_term[k]
            value[at] = q_weight[k]
        for c in range(row.shape[1]):
            r = row[q, c]
            if r < 0:
                continue
            near = np.float32(0)
            pairs = np.float32(0)
            words = np.float32(0)
            for g in range(ptr[r], ptr[r + 1]):
                at = place_of(held, mask, term[g])
                if held[at] != EMPTY:
                    near += value[at] * weight[g]
                    if term[g] & 1:
                        pairs += rarity[term[g]]
                    elif term[g] & 2:
                        words += rarity[term[g]]
            little = np.float32(1e-9)
            mine, its = q_worth[1, q], held_worth[1, r]
            out[q, c, NEAR] = near / max(q_worth[0, q], little)
            out[q, c, SHORT] = pairs / max(min(mine, its), little)
            out[q, c, WORDS] = words / max(min(q_worth[2, q], held_worth[2, r]), little)


@nb.njit(cache=True, nogil=True, boundscheck=False)
def sentences(buf: U8, low: int, high: int, start: I64, end: I64) -> int:
    """Write where each sentence begins and ends, in bytes; return how many there are.

    An end sign belongs to its sentence; a run without any unit is none.
    """
    count = 0
    first = -1
    p = low
    while p < high:
        kind, _, after = unit_at(buf, p, high)
        if kind >= UNIT and first < 0:
            first = p
        if kind == END and first >= 0:
            start[count] = first
            end[count] = after if buf[p] != 0x0A else p
            count += 1
            first = -1
        p = after
    if first >= 0:
        start[count] = first
        end[count] = high
        count += 1
    return count


@nb.njit(cache=True, nogil=True, boundscheck=False)
def _table(buf: U8, low: int, high: int, rarity: F32) -> Any:
    """Return (table of the sentence's pairs, what they are worth)."""
    held = np.full(slot_for(high - low), EMPTY, np.int32)
    total = 0.0
    before = np.uint64(0)
    p = low
    while p < high:
        kind, key, p = unit_at(buf, p, high)
        if kind < UNIT:
            before = np.uint64(0)
            continue
        if before:
            term = pair_term(before, key)
            at = place_of(held, len(held) - 1, term)
            if held[at] == EMPTY:
                held[at] = term
                total += rarity[term]
        before = key
    return held, total


@nb.njit(cache=True, nogil=True, boundscheck=False)
def align(  # noqa: PLR0917
    buf: U8, start: I64, end: I64, other: U8, other_start: I64, other_end: I64, rarity: F32,
    shared: F32,
) -> None:  # fmt: skip
    """Write (sentences × other's sentences) how far they agree: shared worth × its share of both."""
    tables = [_table(other, other_start[k], other_end[k], rarity) for k in range(len(other_start))]
    for i in range(len(start)):
        mine, total = _table(buf, start[i], end[i], rarity)
        for k in range(len(other_start)):
            its, whole = tables[k]
            both = 0.0
            for at in range(len(mine)):
                term = mine[at]
                if term != EMPTY and its[place_of(its, len(its) - 1, term)] == term:
                    both += rarity[term]
            shared[i, k] = both * both / np.sqrt(max(total * whole, 1e-9))
