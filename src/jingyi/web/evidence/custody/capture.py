"""What sealed files say of themselves, read once and kept; compared with what people said."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils import timezone

from jingyi.core import capture, evidence_book, metadata
from jingyi.core.capture import Finding, Said
from jingyi.core.metadata import Found
from jingyi.core.metadata.source import Source
from jingyi.core.words import Sentence, say
from jingyi.web.evidence import vault
from jingyi.web.evidence.custody.models import Link, Metadata
from jingyi.web.evidence.custody.thumbnails import small_apart
from jingyi.web.evidence.models import Blob

MOST_CHECKED = 64 << 20  # bytes: a larger file is not hashed again before it is looked into
MOST_DECODED = 50 << 20  # bytes of a picture whose small copy is compared


@dataclass(frozen=True, slots=True)
class Check:
    """One file: what it says, what was said, and what of it does not fit."""

    blob: Blob
    found: Found
    rows: list[tuple[Sentence, str, str]]  # what, as the file has it, as it was said
    findings: list[Finding]

    @property
    def worst(self) -> str:
        """The weight of the weightiest finding, "" where there is none."""
        return self.findings[0].weight if self.findings else ""


def check(blob: Blob, said: Said, *, at: datetime, private: bool = False) -> Check:
    """Compare a sealed file with what was said of it.

    Args:
        private: a reporter's own file: what made it is not shown, and nothing of it is kept.

    Raises:
        Refusal: the file is missing, or no longer what was sealed.
    """
    found, small = _read(blob) if private else metadata_of(blob, at=at)
    findings = capture.check(found, said, evidence_book.capture(), small_apart=small)
    return Check(blob, found, list(_rows(found, said, device=not private)), findings)


def metadata_of(blob: Blob, *, at: datetime) -> tuple[Found, int | None]:
    """Return what a file says of itself, and how far its small copy is from it, in bits.

    Raises:
        Refusal: as `check`.
    """
    kept = Metadata.objects.filter(pk=blob.pk, version=metadata.VERSION).first()
    if kept is None:
        found, small = _read(blob)
        kept, _ = Metadata.objects.update_or_create(
            blob=blob,
            defaults={
                "version": metadata.VERSION,
                "found": {"file": found.to_json(), "small_apart": small},
                "read_at": at,
            },
        )
    return Found.from_json(kept.found["file"]), kept.found["small_apart"]


def _read(blob: Blob) -> tuple[Found, int | None]:
    folder = Path(settings.VAULT)
    if blob.failed_at:
        raise vault.changed(blob.sha256)
    if blob.size <= MOST_CHECKED:
        vault.check(blob.sha256, folder=folder)
    with vault.here_and_there(blob.sha256, folder=folder) as stream:
        found = metadata.read(Source(blob.size, lambda at, count: _piece(stream, at, count)))
        if found.thumbnail and blob.size <= MOST_DECODED:
            stream.seek(0)
            return found, small_apart(stream.read(), *found.thumbnail)
    return found, None


def _piece(stream: IO[bytes], at: int, count: int) -> bytes:
    stream.seek(at)
    return bytes(stream.read(count))


def said_of(link: Link | None, **more: Any) -> Said:
    """Return what was said when something was collected; `more` is said besides."""
    zone = timezone.localtime().utcoffset()
    values: dict[str, Any] = {"zone": int(zone.total_seconds()) // 60 if zone else 0}
    if link is not None:
        values |= {
            "at": link.happened_at, "clock_offset_s": link.clock_offset_s, "lon": link.lon,
            "lat": link.lat, "accuracy_m": link.accuracy_m, "device": link.device,
        }  # fmt: skip
    return Said(**values | more)


def _rows(found: Found, said: Said, *, device: bool) -> Iterable[tuple[Sentence, str, str]]:
    """Yield what a page shows side by side, both in the office's time and WGS-84."""
    mine = capture.moment_of(found, replace(said, clock_offset_s=None))
    right = capture.moment_of(found, said)
    here, there = capture.place_of(found), capture.said_place(said)
    yield say("时间"), _time(mine.at if mine else None), _time(said.at)
    if said.clock_offset_s and right:
        yield say("扣除时钟差以后"), _time(right.at), ""
    if found.gps_at:
        yield say("卫星定位的时间"), _time(found.gps_at), ""
    yield say("地点（WGS-84）"), _spot(here, found.accuracy_m), _spot(there, said.accuracy_m)
    if not device:
        return
    yield say("设备"), f"{found.make} {found.model}".strip(), said.device
    if found.programs:
        yield say("写过文件的程序"), "、".join(found.programs), ""
    if found.width and found.height:
        yield say("画面"), f"{found.width}×{found.height}", ""


def _time(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at else ""


def _spot(point: tuple[float, float] | None, accuracy_m: float | None) -> str:
    if point is None:
        return ""
    exact = f" ±{accuracy_m:g} m" if accuracy_m is not None else ""
    return f"{point[1]:.5f}, {point[0]:.5f}{exact}"
