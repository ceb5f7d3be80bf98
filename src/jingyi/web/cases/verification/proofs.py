"""Sealing what is shown, and reading what a photograph says of itself."""

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from PIL import Image

from jingyi.core.refusal import Refusal
from jingyi.engines import exif
from jingyi.web.cases.verification.models import Proof
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.models import Blob
from jingyi.web.intake import photos

Kind = Proof.Kind
MOST_BYTES = 50 * 2**20


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it was handed in; `kind` is one of `Proof.Kind`."""

    file: UploadedFile
    kind: str
    caption: str = ""


def keep(given: Given, *, at: datetime, **of: Any) -> Proof:
    """Seal a file as a proof of the answer, the finding or the visit in `of`."""
    file = given.file
    if file.size and file.size > MOST_BYTES:
        raise Refusal("文件“{name}”超过 50 MB。请压缩或者拆分后再上传。", name=file.name)
    data = file.read()
    blob = _sealed(data, file.content_type or "application/octet-stream", at)
    taken = exif.taken(data)
    return Proof.objects.create(
        blob=blob,
        name=(file.name or "")[:200],
        kind=given.kind,
        caption=given.caption,
        taken_at=timezone.make_aware(taken.at) if taken.at else None,
        lon=taken.lon,
        lat=taken.lat,
        fingerprint=blob.photo_hash,
        **of,
    )


def _sealed(data: bytes, media: str, at: datetime) -> Blob:
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
