"""Which reports may belong together: the connected components of reports that share a key.

An incident never reaches beyond its component, so components can be gathered
apart from each other, on different machines, with the same result.
"""

import numba as nb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jingyi.core.triage.kernels import spread

I64 = NDArray[np.int64]


@nb.njit(cache=True, nogil=True)
def unite(parent: I64, a: I64, b: I64) -> None:
    """Join the trees of each a[i] and b[i]; the root of a tree is its smallest member."""
    for i in range(len(a)):
        x, y = a[i], b[i]
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        while parent[y] != y:
            parent[y] = parent[parent[y]]
            y = parent[y]
        if x < y:
            parent[y] = x
        else:
            parent[x] = y


@nb.njit(cache=True, nogil=True)
def flatten(parent: I64) -> None:
    """Let every member point at its root."""
    for i in range(len(parent)):
        parent[i] = parent[parent[i]]  # its parent is smaller, hence flat already


def forest(a: I64, b: I64) -> tuple[I64, I64]:
    """Return (member, root) of every component of the edges a–b, roots themselves left out.

    Says the same as the edges in at most one pair a member, and is smaller.
    """
    names, places = np.unique(np.concatenate([a, b]), return_inverse=True)
    parent = np.arange(len(names), dtype=np.int64)
    unite(parent, places[: len(a)].astype(np.int64), places[len(a) :].astype(np.int64))
    flatten(parent)
    member = np.flatnonzero(parent != np.arange(len(parent)))
    return names[member], names[parent[member]]


def by_key(key: NDArray[np.uint32] | I64, row: I64, telling: NDArray[np.bool_]) -> tuple[I64, I64]:
    """Return the forest of reports that share a key, from (key, report) pairs in any order.

    A key links its reports only if it is `telling` for at least one of them.
    """
    order = np.argsort(key, kind="stable")
    key, row = key[order], row[order]
    if not len(key):
        return forest(row, row)
    same = key[1:] == key[:-1]
    run = np.concatenate([[0], np.cumsum(~same)])
    links = np.bincount(run, telling[order]) > 0
    joined = np.flatnonzero(same & links[run[1:]])
    return forest(row[joined], row[joined + 1])


class Union:
    """All reports of a run, joined edge by edge; 8 bytes a report."""

    def __init__(self, rows: int) -> None:
        self.parent = np.arange(rows, dtype=np.int64)

    def join(self, member: I64, root: I64) -> None:
        """Join each member[i] with root[i]."""
        unite(self.parent, member, root)

    def packs(self, count: int) -> tuple[NDArray[np.uint16], int]:
        """Return the pack of every report, and the reports of the largest component.

        A component is never divided; packs are as even as that allows: each
        component, the largest first, goes to the pack with the least in it.
        """
        flatten(self.parent)
        size = np.bincount(self.parent, minlength=len(self.parent))
        pack = np.empty(len(self.parent), np.uint16)
        _fill(self.parent, np.argsort(-size, kind="stable"), size, count, pack)
        return pack, int(size.max(initial=0))


@nb.njit(cache=True, nogil=True)
def _fill(parent: I64, order: I64, size: I64, count: int, pack: NDArray[np.uint16]) -> None:
    load = np.zeros(count, np.int64)
    for root in order:
        if size[root] == 0:
            break
        least = 0
        if size[root] == 1:
            least = root % count  # most are alone; they need no weighing
        else:
            for k in range(1, count):
                if load[k] < load[least]:
                    least = k
        load[least] += size[root]
        pack[root] = least
    for i in range(len(parent)):
        pack[i] = pack[parent[i]]


def hashes(column: pa.ChunkedArray) -> NDArray[np.uint64]:
    """Return a 64-bit hash of every text, the same on every machine."""
    texts = column.combine_chunks().cast(pa.large_string())
    _, offsets, data = texts.buffers()
    off = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    out = np.zeros(len(texts), np.uint64)
    _hash(np.frombuffer(data or b"", np.uint8), off, out)
    return out


@nb.njit(cache=True, nogil=True)
def _hash(data: NDArray[np.uint8], off: I64, out: NDArray[np.uint64]) -> None:
    for i in range(len(out)):
        h = np.uint64(14695981039346656037)
        for k in range(off[i], off[i + 1]):
            h = (h ^ np.uint64(data[k])) * np.uint64(1099511628211)
        out[i] = spread(h)
