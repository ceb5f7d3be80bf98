"""Why each report belongs to its incident: the parts of the evidence, and what people said."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jingyi.core import photo
from jingyi.core.triage import book, incidents
from jingyi.core.triage.incidents import TRACE, Same
from jingyi.core.words import Sentence, say
from jingyi.web.leads.models import Finding, Incident, Judgement

MOST = 30  # reports whose evidence is shown
LEAST = 0.05  # a smaller part is not shown


@dataclass(frozen=True, slots=True)
class Part:
    """One finding, and its part of the log-odds: above 0 it speaks for one incident."""

    title: Sentence
    part: float


@dataclass(frozen=True, slots=True)
class Belongs:
    """One report, the report it is compared with, and what speaks for both being one incident."""

    finding: Finding
    other: Finding | None
    same: Same | None
    parts: tuple[Part, ...]
    photos: tuple[Sentence, ...]
    judgement: Judgement | None


def evidence_of(incident: Incident) -> list[Belongs]:
    """Compare each report with the one among the earlier it is most like. The caller has checked who asks."""
    rows = (
        incident.findings.select_related("report")
        .prefetch_related("report__attachments__blob")
        .order_by("report__received_at", "pk")[:MOST]
    )
    found = list(rows)
    said = _said(found)
    out = []
    for n, finding in enumerate(found):
        pairs = [(other, compared(finding, other)) for other in found[:n]]
        told = [(other, same) for other, same in pairs if same is not None]
        other, same = max(told, key=lambda pair: pair[1].score, default=(None, None))
        out.append(
            Belongs(
                finding,
                other,
                same,
                parts_of(same) if same else (),
                tuple(
                    _photos(finding, earlier) for earlier in found[:n] if _alike(finding, earlier)
                ),
                said.get(finding.report_id),
            )
        )
    return out


def compared(one: Finding, other: Finding) -> Same | None:
    """Compare two reports' traces; None where an older version wrote one of them."""
    if len(one.trace) != TRACE.itemsize or len(other.trace) != TRACE.itemsize:
        return None
    shipped = book.load()
    a, b = (np.frombuffer(bytes(trace), TRACE) for trace in (one.trace, other.trace))
    return incidents.same(shipped.incidents, shipped.model.rarity, a, b)


def parts_of(same: Same) -> tuple[Part, ...]:
    """Return the parts that matter, the strongest first, and what is said before any is known."""
    base = Part(say("没有任何比较之前"), book.load().incidents.bias)
    parts = [
        Part(incidents.FINDINGS[name], part)
        for name, part in same.detail.items()
        if abs(part) >= LEAST
    ]
    return (*sorted(parts, key=lambda one: -abs(one.part)), base)


def _said(found: Sequence[Finding]) -> dict[int, Judgement]:
    """Return, by report, that a person said it belongs with another of these."""
    reports = [finding.report_id for finding in found]
    rows = Judgement.objects.filter(one__in=reports, other__in=reports, same=True)
    out: dict[int, Judgement] = {}
    for one in rows.select_related("by").order_by("pk"):
        out.setdefault(max(one.one_id, one.other_id), one)
    return out


def _hashes(finding: Finding) -> list[int]:
    kept = [attachment.blob.photo_hash for attachment in finding.report.attachments.all()]
    return [photo.unsigned(one) for one in kept if one is not None]


def _nearest(one: Finding, other: Finding) -> int:
    """Return in how many bits the most alike photos of two reports differ; 64 where there are none."""
    pairs = [photo.apart(a, b) for a in _hashes(one) for b in _hashes(other)]
    return min(pairs, default=64)


def _alike(one: Finding, other: Finding) -> bool:
    return _nearest(one, other) <= photo.ALIKE


def _photos(one: Finding, other: Finding) -> Sentence:
    bits = _nearest(one, other)
    if bits == 0:
        return say("与 {ref} 的照片相同", ref=other.report.ref)
    return say("与 {ref} 的照片近似（64 位中差 {bits} 位）", ref=other.report.ref, bits=bits)
