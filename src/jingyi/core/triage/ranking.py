"""The shares behind each report's rank, gathered from its verdict and from its incident."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jingyi.core.triage import rank, reasons
from jingyi.core.triage import reason_kernels as why
from jingyi.core.triage.book import Book
from jingyi.core.triage.incidents import unpack
from jingyi.core.triage.rank import Column, Shares

I64 = NDArray[np.int64]
CELLS = 10  # to a degree, where no division is known
FIRST_CELL = 10_000_000  # beyond every division's number


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """What stands behind each report's incident: one value a report.

    `people` are distinct reporters, a report without one counting as a person
    of its own; `reports` their number; `spread` the days from first to last.
    """

    people: Column
    reports: Column
    spread: Column


@dataclass(frozen=True, slots=True, eq=False)
class Ranks:
    """The rank of every report, and further reasons as numbers (rows × 3, 0 for none)."""

    rank: Column
    more: I64


def crowd(judged: pa.Table, incident: pa.Array, known: pa.Table | None = None) -> Crowd:
    """Count who stands behind each report's incident, earlier reports included."""
    names, people, days = _strings(incident), judged["reporter"], judged["days"].to_numpy()
    earlier = 0 if known is None else known.num_rows
    if known is not None and earlier:
        told = "reporter" in known.column_names
        old = known["reporter"] if told else pa.nulls(earlier, pa.string())
        names = pa.chunked_array([*known["incident"].chunks, *names.chunks], pa.string())
        people = pa.chunked_array([*_strings(old).chunks, *people.chunks], pa.string())
        days = np.concatenate([unpack(known["trace"])["day"].astype(np.float64), days])
    with ThreadPoolExecutor(2) as pool:
        group, who = pool.map(_codes, (names, people))
    who = np.where(who < 0, len(who) + np.arange(len(who)), who)
    people_of = np.sort(group * (2 * len(who) + 1) + who)
    distinct = people_of[np.diff(people_of, prepend=-1) > 0] // (2 * len(who) + 1)
    many = int(group.max(initial=-1)) + 1
    first, last = np.full(many, np.inf), np.full(many, -np.inf)
    np.fmin.at(first, group, days)
    np.fmax.at(last, group, days)
    with np.errstate(invalid="ignore"):
        spread = np.nan_to_num(last - first, nan=0.0, neginf=0.0)
    own = group[earlier:]
    return Crowd(
        np.bincount(distinct, minlength=many)[own].astype(np.float32),
        np.bincount(group, minlength=many)[own].astype(np.float32),
        spread[own].astype(np.float32),
    )


def of(  # noqa: PLR0917
    judged: pa.Table, incident: pa.Array, behind: Crowd, book: Book, today: float,
    lift: Column | None = None,
) -> Ranks:  # fmt: skip
    """Rank every report; those of one incident share the best that any of them has shown.

    Args:
        today: the day, since 1970, on which freshness is counted.
        lift: of each report's area, where these reports are only a part of
            the run (whole incidents of it); else it is counted here.
    """
    rules = book.rank
    area, group = areas(judged, incident)
    days = judged["days"].to_numpy()
    duty = judged["duty"].to_numpy().astype(np.float32)
    evidence = rank.evidence(
        rules,
        pinned=_known(judged["lon"]),
        named=_filled(pc.binary_length(judged["place"])),
        dated=(~np.isnan(days)).astype(np.float32),
        photos=judged["photos"].to_numpy(),
        party=duty,
    )
    best = partial(rank.best, group)
    if lift is None:
        lift = rank.lifted(rules, area)[group]
    shares = Shares(
        harm=best(judged["harm"].to_numpy()),
        reach=rank.reach(rules, behind.people, best(judged["likes"].to_numpy()), lift),
        protected=best(_filled(pc.list_value_length(judged["protected"]))),
        duty=best(duty),
        evidence=best(evidence),
        freshness=best(rank.freshness(rules, np.asarray(today - days, np.float32))),
        recurrence=(behind.spread >= rules.again_days).astype(np.float32),
    )
    lead = best(judged["lead"].to_numpy())
    return Ranks(rank.rank(rules, lead, shares), _more(behind, shares))


def areas(judged: pa.Table, incident: pa.Array) -> tuple[I64, I64]:
    """Return each incident's area, -1 if unknown, and the number of each report's incident.

    An area is the division of the incident's first report that has one, by
    its code, or the cell of the map that it lies in.
    """
    group = _codes(_strings(incident))
    region = np.asarray(pc.fill_null(judged["region"].cast(pa.int64()), -1))
    x = np.floor(judged["lon"].to_numpy() * CELLS)
    y = np.floor(judged["lat"].to_numpy() * CELLS)
    cell = np.where(np.isnan(x + y), -1, FIRST_CELL + 3600 * np.nan_to_num(y) + np.nan_to_num(x))
    area = np.where(region >= 0, region, cell.astype(np.int64))
    order = np.argsort(judged["days"].to_numpy(), kind="stable")
    return rank.first_known(group[order], area[order]), group


def _more(behind: Crowd, shares: Shares) -> I64:
    """Return what raised the rank beyond the domain, as numbers of reasons."""
    many = behind.reports.astype(np.int64)
    told = reasons.numbers(why.REPORTS, many, behind.people.astype(np.int64))
    return np.stack(
        [
            np.where(many > 1, told, 0),
            np.where(shares.recurrence > 0, reasons.numbers(why.AGAIN, 0, 0), 0),
            np.where(shares.harm >= 1, reasons.numbers(why.LIFE, 0, 0), 0),
        ],
        axis=1,
    )


def _codes(column: pa.ChunkedArray) -> I64:
    """Number the distinct values; -1 for null."""
    coded = column.combine_chunks().dictionary_encode()
    return np.asarray(coded.indices.fill_null(-1), np.int64)


def _known(column: pa.ChunkedArray) -> Column:
    return np.asarray(column.is_valid(), np.float32)


def _filled(sizes: pa.ChunkedArray) -> Column:
    return (np.asarray(sizes, np.int64) > 0).astype(np.float32)


def _strings(column: pa.Array | pa.ChunkedArray | Sequence[str]) -> pa.ChunkedArray:
    if isinstance(column, pa.ChunkedArray):
        return column.cast(pa.string())
    return pa.chunked_array([column], pa.string())
