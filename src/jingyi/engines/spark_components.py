"""Which reports may belong together: the connected components of reports that share a key.

An incident never reaches beyond its component, so components can be gathered
apart from each other, on different machines, with the same result.
"""

import numba as nb
import numpy as np
from numpy.typing import NDArray

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


def by_key(key: NDArray[np.uint64] | I64, row: I64) -> tuple[I64, I64]:
    """Return the forest of reports that share a key, from (key, report) pairs in any order."""
    order = np.argsort(key, kind="stable")
    key, row = key[order], row[order]
    same = np.flatnonzero(key[1:] == key[:-1])
    return forest(row[same], row[same + 1])
