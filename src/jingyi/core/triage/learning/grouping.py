"""Which rows of a table are one message: the same title, or the same body."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def same_message(titles: Sequence[str | None], bodies: Sequence[str | None]) -> NDArray[np.int64]:
    """Return a group a row; rows with equal titles or equal bodies, letters only, are in one.

    A file of titles and a file of bodies laid together hold a message twice or
    three times; a model must not be measured on a copy of what it was fitted on.
    """
    first: dict[tuple[str, str], int] = {}
    parent = list(range(len(bodies)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, pair in enumerate(zip(titles, bodies, strict=True)):
        for kind, words in zip("tb", pair, strict=True):
            key = "".join(c for c in words or "" if c.isalnum())
            if key:
                other = first.setdefault((kind, key), i)
                parent[root(i)] = root(other)
    return np.array([root(i) for i in range(len(parent))], np.int64)
