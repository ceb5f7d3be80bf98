"""The verdicts of a run, gathered from its parts into one table, each row with its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jingyi.core.triage import divisions, domain, incidents, parties, reasons
from jingyi.core.triage.book import Book
from jingyi.core.triage.lexicon import Hits
from jingyi.core.triage.names import Spans
from jingyi.core.triage.place import Points
from jingyi.core.triage.protected import Near
from jingyi.core.triage.texts import Texts
from jingyi.core.words import Sentence, say

if TYPE_CHECKING:
    from jingyi.core.triage.pipeline import Reports
    from jingyi.core.triage.ranking import Ranks

SCHEMA = pa.schema(
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
        ("incident", pa.string()),
        ("protected", pa.list_(pa.string())),
        ("rank", pa.float32()),
        ("reasons", pa.list_(pa.string())),
        ("because", pa.list_(pa.string())),
        ("trace", pa.binary(incidents.TRACE.itemsize)),
    ]
)
MOST_SUFFIX = 6  # bytes: two characters
COLUMNS = tuple(name for name in SCHEMA.names if name not in {"because", "trace"})


@dataclass(frozen=True, slots=True, eq=False)
class Mentions:
    """Words of each row that name a division, a protected place, a spot of the gazetteer."""

    divisions: list[list[str]]
    places: list[list[int]]
    spots: list[list[int]]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What was found in one run of rows, before looking at other reports."""

    texts: Texts
    spans: Spans
    seen: NDArray[np.uint8]
    first: NDArray[np.int32]
    scores: NDArray[np.float32]
    address: NDArray[np.int32]
    points: Points
    mentions: Mentions
    near: list[list[Near]]
    harm: NDArray[np.float32]
    traces: NDArray[np.void]

    @property
    def count(self) -> int:
        return self.texts.count


def mentions(book: Book, hits: Hits, spans: Spans) -> Mentions:
    """Collect, row by row and in the order of the text, the words that name a known place."""
    wanted = np.zeros(len(book.words), bool)
    wanted[[*book.divisions, *book.places, *book.spots]] = True
    count = len(hits.off) - 1
    found = Mentions(
        [[] for _ in range(count)], [[] for _ in range(count)], [[] for _ in range(count)]
    )
    rows = np.repeat(np.arange(count), np.diff(hits.off))
    taken = np.flatnonzero(wanted[hits.word])
    ends = hits.end[taken].tolist()
    for row, word, end in zip(rows[taken].tolist(), hits.word[taken].tolist(), ends, strict=True):
        if word in book.divisions and not _names_a_road(book, spans, row, word, end):
            found.divisions[row].append(book.words[word])
        found.places[row].extend(k for k in book.places.get(word, ()) if k not in found.places[row])
        if word in book.spots:
            found.spots[row].append(book.spots[word])
    return found


def _names_a_road(book: Book, spans: Spans, row: int, word: int, end: int) -> bool:
    """Tell whether a division only lends its name to something small: 南京 in 南京路."""
    start = end - int(book.automaton.length[word])
    count = spans.count[row]
    covers = (spans.start[row, :count] == start) & (spans.end[row, :count] > end)
    covers &= spans.end[row, :count] - end <= MOST_SUFFIX
    return any(
        book.names.kinds[kind].id not in {"division", "organ"}
        for kind in spans.kind[row, :count][covers]
    )


def table(  # noqa: PLR0917
    reports: "Reports",
    parts: Sequence[Part],
    incident: Sequence[str],
    found: NDArray[np.void],
    ranks: "Ranks",
    book: Book,
) -> pa.Table:
    """Lay out the verdicts in input order."""
    out: dict[str, list[object]] = {name: [] for name in SCHEMA.names[:-1]}
    at = 0
    for part in parts:
        judged = domain.judge(book.model, book.domains, part.scores)
        for i in range(part.count):
            because = _because(part, i, judged, book, ranks, at + i)
            region = divisions.resolve(part.mentions.divisions[i], book.home)
            near = [book.protected[one.place].name for one in part.near[i]]
            row = (
                reports.ids[at + i],
                judged.domain[i],
                judged.sets[i],
                float(judged.lead[i]),
                bool(judged.is_lead[i]),
                region or _region_of_spot(part, i, book),
                _known(part.points.lon[i]),
                _known(part.points.lat[i]),
                _known(part.points.radius_m[i]),
                _place(part, i),
                parties.named(part.texts, part.spans, book.names.kinds, i),
                incident[at + i],
                near,
                float(ranks.rank[at + i]),
                [str(one) for one in because],
                reasons.coded(because),
            )
            for name, value in zip(out, row, strict=True):
                out[name].append(value)
        at += part.count
    arrays = [pa.array(out[field.name], field.type) for field in SCHEMA if field.name in out]
    return pa.Table.from_arrays([*arrays, incidents.pack(found)], schema=SCHEMA)


def _place(part: Part, i: int) -> str:
    start, end = part.address[i]
    return part.texts.part(i, start, end) if start >= 0 else ""


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _region_of_spot(part: Part, i: int, book: Book) -> str | None:
    found = part.mentions.spots[i]
    return book.gazetteer[found[0]].region or None if found else None


def _because(  # noqa: PLR0917
    part: Part, i: int, judged: domain.Judgement, book: Book, ranks: "Ranks", row: int
) -> list[Sentence]:
    """Return every reason for the verdict on row i, the decisive first."""
    if part.texts.off[i + 1] - part.texts.off[i] <= 1:
        return [say("没有正文，无法判断。"), *reasons.of_coordinates(int(part.points.state[i]))]
    told = reasons.of_domain(book, judged, part, i)
    told += reasons.of_lead(book, judged, part, i)
    told += [_near(book, one) for one in part.near[i]]
    told += ranks.reasons(row)
    told += reasons.of_coordinates(int(part.points.state[i]))
    if part.texts.cut[i]:
        told.append(say("正文过长，只读了前 20000 字。"))
    return told


def _near(book: Book, one: Near) -> Sentence:
    name = book.protected[one.place].name
    if one.metres is None:
        return say("提到受保护的{name}", name=name)
    return say("距受保护的{name} {metres} 米", name=name, metres=round(one.metres))
