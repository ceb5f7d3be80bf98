"""Which reports are of one incident: compared by names, kinds of problem, time and place.

A report joins the incident it fits best, or founds one named after itself; it
never moves another. So ids are stable as data grow, and a report that shares
no key with others changes nothing.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jingyi.core.triage import incident_kernels as kernels
from jingyi.core.triage.cues import Cue
from jingyi.core.triage.name_kernels import MOST_SPANS, sketch
from jingyi.core.triage.names import Kind, Spans
from jingyi.core.triage.texts import Texts
from jingyi.core.words import Sentence, say

TRACE = kernels.TRACE
KEYS = 8 + 4 + kernels.BANDS
WHOLE = -1
FINDINGS = {
    "name_cosine": say("名称相同的部分"),
    "name_rarest": say("共有少见的名称"),
    "name_conflict": say("各有名称而没有相同的"),
    "title_cosine": say("标题相似"),
    "text_cosine": say("正文相似"),
    "cue_cosine": say("问题种类相同"),
    "division": say("区县相同或不同"),
    "log_days": say("时间相隔"),
    "far": say("距离"),
}

Traces = NDArray[np.void]


@dataclass(frozen=True, slots=True)
class IncidentRules:
    """`rulebook/triage/incidents.toml`."""

    rare: float
    threshold: float
    reach: int
    members: int
    bias: float
    weights: Mapping[str, float]

    @property
    def vector(self) -> NDArray[np.float32]:
        return np.array([self.weights[name] for name in kernels.FEATURES], np.float32)


@dataclass(frozen=True, slots=True)
class Same:
    """How much speaks for one incident: probability, and each finding's part in the log-odds."""

    score: float
    detail: Mapping[str, float]
    because: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What people have said of pairs of reports: the same incident, or not."""

    same: Sequence[tuple[str, str]] = ()
    apart: Sequence[tuple[str, str]] = ()


def traces(  # noqa: PLR0917
    texts: Texts,
    spans: Spans,
    kinds: Sequence[Kind],
    seen: NDArray[np.uint8],
    cues: Sequence[Cue],
    rarity: NDArray[np.float32],
    name_rarity: NDArray[np.float32],
    *,
    days: NDArray[np.float64],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
) -> Traces:
    """Return what is kept of each report to compare it with others."""
    out = np.zeros(texts.count, TRACE)
    division = np.array([kind.id == "division" for kind in kinds], np.uint8)
    named, counts = _without(spans, division)
    title = np.zeros((texts.count, 1, 2), np.int32)
    title[:, 0, 1] = texts.title_end
    whole = np.zeros((texts.count, 1, 2), np.int32)
    for field, ranges, count, weighed in (
        ("name", named, counts, name_rarity),
        ("title", title, np.ones(texts.count, np.int32), rarity),
        ("text", whole, np.full(texts.count, WHOLE, np.int32), rarity),
    ):
        out[field] = _sketch(texts, ranges, count, weighed, TRACE[field].shape[0])
    _set_cues(out["cues"], seen, cues)
    districts = np.zeros((texts.count, kernels.DIVISIONS), np.uint32)
    kernels.write_districts(
        texts.buf, texts.off, spans.count, spans.start, spans.end, division, spans.kind, districts
    )
    out["divisions"] = districts
    bands = np.zeros((texts.count, kernels.BANDS), np.uint32)
    kernels.write_bands(texts.buf, texts.off, bands)
    out["bands"] = bands
    out["day"], out["lon"], out["lat"] = days, lon, lat
    return out


def _without(
    spans: Spans, left_out: NDArray[np.uint8]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return (ranges, counts) of the spans whose kind is not left out, packed to the left."""
    here = np.arange(MOST_SPANS)[None, :] < spans.count[:, None]
    kept = here & ~left_out.astype(bool)[spans.kind]
    order = np.argsort(~kept, axis=1, kind="stable")
    ranges = np.stack([spans.start, spans.end], axis=2)
    return np.take_along_axis(ranges, order[:, :, None], axis=1), kept.sum(1).astype(np.int32)


def _sketch(
    texts: Texts,
    ranges: NDArray[np.int32],
    count: NDArray[np.int32],
    rarity: NDArray[np.float32],
    size: int,
) -> NDArray[np.int32]:
    term = np.full((texts.count, size), -1, np.int32)
    weight = np.zeros((texts.count, size), np.float32)
    filled = np.zeros(texts.count, np.int32)
    sketch(texts.buf, texts.off, rarity, ranges, count, size, term, weight, filled)
    return term


def _set_cues(out: NDArray[np.uint64], seen: NDArray[np.uint8], cues: Sequence[Cue]) -> None:
    """Set one bit a topic, chosen by its id, so that a later rulebook still reads older traces."""
    for index, cue in enumerate(cues):
        if not cue.topic:
            continue
        bit = zlib.crc32(cue.id.encode()) % (64 * kernels.CUES)
        out[:, bit // 64] |= (seen[:, index] > 0).astype(np.uint64) << np.uint64(bit % 64)


def pack(found: Traces) -> pa.Array:
    """Return the traces as fixed-size binary, to be stored and handed back as `known`."""
    data = pa.py_buffer(np.ascontiguousarray(found).tobytes())
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(TRACE.itemsize), len(found), [None, data])


def unpack(stored: pa.Array | pa.ChunkedArray) -> Traces:
    """Return the traces that `pack` wrote."""
    return np.frombuffer(b"".join(stored.to_pylist()), TRACE).copy()


def same(rules: IncidentRules, rarity: NDArray[np.float32], a: Traces, b: Traces) -> Same:
    """Compare two traces (arrays of length 1): score from 0 to 1, with every finding's part."""
    found = np.zeros(len(kernels.FEATURES), np.float32)
    kernels.compare(a[0], b[0], rarity, rules.rare, found)
    parts = found * rules.vector
    logit = float(rules.bias + parts.sum())
    detail = dict(zip(kernels.FEATURES, parts.tolist(), strict=True))
    strongest = sorted(detail, key=lambda name: -abs(detail[name]))
    because = tuple(
        say("{finding}：{part:+.1f}", finding=FINDINGS[name], part=detail[name])
        for name in strongest
        if abs(detail[name]) >= 0.05
    )
    return Same(float(1 / (1 + np.exp(-logit))), detail, because)


def gather(  # noqa: PLR0917
    rules: IncidentRules,
    rarity: NDArray[np.float32],
    found: Traces,
    ids: Sequence[str],
    known: pa.Table | None = None,
    judged: Judged | None = None,
) -> list[str]:
    """Return the incident of each report: one of `known`, or "inc-" and its founder's id.

    Args:
        found, ids: the new reports.
        known: earlier reports: id, incident, trace. Their incidents are never changed.
        judged: what people said; "apart" keeps a report out of the other's
            incident, "same" puts it there.
    """
    old_ids: list[str] = [] if known is None else known["id"].to_pylist()
    old = np.zeros(0, TRACE) if known is None or not old_ids else unpack(known["trace"])
    everything = np.concatenate([old, found])
    names = [*old_ids, *ids]
    labels: dict[int, str] = {}
    founder = np.full(len(everything), -1, np.int64)
    first: dict[str, int] = {}
    for row, incident in enumerate([] if known is None else known["incident"].to_pylist()):
        founder[row] = first.setdefault(incident, row)
        labels[int(founder[row])] = incident
    order = np.concatenate([_in_order(old, old_ids, 0), _in_order(found, ids, len(old))])
    leader, apart_off, apart = _judgements(names, order, founder, judged or Judged())
    keys = np.zeros((len(everything), KEYS), np.uint64)
    kernels.write_keys(everything, rarity, rules.rare, keys)
    kernels.gather(
        everything, keys, order, founder, leader, apart_off, apart, rarity, rules.rare,
        rules.vector, rules.bias, rules.threshold, rules.reach, rules.members,
    )  # fmt: skip
    return [labels.get(int(f)) or f"inc-{names[int(f)]}" for f in founder[len(old) :]]


def _in_order(part: Traces, ids: Sequence[str], shift: int) -> NDArray[np.int64]:
    """Return row numbers by (time, id); reports without a time come last."""
    if not len(part):
        return np.zeros(0, np.int64)
    day = np.where(np.isnan(part["day"]), np.inf, part["day"])
    return np.lexsort((np.array(ids, dtype=str), day)).astype(np.int64) + shift


def _judgements(
    names: Sequence[str], order: NDArray[np.int64], founder: NDArray[np.int64], judged: Judged
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return leaders (an earlier report said to be the same) and, as a sparse table, who is apart."""
    row = {name: index for index, name in enumerate(names)}
    turn = np.empty(len(names), np.int64)
    turn[order] = np.arange(len(names))
    leader = np.full(len(names), -1, np.int64)
    for group in _groups([(row[a], row[b]) for a, b in judged.same if a in row and b in row]):
        lead = min(group, key=lambda r: (founder[r] < 0, turn[r]))
        for member in group - {lead}:
            leader[member] = lead
    pairs = [(row[a], row[b]) for a, b in judged.apart if a in row and b in row]
    both = sorted({*pairs, *((b, a) for a, b in pairs)})
    off = np.zeros(len(names) + 1, np.int64)
    np.add.at(off, [a + 1 for a, _ in both], 1)
    return leader, np.cumsum(off), np.array([b for _, b in both], np.int64)


def _groups(pairs: Sequence[tuple[int, int]]) -> list[set[int]]:
    groups: dict[int, set[int]] = {}
    for a, b in pairs:
        joined = groups.get(a, {a}) | groups.get(b, {b})
        for member in joined:
            groups[member] = joined
    return [group for member, group in groups.items() if member == min(group)]
