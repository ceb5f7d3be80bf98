"""Reports into incidents: each joins the incident it fits best, or founds one named after itself.

It never moves another. So ids are stable as data grow, and a report that
shares no key with others changes nothing. Reports can only meet within a
component of shared keys; components are gathered side by side, here on the
cores of one machine, on Spark on many.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jingyi.core.triage import gather_kernels as kernels
from jingyi.core.triage.incident_kernels import write_masses
from jingyi.core.triage.incidents import TRACE, IncidentRules, Traces, unpack
from jingyi.core.triage.key_kernels import MOST, write_codes, write_keys

I64 = NDArray[np.int64]
I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]
PIECE = 32_768  # reports whose keys are written at a time


@dataclass(frozen=True, slots=True)
class Judged:
    """What people have said of pairs of reports: the same incident, or not."""

    same: Sequence[tuple[str, str]] = ()
    apart: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """Row i's keys are `off[i]:off[i+1]`: hashes, each PLAIN or PLACED."""

    off: I64
    key: NDArray[np.uint32]
    kind: U8


def gather(  # noqa: PLR0917
    rules: IncidentRules,
    rarity: NDArray[np.float32],
    found: Traces,
    ids: pa.Array,
    known: pa.Table | None = None,
    judged: Judged | None = None,
    workers: int = 1,
) -> pa.Array:
    """Return the incident of each report: one of `known`, or "inc-" and its founder's id.

    Args:
        found, ids: the new reports.
        known: earlier reports: id, incident, trace. Their incidents are never changed.
        judged: what people said; "apart" keeps a report out of the other's
            incident, "same" puts it there.
        workers: threads to use; the result does not depend on it.
    """
    old = np.zeros(0, TRACE) if known is None else unpack(known["trace"])
    everything = np.concatenate([old, found]) if len(old) else found
    names = pa.concat_arrays([_strings(known, "id"), ids.cast(pa.string())])
    labels = pa.concat_arrays(
        [
            _strings(known, "incident"),
            pc.binary_join_element_wise("inc-", ids, "").cast(pa.string()),
        ]
    )
    founder = np.full(len(everything), -1, np.int64)
    founder[: len(old)] = _first_of(_strings(known, "incident"))
    with ThreadPoolExecutor(1) as aside:  # the order is not needed before the keys are linked
        ordered = aside.submit(_order, old, found, names)
        linked = link_all(rules, rarity, everything, workers)
        order = ordered.result()
    said = judgements(names, order, founder, judged or Judged())
    place(rules, rarity, everything, linked, order, founder, said, workers)
    return labels.take(pa.array(founder[len(old) :]))


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """Judgements by row: an earlier report that is the same (or -1); as sparse rows, who is apart."""

    leader: I64
    apart_off: I64
    apart: I64


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """Keys that bring reports together, `off[i]:off[i+1]` of report i: their numbers and kinds.

    `parent` are the roots of the components that they make; `count` bounds the numbers.
    """

    off: I64
    number: I32
    kind: U8
    count: int
    placed: U8
    parent: I32


def link_all(
    rules: IncidentRules, rarity: NDArray[np.float32], traces: Traces, workers: int = 1
) -> Linked:
    """Find which reports share which keys."""
    keys = keys_of(rules, rarity, traces, workers)
    placed = (~np.isnan(traces["lon"])).astype(np.uint8)
    parent = np.arange(len(traces), dtype=np.int32)
    number, count = link(keys, placed, parent, workers)
    return Linked(keys.off, number, keys.kind, count, placed, parent)


def place(  # noqa: PLR0917
    rules: IncidentRules,
    rarity: NDArray[np.float32],
    traces: Traces,
    linked: Linked,
    order: I64,
    founder: I64,
    said: Said,
    workers: int = 1,
) -> None:
    """Write the founder of every report that has none yet; `order` is that of time and id."""
    parent = linked.parent
    for one in (founder, said.leader):
        told = np.flatnonzero(one >= 0)
        kernels.unite(parent, told, one[told])
    kernels.roots(parent)
    share = np.zeros(len(traces), np.uint8)
    kernels.divide(parent, workers, share)
    head = np.full((2, max(linked.count, 1)), -1, np.int32)
    newest, earlier, stamp = (np.full(len(traces), -1, np.int32) for _ in range(3))

    size = np.zeros(len(traces), np.int32)
    mass = np.zeros((len(traces), 2), np.float32)
    write_masses(traces, rarity, mass)

    def run(worker: int) -> None:
        kernels.gather(
            traces, mass, linked.placed, linked.off, linked.number, linked.kind, order[share[order] == worker],
            founder, said.leader, said.apart_off, said.apart, head,
            rarity, rules.rare, rules.vector, rules.bias, rules.threshold, rules.prior, rules.sure,
            rules.reach, rules.most, rules.members, newest, earlier, stamp, size,
        )  # fmt: skip

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(run, range(workers)))


def keys_of(
    rules: IncidentRules, rarity: NDArray[np.float32], traces: Traces, workers: int = 1
) -> Keys:
    """Return the keys under which each report can meet others."""
    mixed = bool(np.isnan(traces["lon"]).any())

    def write(start: int) -> Keys:
        piece = traces[start : start + PIECE]
        off = np.zeros(len(piece) + 1, np.int64)
        key, kind = np.empty(len(piece) * MOST, np.uint32), np.empty(len(piece) * MOST, np.uint8)
        write_keys(piece, rarity, rules.rare, mixed, off, key, kind)
        return Keys(off, key[: off[-1]].copy(), kind[: off[-1]].copy())

    with ThreadPoolExecutor(workers) as pool:
        parts = list(pool.map(write, range(0, max(len(traces), 1), PIECE)))
    off = np.zeros(len(traces) + 1, np.int64)
    np.cumsum(np.concatenate([np.diff(part.off) for part in parts]), out=off[1:])
    return Keys(
        off, np.concatenate([part.key for part in parts]), np.concatenate([p.kind for p in parts])
    )


def link(keys: Keys, placed: U8, parent: I32, workers: int = 1) -> tuple[I32, int]:
    """Return (numbers of the linking keys, packed into `keys` in place; how many there are at most).

    `parent` comes as each report's own row, and leaves as the roots of components.
    """
    codes, row = np.empty(len(keys.key), np.uint64), np.empty(len(keys.key), np.int32)
    write_codes(keys.off, keys.key, codes, row)
    codes.sort()
    number = np.full(len(row), -1, np.int32)
    cuts = np.linspace(0, len(codes), workers + 1).astype(np.int64)
    parts = [kernels.shared(codes, low, high) for low, high in pairwise(cuts)]
    bases = np.cumsum([0, *(many for _, _, many in parts)])
    parents = [parent, *(parent.copy() for _ in parts[1:])]

    def run(worker: int) -> None:
        first, end, _ = parts[worker]
        kernels.link(
            codes[first:end], keys.kind, row, placed, bases[worker], parents[worker], number
        )
        kernels.roots(parents[worker])

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(run, range(workers)))
    for other in parents[1:]:
        moved = np.flatnonzero(other != np.arange(len(other)))
        kernels.unite(parent, moved, other[moved].astype(np.int64))
    kernels.keep_linking(keys.off, number, keys.kind)
    return number, int(bases[-1])


def _order(old: Traces, found: Traces, names: pa.Array) -> I64:
    """Return row numbers in the order in which reports are taken: the earlier ones first."""
    many = len(old)
    return np.concatenate([in_order(old, names[:many]), in_order(found, names[many:]) + many])


def in_order(part: Traces, ids: pa.Array) -> I64:
    """Return row numbers by (time, id); reports without a time come last."""
    day = np.where(np.isnan(part["day"]), np.inf, part["day"])
    table = pa.table({"day": pa.array(day), "id": ids})
    return np.asarray(pc.sort_indices(table, [("day", "ascending"), ("id", "ascending")]), np.int64)


def judgements(names: pa.Array, order: I64, founder: I64, judged: Judged) -> Said:
    """Return what people said by row number; who is not among `names` is left out."""
    count = len(names)
    if not judged.same and not judged.apart:
        none = np.zeros(0, np.int64)
        return Said(np.full(count, -1, np.int64), np.zeros(count + 1, np.int64), none)
    told = sorted({name for pair in (*judged.same, *judged.apart) for name in pair})
    at = pc.index_in(pa.array(told, pa.string()), names).to_pylist()
    row = {name: k for name, k in zip(told, at, strict=True) if k is not None}
    turn = np.empty(count, np.int64)
    turn[order] = np.arange(count)
    leader = np.full(count, -1, np.int64)
    for group in _groups([(row[a], row[b]) for a, b in judged.same if a in row and b in row]):
        lead = min(group, key=lambda r: (founder[r] < 0, turn[r]))
        for member in group - {lead}:
            leader[member] = lead
    pairs = [(row[a], row[b]) for a, b in judged.apart if a in row and b in row]
    both = sorted({*pairs, *((b, a) for a, b in pairs)})
    off = np.zeros(count + 1, np.int64)
    np.add.at(off, [a + 1 for a, _ in both], 1)
    return Said(leader, np.cumsum(off), np.array([b for _, b in both], np.int64))


def _groups(pairs: Sequence[tuple[int, int]]) -> list[set[int]]:
    groups: dict[int, set[int]] = {}
    for a, b in pairs:
        joined = groups.get(a, {a}) | groups.get(b, {b})
        for member in joined:
            groups[member] = joined
    return [group for member, group in groups.items() if member == min(group)]


def _first_of(incident: pa.Array) -> I64:
    """Return for each report the first row of its incident."""
    codes = np.asarray(incident.dictionary_encode().indices, np.int64)
    first = np.full(codes.max(initial=-1) + 1, -1, np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return first[codes]


def _strings(known: pa.Table | None, name: str) -> pa.Array:
    if known is None:
        return pa.array([], pa.string())
    return known[name].combine_chunks().cast(pa.string())
