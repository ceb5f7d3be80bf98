"""Everything about a run of reports that can be told without looking at other reports."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jingyi.core.triage import (
    addresses,
    cues,
    domain,
    incidents,
    lexicon,
    mentions,
    names,
    parties,
    place,
    protected,
    reasons,
    texts,
)
from jingyi.core.triage import reason_kernels as why
from jingyi.core.triage.book import Book
from jingyi.core.triage.incident_kernels import PHOTOS

MOST_NEAR = 4  # protected places named in one report's reasons

JUDGED = pa.schema(
    [
        ("id", pa.string()),
        ("domain", pa.string()),
        ("domain_set", pa.list_(pa.string())),
        ("lead", pa.float32()),
        ("is_lead", pa.bool_()),
        ("region", pa.string()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("radius_m", pa.float64()),
        ("place", pa.string()),
        ("parties", pa.list_(pa.string())),
        ("protected", pa.list_(pa.string())),
        ("told", pa.list_(pa.int64())),  # reasons, as numbers
        ("trace", pa.binary(incidents.TRACE.itemsize)),
        ("days", pa.float64()),  # since 1970, NaN if unknown
        ("likes", pa.float32()),
        ("photos", pa.float32()),
        ("reporter", pa.string()),
        ("harm", pa.float32()),
        ("duty", pa.bool_()),  # a party is named
    ]
)


@dataclass(frozen=True, slots=True)
class Reports:
    """The columns of the input, cleaned of what cannot be read, one value a row."""

    id: pa.Array
    title: pa.Array | None
    text: pa.Array | None
    days: NDArray[np.float64]
    points: place.Points
    likes: NDArray[np.float32]
    photos: NDArray[np.float32]
    hashes: NDArray[np.uint64]
    reporter: pa.Array

    @property
    def count(self) -> int:
        return len(self.id)


def read(table: pa.Table, start: int = 0) -> Reports:
    """Take the columns triage knows, whatever their exact types; a missing one is empty.

    A report without an id is called by its row: `start` is the number of the first.
    """
    count = table.num_rows
    numbered = pa.array(range(start, start + count), pa.int64()).cast(pa.string())
    ids = _column(table, "id", pa.string())
    likes, photos = _floats(table, "likes", count), _floats(table, "photos", count)
    reporter = _column(table, "reporter", pa.string())
    return Reports(
        id=numbered if ids is None else pc.coalesce(ids, numbered),
        title=_column(table, "title", pa.large_string()),
        text=_column(table, "text", pa.large_string()),
        days=_days(_column(table, "time", pa.timestamp("s")), count),
        points=place.points(_floats(table, "lon", count), _floats(table, "lat", count)),
        likes=np.nan_to_num(likes).astype(np.float32),
        photos=np.nan_to_num(photos).astype(np.float32),
        hashes=_hashes(table, count),
        reporter=pa.nulls(count, pa.string()) if reporter is None else reporter,
    )


def _column(table: pa.Table, name: str, kind: pa.DataType) -> pa.Array | None:
    if name not in table.column_names:
        return None
    column = table[name].combine_chunks()
    if pa.types.is_timestamp(column.type) and column.type.tz:
        column = pc.local_timestamp(column)
    return column if column.type == kind else column.cast(kind, safe=False)


def _floats(table: pa.Table, name: str, count: int) -> NDArray[np.float64]:
    column = _column(table, name, pa.float64())
    if column is None:
        return np.full(count, np.nan)
    return np.asarray(column.to_numpy(zero_copy_only=False), np.float64)


def _days(column: pa.Array | None, count: int) -> NDArray[np.float64]:
    if column is None:
        return np.full(count, np.nan)
    seconds = pc.cast(column, pa.int64()).to_numpy(zero_copy_only=False)
    return np.asarray(seconds, np.float64) / 86_400


def _hashes(table: pa.Table, count: int) -> NDArray[np.uint64]:
    """Return the first perceptual hashes of each report's photographs, 0 where there are none."""
    out = np.zeros((count, PHOTOS), np.uint64)
    if "photo_hashes" in table.column_names:
        for row, found in enumerate(table["photo_hashes"].to_pylist()):
            kept = [one for one in found or () if one][:PHOTOS]
            out[row, : len(kept)] = kept
    return out


def judge(
    table: pa.Table, book: Book, start: int = 0, room: incidents.Traces | None = None
) -> pa.Table:
    """Judge a run of reports, all but what depends on others; returns a table of `JUDGED`.

    Each row is judged alike whatever stands beside it. `start` is the number
    of the first row in the whole. The traces are written into `room`, if any:
    a million of them are not worth copying.
    """
    reports = read(table, start)
    words = texts.read(reports.title, reports.text, reports.count)
    hits = lexicon.find(book.automaton, words)
    seen, first = cues.find(book.cue_table, hits, words)
    spans = names.find(book.name_table, book.automaton, hits, words)
    found = mentions.find(book, hits, words)
    where = place.locate(reports.points, found.spot_row, found.spot, book.gazetteer)
    named = parties.find(words, spans, book.names.kinds)
    near = protected.near(book.protected, where.lon, where.lat, found.place_row, found.place)
    judged = domain.judge(book.model, book.domains, domain.score(book.model, words, seen))
    told = _told(book, judged, words, seen, first, near, reports.points.state)
    sharp = np.where(where.radius_m <= place.WIDE, 0.0, np.nan)
    kept = np.empty(reports.count, incidents.TRACE) if room is None else room
    incidents.traces(
        words, spans, book.names.kinds, seen, book.cues, book.model.rarity, book.name_rarity,
        incidents.Circumstances(
            reports.days, where.lon + sharp, where.lat + sharp, reports.hashes, named.code
        ),
        kept,
    )  # fmt: skip
    slugs = pa.array([None, *judged.classes], pa.string())  # 1 beyond: -1 is nothing
    columns = {
        "id": reports.id,
        "domain": slugs.take(pa.array(judged.domain + 1)),
        "domain_set": _sets(judged),
        "lead": judged.lead,
        "is_lead": judged.is_lead,
        "region": mentions.regions(book, found, reports.count),
        "lon": _known(where.lon),
        "lat": _known(where.lat),
        "radius_m": _known(where.radius_m),
        "place": _address(words, addresses.addresses(spans, book.names.kinds, words)),
        "parties": named.named(words),
        "protected": _listed(near.off, pa.array([p.name for p in book.protected], pa.string()).take(pa.array(near.place))),
        "told": _listed(*told),
        "trace": incidents.pack(kept),
        "days": reports.days,
        "likes": reports.likes,
        "photos": reports.photos,
        "reporter": reports.reporter,
        "harm": _harm(book, hits),
        "duty": np.diff(named.off) > 0,
    }  # fmt: skip
    return pa.table([_array(columns[field.name], field.type) for field in JUDGED], schema=JUDGED)


def _told(  # noqa: PLR0917
    book: Book, judged: domain.Judgement, words: texts.Texts, seen: NDArray[np.uint8],
    first: NDArray[np.int32], near: protected.Near, state: NDArray[np.uint8],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """Return (offsets, numbers) of the reasons of every row, the decisive first."""
    empty = np.diff(words.off) <= 1
    off, told = reasons.told(book, judged, seen, first, empty)
    more = np.zeros((words.count, MOST_NEAR + 2), np.int64)
    row = np.repeat(np.arange(words.count), np.diff(near.off))
    turn = np.arange(len(row)) - near.off[row]
    shown = turn < MOST_NEAR
    only = np.isnan(near.metres)
    metres = np.rint(np.nan_to_num(near.metres)).astype(np.int64)
    number = np.where(
        only,
        reasons.numbers(why.NAMED, near.place, 0),
        reasons.numbers(why.NEAR, near.place, metres),
    )
    more[row[shown], turn[shown]] = number[shown]
    more[empty, :MOST_NEAR] = 0
    for value, what in ((place.SWAPPED, why.SWAPPED), (place.OUTSIDE, why.OUTSIDE)):
        more[state == value, MOST_NEAR] = reasons.numbers(what, 0, 0)
    more[words.cut & ~empty, MOST_NEAR + 1] = reasons.numbers(why.LONG, 0, 0)
    return reasons.appended(off, told, more)


def _sets(judged: domain.Judgement) -> pa.Array:
    off = np.zeros(len(judged.best) + 1, np.int64)
    np.cumsum((judged.chosen >= 0).sum(1), out=off[1:])
    slugs = pa.array(judged.classes, pa.string())
    return _listed(off, slugs.take(pa.array(judged.chosen[judged.chosen >= 0])))


def _listed(off: NDArray[np.int64], values: pa.Array | NDArray[np.int64]) -> pa.Array:
    return pa.ListArray.from_arrays(pa.array(off, pa.int32()), pa.array(values))


def _known(values: NDArray[np.float64]) -> pa.Array:
    return pa.array(values, pa.float64(), from_pandas=True)  # NaN is null


def _address(words: texts.Texts, span: NDArray[np.int32]) -> pa.Array:
    low = words.off[:-1] + np.maximum(span[:, 0], 0)
    high = np.where(span[:, 0] < 0, low, words.off[:-1] + span[:, 1])
    return parties.strings(words.buf, low, high)


def _harm(book: Book, hits: lexicon.Hits) -> NDArray[np.float32]:
    """Return the gravest harm named in each row, 0 to 1."""
    out = np.zeros(len(hits.off) - 1, np.float32)
    grave = np.flatnonzero(book.harm[hits.word])
    rows = np.searchsorted(hits.off, grave, side="right") - 1
    np.maximum.at(out, rows, book.harm[hits.word[grave]])
    return out


def _array(values: pa.Array | NDArray[np.generic], kind: pa.DataType) -> pa.Array:
    return values if isinstance(values, pa.Array) else pa.array(values, kind)
