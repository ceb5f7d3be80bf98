"""Which records are worth comparing: those that agree in all parts of some key."""

from dataclasses import dataclass

import numpy as np

from jingyi.core.linkage import pair_kernels
from jingyi.core.linkage.encoding import Encoded, beginning, last_word
from jingyi.core.linkage.spec import LAST_WORD, Key, Spec
from jingyi.core.linkage.string_kernels import I32, I64


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Candidates: rows `one[k] < other[k]`; those of key i are `bounds[i]:bounds[i + 1]`."""

    one: I32
    other: I32
    bounds: tuple[int, ...]


def key_codes(columns: dict[str, Encoded], key: Key) -> I64:
    """Return one number by row for the key's parts together; -1 where a part is unknown."""
    joined: I64 | None = None
    for name, size in key.parts:
        part = (
            last_word(columns[name]) if size == LAST_WORD else beginning(columns[name], size)
        ).astype(np.int64)
        if joined is None:
            joined = part
            continue
        both = np.where((joined < 0) | (part < 0), -1, joined * (part.max() + 1) + part)
        joined = np.unique(both, return_inverse=True)[1].astype(np.int64)
        joined = np.where(both < 0, -1, joined)
    assert joined is not None  # noqa: S101 - a key has parts
    return joined


def candidates(columns: dict[str, Encoded], spec: Spec, source: I32 | None = None) -> Pairs:
    """Return the pairs that some key brings together, each once, under its first key.

    With `source`, by row, only pairs of two sources.
    """
    of = np.zeros(0, np.int32) if source is None else source
    keys = np.stack([key_codes(columns, key) for key in spec.keys])
    ones, others, bounds = [], [], [0]
    for k in range(len(keys)):
        row = np.argsort(keys[k], kind="stable").astype(np.int32)
        row = row[np.searchsorted(keys[k][row], 0) :]
        edges = np.flatnonzero(np.diff(keys[k][row], prepend=-1, append=-1))
        start, end = edges[:-1].astype(np.int64), edges[1:].astype(np.int64)
        room = pair_kernels.count_pairs(start, end, spec.largest_block)
        one, other = np.empty(room, np.int32), np.empty(room, np.int32)
        n = pair_kernels.fill_pairs(row, start, end, spec.largest_block, keys[:k], of, one, other)
        ones.append(one[:n])
        others.append(other[:n])
        bounds.append(bounds[-1] + n)
    return Pairs(np.concatenate(ones), np.concatenate(others), tuple(bounds))
