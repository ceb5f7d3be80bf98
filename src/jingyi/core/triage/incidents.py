"""What is kept of a report to compare it with others, and how two of them compare."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jingyi.core.triage import incident_kernels as kernels
from jingyi.core.triage import sketch_kernels
from jingyi.core.triage.cues import Cue
from jingyi.core.triage.names import Kind, Spans
from jingyi.core.triage.texts import Texts
from jingyi.core.words import Sentence, say

TRACE = kernels.TRACE
FINDINGS = {
    "name_cosine": say("名称相同的部分"),
    "name_rarest": say("共有少见的名称"),
    "name_conflict": say("各有名称而没有相同的"),
    "title_cosine": say("标题相似"),
    "text_cosine": say("正文相似"),
    "cue_cosine": say("问题种类相同"),
    "division": say("区县相同或不同"),
    "log_days": say("时间相隔"),
    "far": say("相距较远"),
    "near": say("地点相近"),
    "code": say("统一社会信用代码相同或不同"),
    "photo": say("照片相同或近似"),
}

Traces = NDArray[np.void]


@dataclass(frozen=True, slots=True)
class IncidentRules:
    """`rulebook/triage/incidents.toml`."""

    rare: float
    threshold: float
    sure: float
    prior: float
    reach: int
    most: int
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


@dataclass(frozen=True, slots=True, eq=False)
class Circumstances:
    """What is known of reports besides their words: one value a report, NaN or 0 where unknown.

    `days` since 1970; `lon`, `lat` in degrees; `photos` (reports × PHOTOS)
    perceptual hashes; `code` the hash of a credit code.
    """

    days: NDArray[np.float64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    photos: NDArray[np.uint64]
    code: NDArray[np.uint32]


def traces(  # noqa: PLR0917
    texts: Texts,
    spans: Spans,
    kinds: Sequence[Kind],
    seen: NDArray[np.uint8],
    cues: Sequence[Cue],
    rarity: NDArray[np.float32],
    name_rarity: NDArray[np.float32],
    known: Circumstances,
    out: Traces,
) -> None:
    """Write into `out` what is kept of each report to compare it with others."""
    division = np.array([kind.id == "division" for kind in kinds], np.uint8)[spans.kind]
    name, title, text = (
        np.empty((texts.count, TRACE[field].shape[0]), np.int32)
        for field in ("name", "title", "text")
    )
    sketch_kernels.write_sketches(
        texts.buf, texts.off, texts.title_end, spans.off, spans.start, spans.end, division,
        rarity, name_rarity, name, title, text,
    )  # fmt: skip
    districts = np.zeros((texts.count, kernels.DIVISIONS), np.uint32)
    kernels.write_districts(
        texts.buf, texts.off, spans.off, spans.end, spans.start, division, districts
    )
    bands = np.empty((texts.count, kernels.BANDS), np.uint32)
    kernels.write_bands(texts.buf, texts.off, bands)
    topics = np.zeros((texts.count, kernels.CUES), np.uint64)
    kernels.write_topics(seen, _bits_of(cues), topics)
    out["name"], out["title"], out["text"] = name, title, text
    out["divisions"], out["bands"], out["cues"] = districts, bands, topics
    out["day"], out["lon"], out["lat"] = known.days, known.lon, known.lat
    out["photos"], out["code"] = known.photos, known.code


def _bits_of(cues: Sequence[Cue]) -> NDArray[np.int16]:
    """Return one bit a topic, chosen by its id, so that a later rulebook still reads older traces."""
    return np.array(
        [zlib.crc32(cue.id.encode()) % (64 * kernels.CUES) if cue.topic else -1 for cue in cues],
        np.int16,
    )


def pack(found: Traces) -> pa.Array:
    """Return the traces as fixed-size binary, to be stored and handed back as `known`."""
    data = pa.py_buffer(np.ascontiguousarray(found).view(np.uint8))
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(TRACE.itemsize), len(found), [None, data])


def unpack(stored: pa.Array | pa.ChunkedArray) -> Traces:
    """Return the traces that `pack` wrote."""
    parts = stored.chunks if isinstance(stored, pa.ChunkedArray) else [stored]
    return np.concatenate([np.zeros(0, TRACE), *(_view(part) for part in parts)])


def _view(part: pa.Array) -> Traces:
    data = part.buffers()[1]
    return np.frombuffer(data, TRACE)[part.offset : part.offset + len(part)]


def same(rules: IncidentRules, rarity: NDArray[np.float32], a: Traces, b: Traces) -> Same:
    """Compare two traces (arrays of length 1): score from 0 to 1, with every finding's part."""
    found = np.zeros(len(kernels.FEATURES), np.float32)
    mass = np.zeros((2, 2), np.float32)
    kernels.write_masses(np.concatenate([a, b]), rarity, mass)
    kernels.compare(a[0], b[0], mass[0], mass[1], rarity, rules.rare, found)
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
