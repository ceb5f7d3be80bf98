"""Sealing what is shown, and reading what a photograph says of itself."""

import io
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from PIL import Image

from jingyi.core.refusal import Refusal
from jingyi.engines import exif
from jingyi.web.cases.verification.models import Proof
from jingyi.web.evidence import vault
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.models import Blob
from jingyi.web.intake import photos

Kind = Proof.Kind
MOST_BYTES = 50 * 2**20


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it was handed in, or by its name where it is sealed; `kind` is a `Proof.Kind`."""

    file: UploadedFile | str
    kind: str
    caption: str = ""
    blob: Blob | None = None
    dated_on: date | None = None


def keep(given: Given, *, at: datetime, **of: Any) -> Proof:
    """Seal a file as a proof of the answer, the finding or the visit in `of`."""
    blob, name, data = given.blob, str(given.file), b""
    if blob is None:
        blob, name, data = _handed_in(given.file, at)
    elif blob.size <= MOST_BYTES:
        data = b"".join(vault.read(blob.sha256, folder=Path(settings.VAULT)))
    taken = exif.taken(data)
    return Proof.objects.create(
        blob=blob,
        name=name[:200],
        kind=given.kind,
        caption=given.caption,
        dated_on=given.dated_on,
        taken_at=timezone.make_aware(taken.at) if taken.at else None,
        lon=taken.lon,
        lat=taken.lat,
        fingerprint=blob.photo_hash,
        **of,
    )


def _handed_in(file: UploadedFile, at: datetime) -> tuple[Blob, str, bytes]:
    if file.size and file.size > MOST_BYTES:
        raise Refusal("文件“{name}”超过 50 MB。请压缩或者拆分后再上传。", name=file.name)
    data = file.read()
    return sealed(data, file.content_type or "application/octet-stream", at), file.name or "", data


def sealed(data: bytes, media: str, at: datetime) -> Blob:
    """Seal a file; of a picture also draw the copies that pages show."""
    if len(data) <= photos.MOST_BYTES and _is_picture(data):
        return photos.accept(io.BytesIO(data), size=len(data), at=at)
    return seal(chunks=[data], media_type=media, at=at)


def _is_picture(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data), formats=list(photos.TYPES)):
            return True
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
