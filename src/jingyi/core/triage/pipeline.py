"""Triage as one pipeline: an Arrow table of reports in, an Arrow table of verdicts out.

The same code for one report from the web form and for a million from a file.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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


def triage(
    table: pa.Table,
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
    table: pa.Table, book: Book, progress: Callable[[int], None] | None = None, workers: int = 1
) -> tuple[pa.Table, Traces]:
    """Judge the reports chunk by chunk, side by side, each without the others.

    Returns a table of `judging.JUDGED`, and its traces in one piece.
    """
    traces = np.empty(table.num_rows, TRACE)
    starts = range(0, max(table.num_rows, 1), CHUNK)

    def run(at: int) -> pa.Table:
        return judge(table.slice(at, CHUNK), book, at, traces[at : at + CHUNK])

    with ThreadPoolExecutor(workers) as pool:
        parts = []
        for part in pool.map(run, starts):
            parts.append(part)
            if progress:
                progress(min(len(parts) * CHUNK, table.num_rows))
    return pa.concat_tables(parts), traces


def today(judged: pa.Table, on: date | None) -> float:
    """Return the day, since 1970, on which freshness is counted; NaN where no report has a time."""
    days = judged["days"].to_numpy()
    if on:
        return float((on - EPOCH).days)
    return float(np.nanmax(days)) if np.isfinite(days).any() else np.nan


__all__ = ["COLUMNS", "SCHEMA", "Judged", "judge_all", "today", "triage"]
