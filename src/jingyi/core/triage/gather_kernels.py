"""Compiled loops that gather reports into incidents, one component of shared keys at a time."""

from typing import Any

import numba as nb
import numpy as np

from jingyi.core.triage.incident_kernels import FEATURES, Traces, logit
from jingyi.core.triage.kernels import F32, I32, I64, U8, U64
from jingyi.core.triage.key_kernels import PLACED

LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
WALK = 8  # entries passed under one key for each incident looked at


@nb.njit(inline="always")
def _root(parent: I32, i: int) -> Any:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@nb.njit(cache=True, nogil=True, boundscheck=False)
def unite(parent: I32, one: I64, other: I64) -> None:
    """Put the rows of every pair into one component; the lowest row is its root."""
    for k in range(len(one)):
        a, b = _root(parent, one[k]), _root(parent, other[k])
        if a != b:
            parent[max(a, b)] = min(a, b)


@nb.njit(cache=True, nogil=True, boundscheck=False)
def shared(codes: U64, begin: int, stop: int) -> tuple[int, int, int]:
    """Return the whole runs of one key within `begin:stop`: first, end, how many are shared.

    A run belongs to the part in which it begins.
    """
    at = begin
    while 0 < at < len(codes) and codes[at] >> HALF == codes[at - 1] >> HALF:
        at += 1
    first, many = at, 0
    while at < stop:
        end = at + 1
        while end < len(codes) and codes[end] >> HALF == codes[at] >> HALF:
            end += 1
        many += end - at > 1
        at = end
    return first, max(at, first), many


@nb.njit(cache=True, nogil=True, boundscheck=False)
def link(  # noqa: PLR0917
    codes: U64, kind: U8, row: I32, placed: U8, base: int, parent: I32, number: I32
) -> None:
    """Number the keys that can bring reports together, from `base`, and unite those reports.

    `codes` is sorted: a key in the upper half, in the lower its position in
    `kind` and `row`. `number`, by position too, gets each key's number; it
    stays -1 where the key links nothing: borne once, or PLAIN and only by
    reports with a place.
    """
    n = base
    at = 0
    while at < len(codes):
        end = at + 1
        while end < len(codes) and codes[end] >> HALF == codes[at] >> HALF:
            end += 1
        useful = False
        if end - at > 1:
            for k in range(at, end):
                p = codes[k] & LOW
                if kind[p] == PLACED or not placed[row[p]]:
                    useful = True
        if useful:
            first = _root(parent, row[codes[at] & LOW])
            for k in range(at, end):
                p = codes[k] & LOW
                number[p] = n
                other = _root(parent, row[p])
                if other != first:
                    parent[max(first, other)] = min(first, other)
                    first = min(first, other)
            n += 1
        at = end


@nb.njit(cache=True, nogil=True, boundscheck=False)
def keep_linking(off: I64, number: I32, kind: U8) -> int:
    """Pack the keys that link something to the front, in place; return how many there are."""
    at = 0
    for i in range(len(off) - 1):
        low, high = off[i], off[i + 1]
        off[i] = at
        for k in range(low, high):
            if number[k] >= 0:
                number[at] = number[k]
                kind[at] = kind[k]
                at += 1
    off[len(off) - 1] = at
    return at


@nb.njit(cache=True, nogil=True, boundscheck=False)
def divide(parent: I32, shares: int, share: U8) -> None:
    """Give every component to one of `shares` workers, the lighter laden one, in row order.

    `parent` holds roots; `share` gets the worker of each row.
    """
    size = np.zeros(len(parent), np.int32)
    for i in range(len(parent)):
        size[parent[i]] += 1
    load = np.zeros(shares, np.int64)
    for i in range(len(parent)):
        if parent[i] == i:
            lightest = 0
            for w in range(1, shares):
                if load[w] < load[lightest]:
                    lightest = w
            share[i] = lightest
            load[lightest] += size[i]
        else:
            share[i] = share[parent[i]]


@nb.njit(cache=True, nogil=True, boundscheck=False)
def roots(parent: I32) -> None:
    """Replace every row's parent by its component's root."""
    for i in range(len(parent)):
        parent[i] = _root(parent, i)


@nb.njit(cache=True, nogil=True, boundscheck=False)
def gather(  # noqa: PLR0917
    traces: Traces, mass: F32, placed: U8, key_off: I64, key: I32, kind: U8, order: I64,
    founder: I64, leader: I64, apart_off: I64, apart: I64, head: I32,
    rarity: F32, rare: float, weights: F32, bias: float, threshold: float, prior: float, sure: float,
    reach: int, most: int, members: int, newest: I32, earlier: I32, stamp: I32, size: I32,
) -> None:  # fmt: skip
    """Give each report without one a founder: itself, or that of the incident it fits best.

    Reports are taken in `order` (time, then id). `founder[i]` >= 0 was decided
    before and is not changed, so a new report joins or founds, and never
    moves another; `leader[i]` >= 0 is an earlier report that a person has
    said is the same. `apart[apart_off[i]:apart_off[i+1]]` are reports a
    person has said are not the same as i.

    `key` (by `key_off`) numbers the linking keys of each report; `head` is
    (2 × keys): the latest entry by reports without, and with, a place.
    `newest` by founder, `earlier` and `stamp` by report begin at -1.
    """
    total = 0
    for turn in range(len(order)):
        total += key_off[order[turn] + 1] - key_off[order[turn]]
    entry_founder = np.empty(total, np.int32)
    entry_next = np.empty(total, np.int32)
    used = 0
    room = np.zeros(len(FEATURES), np.float32)
    for turn in range(len(order)):
        i = order[turn]
        if founder[i] < 0 and leader[i] >= 0:
            founder[i] = founder[leader[i]]
        if founder[i] < 0:
            choice = _best(
                i, traces, mass, placed, key_off, key, kind, founder, apart_off, apart,
                head, entry_founder, entry_next, rarity, rare, weights, bias, threshold, prior,
                sure, reach, most, members, newest, earlier, stamp, size, room,
            )  # fmt: skip
            founder[i] = choice if choice >= 0 else i
        f = founder[i]
        earlier[i] = newest[f]
        newest[f] = i
        size[f] += 1
        own = np.int64(placed[i])
        for k in range(key_off[i], key_off[i + 1]):
            old = head[own, key[k]]
            if old >= 0 and entry_founder[old] == f:
                continue
            entry_founder[used] = f
            entry_next[used] = old
            head[own, key[k]] = used
            used += 1


@nb.njit(inline="always")
def _best(  # noqa: PLR0917
    i: Any, traces: Traces, mass: F32, placed: U8, key_off: I64, key: I32, kind: U8,
    founder: I64, apart_off: I64, apart: I64, head: I32, entry_founder: I32, entry_next: I32,
    rarity: F32, rare: float, weights: F32, bias: float, threshold: float, prior: float, sure: float,
    reach: int, most: int, members: int, newest: I32, earlier: I32, stamp: I32, size: I32, room: F32,
) -> Any:  # fmt: skip
    """Return the founder of the incident that report i fits best, -1 if none fits.

    Only incidents that share one of its keys are looked at, the `reach` latest
    of each and `most` in all, those of the most telling keys first. One fits
    where the mean logit over at most `members` of its reports, the latest, is
    at least `threshold`; the best is the highest with `prior` per log of its
    size, and nothing beyond the first that reaches `sure` is looked at.
    """
    best = -np.inf
    choice = np.int64(-1)
    in_all = 0
    for k in range(key_off[i], key_off[i + 1]):
        for side in range(2):
            if kind[k] != PLACED and placed[i] and side == 1:
                continue  # two reports with a place meet on PLACED keys only
            e = head[side, key[k]]
            looked = steps = 0
            while e >= 0 and looked < reach and steps < WALK * reach:
                if in_all >= most or best >= sure:
                    break
                steps += 1
                f = np.int64(entry_founder[e])
                e = entry_next[e]
                if stamp[f] == i:
                    continue
                stamp[f] = i
                looked += 1
                in_all += 1
                mean = _fit(
                    traces, mass, i, newest[f], earlier, members, rarity, rare, weights, bias, room
                )
                worth = mean + prior * np.log(size[f])
                if mean < threshold or worth < best:
                    continue
                if not _kept_apart(i, f, founder, apart_off, apart):
                    best = worth
                    choice = f
        if best >= sure:
            break
    return choice


@nb.njit(inline="always")
def _fit(  # noqa: PLR0917
    traces: Traces, mass: F32, i: Any, newest: Any, earlier: I32, members: int,
    rarity: F32, rare: float, weights: F32, bias: float, room: F32,
) -> float:  # fmt: skip
    """Return the mean logit of report i against the latest members of an incident."""
    total = 0.0
    n = 0
    m = newest
    while m >= 0 and n < members:
        total += logit(traces[i], traces[m], mass[i], mass[m], rarity, rare, weights, bias, room)
        n += 1
        m = earlier[m]
    return total / n if n else -np.inf


@nb.njit(inline="always")
def _kept_apart(i: Any, f: Any, founder: I64, apart_off: I64, apart: I64) -> bool:
    found = False
    for q in range(apart_off[i], apart_off[i + 1]):
        if founder[apart[q]] == f:
            found = True
    return found
