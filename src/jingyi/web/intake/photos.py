"""Photos: the original's bytes are sealed; what others see is drawn anew, without metadata."""

import io
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

import numpy as np
from django.conf import settings
from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from jingyi.core import photo
from jingyi.core.refusal import Refusal
from jingyi.web.evidence import vault
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.models import Blob, Derivative

MOST = 10
MOST_BYTES = 20 * 2**20
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
SIDES = {"clean": 1600, "thumb": 320}  # pixels


@transaction.atomic
def accept(stream: IO[bytes], *, size: int, at: datetime) -> Blob:
    """Seal one photo and draw the copies that may be shown.

    Raises:
        Refusal: too large, or not a picture that can be read.
    """
    if size > MOST_BYTES:
        raise Refusal(
            "照片超过 {most} MB；请选小一些的，或用手机重新拍一张。", most=MOST_BYTES >> 20
        )
    kind = _kind(stream)
    stream.seek(0)
    original = seal(chunks=_chunks(stream), media_type=kind, at=at)
    if not original.derivatives.exists():
        upright = _upright(b"".join(vault.read(original.sha256, folder=Path(settings.VAULT))))
        original.photo_hash = photo.signed(fingerprint(upright))
        original.save(update_fields=["photo_hash"])
        for name, data in _copies(upright).items():
            copy = seal(chunks=[data], media_type="image/jpeg", at=at)
            Derivative.objects.create(parent=original, kind=name, blob=copy)
    return original


def _kind(stream: IO[bytes]) -> str:
    """Return the media type by content, whatever the name says."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        if stream.read(12)[4:8] == b"ftyp":  # HEIC, AVIF, and short films
            raise Refusal(
                "这里还不能打开 HEIC 照片或录像。请在手机相机设置里改用“兼容性最佳”的格式，"
                "或发送这张照片的截图。"
            )
        stream.seek(0)
        try:
            with Image.open(stream, formats=list(TYPES)) as picture:
                picture.verify()
                return TYPES[str(picture.format)]
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
            raise Refusal("只能收 JPEG、PNG 或 WebP 照片，这个文件不是；请另选照片。") from None
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Refusal("这张图片的像素太多，无法安全打开；请另选照片。") from None


def fingerprint(upright: Image.Image) -> int | None:
    """Return the perceptual hash of a picture; None for a blank one."""
    small = upright.convert("L").resize((photo.SIDE, photo.SIDE), Image.Resampling.LANCZOS)
    return photo.fingerprint(np.asarray(small, np.uint8))


def _upright(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        return ImageOps.exif_transpose(picture).convert("RGB")


def _copies(upright: Image.Image) -> dict[str, bytes]:
    """Return JPEG copies by kind, without EXIF, XMP or any other metadata."""
    copies = {}
    for name, side in SIDES.items():
        small = upright.copy()
        small.thumbnail((side, side))
        bare = Image.new("RGB", small.size)
        bare.paste(small)
        out = io.BytesIO()
        bare.save(out, "JPEG", quality=85)
        copies[name] = out.getvalue()
    return copies


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(1 << 20):
        yield chunk
