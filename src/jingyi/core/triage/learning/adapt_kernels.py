"""The compiled loop that corrects n-gram weights from decisions."""

import numba as nb
import numpy as np
from numpy.typing import NDArray

I64 = NDArray[np.int64]
I32 = NDArray[np.int32]
F32 = NDArray[np.float32]


@nb.njit(cache=True, nogil=True, boundscheck=False)
def correct(  # noqa: PLR0917
    off: I64, index: I32, scores: F32, truth: I64, rows: I64, rounds: int, rate: float,
    shrink: float, step: F32, shift: F32,
) -> None:  # fmt: skip
    """Correct by AdaGrad so that `truth` becomes likelier under softmax(scores + corrections).

    Row i has the n-grams `index[off[i]:off[i+1]]`, each worth one over the root
    of their number; `scores` (rows × classes) are what is corrected, `rows` are
    visited in their order. `step` (buckets × classes) and `shift`, both zero,
    are written. `shrink` pulls every correction touched towards zero.
    """
    count = scores.shape[1]
    paid = np.full(step.shape, np.float32(1e-6))
    paid_shift = np.full(count, np.float32(1e-6))
    error = np.zeros(count)
    for _ in range(rounds):
        for n in range(len(rows)):
            i = rows[n]
            many = off[i + 1] - off[i]
            if many == 0:
                continue
            scale = 1.0 / np.sqrt(float(many))
            top = -1e30
            for k in range(count):
                error[k] = scores[i, k] + shift[k]
                for g in range(off[i], off[i + 1]):
                    error[k] += scale * step[index[g], k]
                top = max(top, error[k])
            total = 0.0
            for k in range(count):
                error[k] = np.exp(error[k] - top)
                total += error[k]
            for k in range(count):
                error[k] = error[k] / total - (1.0 if truth[i] == k else 0.0)
                paid_shift[k] += np.float32(error[k] * error[k])
                shift[k] -= np.float32(rate * error[k] / np.sqrt(paid_shift[k]))
                for g in range(off[i], off[i + 1]):
                    slope = error[k] * scale + shrink * step[index[g], k]
                    paid[index[g], k] += np.float32(slope * slope)
                    step[index[g], k] -= np.float32(rate * slope / np.sqrt(paid[index[g], k]))
