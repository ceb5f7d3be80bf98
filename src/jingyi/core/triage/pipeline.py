"""Triage as one pipeline: an Arrow table of reports in, an Arrow table of verdicts out.

The same code for one report from the web form and for a million from a file.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from jingyi.core.triage import gathering, ranking, verdicts
from jingyi.core.triage.book import Book
from jingyi.core.triage.gathering import Judged
from jingyi.core.triage.incidents import TRACE, Traces
from jingyi.core.triage.judging import judge

CHUNK = 32_768
COLUMNS = verdicts.COLUMNS
SCHEMA = verdicts.SCHEMA
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Pieces:
    """Reports that come table by table: `count` rows in all."""

    count: int
    tables: Iterable[pa.Table]


def triage(
    table: pa.Table | Pieces,
    book: Book,
    known: pa.Table | None = None,
    *,
    judged: Judged | None = None,
    on: date | None = None,
    progress: Callable[[int], None] | None = None,
    workers: int = 1,
) -> pa.Table:
    """Judge every report: domain, lead or not, place, parties, incident, protected place, rank.

    Args:
        table: `id` and `text`; where there are, `title`, `time` (timestamp),
            `lon`, `lat` (WGS-84), `likes`, `photos`, `photo_hashes`, `reporter`.
            Or the same in pieces, each let go once it has been judged.
        book: the rulebook, with the office's protected places (`book.for_office`).
        known: earlier reports, so that new ones join their incidents: `id`,
            `incident`, `trace`, as this function returned them.
        judged: pairs of reports that people called the same, or apart.
        on: the day on which freshness is counted; default the newest report's.
        progress: called with the number of rows done, chunk by chunk.
        workers: threads to use; the verdicts do not depend on it.

    Returns:
        One row per input row, in input order, of `SCHEMA`: the columns of the
        command line, then `because` (the reasons as JSON sentences, for either
        language) and `trace` (to be stored, and handed back as `known`).
        Every row gets a verdict; what could not be judged says so in its reasons.
    """
    alone, traces = judge_all(table, book, progress, workers)
    incident = gathering.gather(
        book.incidents, book.model.rarity, traces, alone["id"].combine_chunks(),
        known, judged, workers,
    )  # fmt: skip
    behind = ranking.crowd(alone, incident, known)
    ranks = ranking.of(alone, incident, behind, book, today(alone, on))
    return verdicts.table(alone, incident, ranks, book)


def judge_all(
    table: pa.Table | Pieces,
    book: Book,
    progress: Callable[[int], None] | None = None,
    workers: int = 1,
) -> tuple[pa.Table, Traces]:
    """Judge the reports chunk by chunk, side by side, each without the others.

    No more chunks are read than are being judged and one beyond. Returns a
    table of `judging.JUDGED`, and its traces in one piece.
    """
    pieces = Pieces(table.num_rows, [table]) if isinstance(table, pa.Table) else table
    traces = np.empty(pieces.count, TRACE)
    waiting: deque[Future[pa.Table]] = deque()
    parts: list[pa.Table] = []

    def take() -> None:
        parts.append(waiting.popleft().result())
        if progress:
            progress(sum(part.num_rows for part in parts))

    with ThreadPoolExecutor(workers) as pool:
        for at, chunk in _chunks(pieces.tables):
            room = traces[at : at + chunk.num_rows]
            waiting.append(pool.submit(judge, chunk, book, at, room))
            if len(waiting) > workers + 1:
                take()
        while waiting:
            take()
    return pa.concat_tables(parts), traces


def _chunks(tables: Iterable[pa.Table]) -> Iterator[tuple[int, pa.Table]]:
    """Yield (number of the first row, at most CHUNK rows); a table without rows is one chunk."""
    start = 0
    for table in tables:
        for at in range(0, max(table.num_rows, 1), CHUNK):
            yield start + at, table.slice(at, CHUNK)
        start += table.num_rows


def today(judged: pa.Table, on: date | None) -> float:
    """Return the day, since 1970, on which freshness is counted; NaN where no report has a time."""
    days = judged["days"].to_numpy()
    if on:
        return float((on - EPOCH).days)
    return float(np.nanmax(days)) if np.isfinite(days).any() else np.nan


__all__ = ["COLUMNS", "SCHEMA", "Judged", "Pieces", "judge_all", "today", "triage"]
