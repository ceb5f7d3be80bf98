"""Who is named: companies, shops, organs, and unified social credit codes that check out."""

import zlib
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from stdnum.cn import uscc

from jingyi.core.triage import party_kernels as kernels
from jingyi.core.triage.names import Kind, Spans
from jingyi.core.triage.texts import Texts

MOST = 12
SHORTEST = 64  # bytes of text to one candidate for a code: more is no message

I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Parties:
    """Row i's parties are `off[i]:off[i+1]`, byte ranges of the texts; codes first.

    `code` is by row: the hash of its first credit code, 0 if it has none.
    """

    off: I64
    start: I64
    end: I64
    code: NDArray[np.uint32]

    def named(self, texts: Texts) -> pa.Array:
        """Return list<string>."""
        values = strings(texts.buf, self.start, self.end)
        return pa.ListArray.from_arrays(pa.array(self.off, pa.int32()), values)


def find(texts: Texts, spans: Spans, kinds: tuple[Kind, ...]) -> Parties:
    """Return the parties in the order of the text, the shorter of two like names left out.

    A credit code is only taken with its check digit right.
    """
    party = np.array([kind.party for kind in kinds], np.uint8)[spans.kind]
    off = np.zeros(texts.count + 1, np.int64)
    start, end = np.empty(int(party.sum()), np.int64), np.empty(int(party.sum()), np.int64)
    kernels.pick(
        texts.buf, texts.off, spans.off, spans.start, spans.end, party, MOST, off, start, end
    )
    start, end = start[: off[-1]], end[: off[-1]]
    return _with_codes(texts, off, start, end)


def _with_codes(texts: Texts, off: I64, start: I64, end: I64) -> Parties:
    room = len(texts.buf) // SHORTEST + 64
    row, first = np.empty(room, np.int64), np.empty(room, np.int64)
    count = kernels.find_codes(texts.buf, texts.off, row, first)
    hashed = np.zeros(texts.count, np.uint32)
    taken: list[tuple[int, int]] = []
    for i, at in zip(row[:count].tolist(), first[:count].tolist(), strict=True):
        code = bytes(texts.buf[at : at + kernels.CODE]).decode()
        if uscc.is_valid(code):
            taken.append((i, at))
            hashed[i] = hashed[i] or zlib.crc32(code.encode()) | 1
    if taken:
        where = off[[i for i, _ in taken]]
        start = np.insert(start, where, [at for _, at in taken])
        end = np.insert(end, where, [at + kernels.CODE for _, at in taken])
        off = off + np.concatenate(
            [[0], np.cumsum(np.bincount([i for i, _ in taken], minlength=texts.count))]
        )
    return Parties(off, start, end, hashed)


def strings(buf: NDArray[np.uint8], start: I64, end: I64) -> pa.Array:
    """Return the byte ranges as strings."""
    sizes = end - start
    off = np.zeros(len(start) + 1, np.int32)
    np.cumsum(sizes, out=off[1:])
    out = np.empty(off[-1], np.uint8)
    kernels.copy(buf, start, end, out)
    return pa.StringArray.from_buffers(len(start), pa.py_buffer(off), pa.py_buffer(out))
