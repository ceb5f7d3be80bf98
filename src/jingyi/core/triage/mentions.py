"""Words of each row that name a known place: a division, a protected place, a spot of the gazetteer."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numba as nb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jingyi.core.triage import divisions, mention_kernels
from jingyi.core.triage.book import Book
from jingyi.core.triage.kernels import I32, I64, U64, spread
from jingyi.core.triage.lexicon import Hits
from jingyi.core.triage.texts import Texts


@dataclass(frozen=True, slots=True, eq=False)
class Mentions:
    """Which rows name what: pairs (row, word or place), rows ascending, in the order of the text."""

    division_row: I64
    division: I32
    place_row: I64
    place: I64
    spot_row: I64
    spot: I32


def find(book: Book, hits: Hits, texts: Texts) -> Mentions:
    """Collect the words that name a known place."""
    rows = np.repeat(np.arange(len(hits.off) - 1), np.diff(hits.off))
    kept = np.zeros(len(hits.word), np.uint8)
    told = mention_kernels.lending(book.words)
    mention_kernels.names(
        texts.buf, texts.off, hits.off, hits.word, hits.end, book.automaton.length,
        told.name, told.lent, told.between, told.longest, kept,
    )  # fmt: skip
    named = np.flatnonzero(kept)
    spots = book.spot_of[hits.word]
    at = np.flatnonzero(spots >= 0)
    place_row, place = _places(book, rows, hits)
    return Mentions(rows[named], hits.word[named], place_row, place, rows[at], spots[at])


def _places(book: Book, rows: I64, hits: Hits) -> tuple[I64, I64]:
    """Return (row, protected place), each once; a name may stand for several places."""
    at = np.flatnonzero(book.place_words[hits.word])
    pairs = dict.fromkeys(
        (row, place)
        for row, word in zip(rows[at].tolist(), hits.word[at].tolist(), strict=True)
        for place in book.places[word]
    )
    out = np.array(list(pairs), np.int64).reshape(-1, 2)
    return out[:, 0], out[:, 1]


def regions(book: Book, found: Mentions, count: int) -> pa.Array:
    """Return each row's 6-digit code: of the divisions it names, or else of the spot it names.

    Each distinct combination of names is looked up once.
    """
    combination = np.zeros(count, np.uint64)
    _combine(found.division_row, found.division, combination)
    _, example, where = np.unique(combination, return_index=True, return_inverse=True)
    off = np.searchsorted(found.division_row, np.stack([example, example + 1]))
    codes = [
        _resolve(tuple(book.words[word] for word in found.division[low:high]), book.home)
        for low, high in off.T.tolist()
    ]
    region = pa.array(codes, pa.string()).take(pa.array(where))
    return region if not len(found.spot) else pc.coalesce(region, _of_spots(book, found, count))


def _of_spots(book: Book, found: Mentions, count: int) -> pa.Array:
    """Return the code of the first spot each row names."""
    row, first = np.unique(found.spot_row, return_index=True)
    codes = pa.array([spot.region or None for spot in book.gazetteer], pa.string())
    which = np.full(count, len(book.gazetteer), np.int64)
    which[row] = found.spot[first]
    return pa.concat_arrays([codes, pa.nulls(1, pa.string())]).take(pa.array(which))


@lru_cache(maxsize=1 << 16)
def _resolve(names: Sequence[str], home: str) -> str | None:
    return divisions.resolve(names, home) if names else None


@nb.njit(cache=True, nogil=True, boundscheck=False)
def _combine(row: I64, word: I32, out: U64) -> None:
    """Add up a hash of each distinct word of a row, whatever their order."""
    for k in range(len(row)):
        again = False
        j = k - 1
        while j >= 0 and row[j] == row[k]:
            again = again or word[j] == word[k]
            j -= 1
        if not again:
            out[row[k]] += spread(np.uint64(word[k]) + np.uint64(1))
