"""The words that name the place: the fullest run of place names of each row."""

import numba as nb
import numpy as np
from numpy.typing import NDArray

from jingyi.core.triage import number_kernels
from jingyi.core.triage.kernels import I32, I64, U8
from jingyi.core.triage.names import Kind, Spans
from jingyi.core.triage.texts import Texts

GAP = 6  # bytes that may stand between two names of one address
COARSE = 6  # rank from which a name is a division's: alone it says little


def addresses(spans: Spans, kinds: tuple[Kind, ...], texts: Texts) -> NDArray[np.int32]:
    """Return (rows × 2): the bytes of the fullest run of place names of each row; -1 if none.

    A number behind it belongs to it: 12号, K12+300, 左岸5公里处.
    """
    out = np.full((len(spans.off) - 1, 2), -1, np.int32)
    place = np.array([kind.place for kind in kinds], np.uint8)[spans.kind]
    worth = np.array([1 + (kind.rank < COARSE) for kind in kinds], np.uint8)[spans.kind]
    _addresses(spans.off, spans.start, spans.end, place, worth, out)
    number_kernels.read_on(texts.buf, texts.off, out)
    return out


@nb.njit(cache=True, nogil=True, boundscheck=False)
def _addresses(off: I64, start: I32, end: I32, place: U8, worth: U8, out: I32) -> None:  # noqa: PLR0917, C901
    for i in range(len(off) - 1):
        best = np.int64(0)
        q = off[i]
        while q < off[i + 1]:
            if not place[q]:
                q += 1
                continue
            low, high = start[q], end[q]
            total = np.int64(worth[q])
            r = q + 1
            while r < off[i + 1]:
                if place[r]:
                    if start[r] - high > GAP:
                        break
                    if end[r] > high:
                        if start[r] >= high:
                            total += worth[r]
                        low = min(low, start[r])
                        high = end[r]
                elif start[r] > high + GAP:
                    break
                r += 1
            if total > best:
                best = total
                out[i, 0] = low
                out[i, 1] = high
            q = r
