"""Sets of labels that hold the true one, but for a chosen share of messages.

Split conformal prediction: with n held-back messages of a label, the k-th
smallest nonconformity (1 - probability of the true label) where k =
ceil((n + 1)(1 - error)) bounds a new message's with probability >= 1 - error,
whatever the model, if messages are exchangeable. By label where there are
enough (then the promise holds for each such label), together for the rest.
Source: Vovk, Gammerman, Shafer, Algorithmic Learning in a Random World (2005),
ch. 2 and 4; Angelopoulos and Bates, arXiv:2107.07511, sec. 1 and 4.
"""

from math import ceil

import numpy as np
from numpy.typing import NDArray

ENOUGH = 30  # messages of a label from which it gets a level of its own


def level(missed: NDArray[np.float64], error: float) -> float:
    """Return the nonconformity up to which a label belongs to the set; 1 (always) where n is too small."""
    rank = ceil((len(missed) + 1) * (1 - error))
    return 1.0 if rank > len(missed) else float(np.sort(missed)[rank - 1])


def levels(
    probability: NDArray[np.float32], truth: NDArray[np.int64], error: float, enough: int = ENOUGH
) -> NDArray[np.float32]:
    """Return for each label the least probability with which it belongs to the set.

    `probability` (rows × labels) by models that did not see the row. Labels
    with fewer than `enough` rows share the level of all such rows together.
    """
    missed = 1.0 - probability[np.arange(len(truth)), truth].astype(np.float64)
    count = np.bincount(truth, minlength=probability.shape[1])
    rare = (count < enough)[truth]
    shared = level(missed[rare], error) if rare.sum() >= enough else level(missed, error)
    out = [
        level(missed[truth == k], error) if count[k] >= enough else shared
        for k in range(probability.shape[1])
    ]
    # a hair lower: the stored level is float32 and must not lose the row that set it
    return np.maximum(np.nextafter(1 - np.array(out, np.float32), np.float32(-1)) - 1e-7, 0).astype(
        np.float32
    )


def sets(probability: NDArray[np.float32], least: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return (rows × labels): in the set or not. A set may be empty: then no label fits well."""
    return np.asarray(probability >= least)


def missed_share(inside: NDArray[np.bool_], truth: NDArray[np.int64]) -> float:
    """Return the share of rows whose true label is not in their set."""
    return float(1 - inside[np.arange(len(truth)), truth].mean())
