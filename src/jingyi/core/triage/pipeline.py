"""Triage as one pipeline: an Arrow table of reports in, an Arrow table of verdicts out.

The same code for one report from the web form and for a million from a file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jingyi.core.triage import (
    cues,
    incidents,
    lexicon,
    names,
    place,
    protected,
    ranking,
    texts,
    verdicts,
)
from jingyi.core.triage.book import Book
from jingyi.core.triage.incidents import Judged

CHUNK = 32_768
COLUMNS = verdicts.COLUMNS
SCHEMA = verdicts.SCHEMA


@dataclass(frozen=True, slots=True, eq=False)
class Reports:
    """The columns of the input, cleaned of what cannot be read, one value a row."""

    ids: list[str]
    title: pa.Array | None
    text: pa.Array | None
    days: NDArray[np.float64]
    points: place.Points
    likes: NDArray[np.float32]
    photos: NDArray[np.float32]
    reporter: list[str | None]

    @property
    def count(self) -> int:
        return len(self.ids)


def triage(
    table: pa.Table,
    book: Book,
    known: pa.Table | None = None,
    *,
    judged: Judged | None = None,
    on: date | None = None,
    progress: Callable[[int], None] | None = None,
) -> pa.Table:
    """Judge every report: domain, lead or not, place, parties, incident, protected place, rank.

    Args:
        table: `id` and `text`; where there are, `title`, `time` (timestamp),
            `lon`, `lat` (WGS-84), `likes`, `photos`, `reporter`.
        book: the rulebook, with the office's protected places (`book.for_office`).
        known: earlier reports, so that new ones join their incidents: `id`,
            `incident`, `trace`, as this function returned them.
        judged: pairs of reports that people called the same, or apart.
        on: the day on which freshness is counted; default the newest report's.
        progress: called with the number of rows done, chunk by chunk.

    Returns:
        One row per input row, in input order, of `SCHEMA`: the columns of the
        command line, then `because` (the reasons as JSON sentences, for either
        language) and `trace` (to be stored, and handed back as `known`).
        Every row gets a verdict; what could not be judged says so in its reasons.
    """
    reports = read(table)
    parts = []
    for start in range(0, max(reports.count, 1), CHUNK):
        parts.append(_judge(reports, slice(start, min(start + CHUNK, reports.count)), book))
        if progress:
            progress(min(start + CHUNK, reports.count))
    found = np.concatenate([part.traces for part in parts])
    incident = incidents.gather(
        book.incidents, book.model.rarity, found, reports.ids, known, judged
    )
    ranks = ranking.of(reports, parts, incident, known, found, book, on)
    return verdicts.table(reports, parts, incident, found, ranks, book)


def read(table: pa.Table) -> Reports:
    """Take the columns triage knows, whatever their exact types; a missing one is empty."""
    count = table.num_rows
    ids = _column(table, "id", pa.string())
    plain = ids.to_pylist() if ids is not None else [None] * count
    return Reports(
        ids=[str(n) if value is None else value for n, value in enumerate(plain)],
        title=_column(table, "title", pa.string()),
        text=_column(table, "text", pa.string()),
        days=_days(_column(table, "time", pa.timestamp("s")), count),
        points=place.points(_floats(table, "lon", count), _floats(table, "lat", count)),
        likes=np.nan_to_num(_floats(table, "likes", count)).astype(np.float32),
        photos=np.nan_to_num(_floats(table, "photos", count)).astype(np.float32),
        reporter=_list(_column(table, "reporter", pa.string()), count),
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


def _list(column: pa.Array | None, count: int) -> list[str | None]:
    return [None] * count if column is None else column.to_pylist()


def _judge(reports: Reports, rows: slice, book: Book) -> verdicts.Part:
    """Judge a run of rows, all but what depends on other reports."""
    count = rows.stop - rows.start
    words = texts.read(
        None if reports.title is None else reports.title[rows],
        None if reports.text is None else reports.text[rows],
        count,
    )
    hits = lexicon.find(book.automaton, words)
    seen, first = cues.find(book.cue_table, hits, words)
    spans = names.find(book.name_table, book.automaton, hits, words)
    where = place.Points(
        reports.points.lon[rows],
        reports.points.lat[rows],
        reports.points.radius_m[rows],
        reports.points.state[rows],
    )
    mentions = verdicts.mentions(book, hits, spans)
    where = place.locate(where, mentions.spots, book.gazetteer)
    sharp = np.where(where.radius_m <= place.WIDE, 0.0, np.nan)
    return verdicts.Part(
        texts=words,
        spans=spans,
        seen=seen,
        first=first,
        scores=book.model.scores(words, seen),
        address=place.addresses(spans, book.names.kinds),
        points=where,
        mentions=mentions,
        near=protected.near(book.protected, where.lon, where.lat, mentions.places),
        harm=_harm(book, hits),
        traces=incidents.traces(
            words, spans, book.names.kinds, seen, book.cues,
            book.model.rarity, book.name_rarity, days=reports.days[rows], lon=where.lon + sharp, lat=where.lat + sharp,
        ),
    )  # fmt: skip


def _harm(book: Book, hits: lexicon.Hits) -> NDArray[np.float32]:
    """Return the gravest harm named in each row, 0 to 1."""
    out = np.zeros(len(hits.off) - 1, np.float32)
    rows = np.repeat(np.arange(len(out)), np.diff(hits.off))
    np.maximum.at(out, rows, book.harm[hits.word])
    return out


__all__ = ["COLUMNS", "SCHEMA", "Judged", "Reports", "read", "triage"]
