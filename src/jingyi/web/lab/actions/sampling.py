"""Taking a sample: two people, a seal, a place, what it was kept in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jingyi.core.custody import Kind
from jingyi.core.lab import book, people
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.evidence.custody.actions import Said, enter
from jingyi.web.evidence.models import Blob
from jingyi.web.lab import numbers
from jingyi.web.lab.actions.asking import still_open
from jingyi.web.lab.actions.record import record
from jingyi.web.lab.models import Photo, Point, Sample
from jingyi.web.registry.access import require


@dataclass(frozen=True, slots=True)
class Where:
    """Where a telephone says it is: WGS-84 degrees, and how sure it is, in metres."""

    lon: float
    lat: float
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """How a sample looked and was kept. `temperature` in °C."""

    container: str = ""
    preservative: str = ""
    temperature: float | None = None
    appearance: str = ""
    weather: str = ""


@transaction.atomic
def take(
    *,
    point: Point,
    kind: str = Sample.Kind.NORMAL,
    twin: Sample | None = None,
    seal: str,
    second: User,
    taken_at: datetime,
    where: Where | None = None,
    kept: Kept = Kept(),
    witness: str = "",
    witness_words: str = "",
    photos: Sequence[tuple[Blob, str]] = (),
    by: User,
    at: datetime,
) -> Sample:
    """Take and seal one sample at a point of the plan; its number is new and opaque.

    Args:
        twin: the sample that a duplicate or a back-up belongs to.
        second: the other person who took it.
        where: where the telephone was; the point's own place, if it cannot tell.

    Raises:
        Http404: `by` may not sample in that office.
        Refusal: one person alone, no seal, a time that lies ahead, a duplicate of nothing.
    """
    request = point.request
    require(by, "lab.sample", request.office)
    require(second, "lab.sample", request.office)
    still_open(request)
    people.samplers(by.pk, second.pk)
    if not seal.strip():
        raise Refusal("请填写封签号：没有封签的样品不能作为证据流转。")
    if taken_at > at:
        raise Refusal("采样时间 {time} 还没有到，请核对。", time=f"{timezone.localtime(taken_at):%m-%d %H:%M}")  # fmt: skip
    if kind in {Sample.Kind.DUPLICATE, Sample.Kind.BACKUP} and twin is None:
        raise Refusal("请写明这是哪一个样品的平行样或者备样。")
    if Sample.objects.filter(seal=seal.strip(), request__office=request.office).exists():
        raise Refusal("封签号 {seal} 已经用过，请核对。", seal=seal.strip())
    lon, lat = (where.lon, where.lat) if where else (point.lon, point.lat)
    found = Sample.objects.create(
        number=numbers.sample_number(), request=request, point=point, kind=kind, twin=twin,
        items=request.items, matrix=point.matrix, taken_at=taken_at, lon=lon, lat=lat,
        accuracy_m=where.accuracy_m if where else None, first=by, second=second,
        witness=witness.strip(), witness_words=witness_words.strip(), weather=kept.weather,
        appearance=kept.appearance, container=kept.container, preservative=kept.preservative,
        temperature=kept.temperature, seal=seal.strip(), by=by, at=at,
    )  # fmt: skip
    Photo.objects.bulk_create(Photo(sample=found, blob=blob, name=name[:200]) for blob, name in photos)  # fmt: skip
    facts = {
        "request": request.ref, "point": point.name, "kind": kind, "seal": found.seal,
        "taken_at": taken_at.isoformat(), "lon": lon, "lat": lat, "second": second.username,
        "witness": bool(found.witness), "photos": sorted(blob.sha256 for blob, _ in photos),
    }  # fmt: skip
    record("sample.taken", found.subject, facts, office=request.office, by=by, at=at)
    said = Said(
        seal=found.seal, lon=lon, lat=lat, accuracy_m=found.accuracy_m, condition=kept.appearance
    )  # fmt: skip
    enter(
        subject=found.subject, kind=Kind.COLLECTED, said=said, second=second,
        files=[blob for blob, _ in photos], happened_at=taken_at, office=request.office, by=by, at=at,
    )  # fmt: skip
    return found


def how_to_keep(point: Point, on: datetime) -> list[tuple[str, object]]:
    """Return how the items of a point's request are to be kept, the most urgent first."""
    day = timezone.localdate(on)
    return list(book.keeping().for_items(point.request.items, point.matrix, day))
