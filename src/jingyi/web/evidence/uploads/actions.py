"""Taking a file in piece by piece. Nothing is half-stored: the vault gets it whole or not at all."""

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError

from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.models import Blob
from jingyi.web.evidence.naming import plain
from jingyi.web.evidence.uploads.models import Upload
from jingyi.web.evidence.vault import FULL

MOST_BYTES = 20 * 2**30
SPARE = 2**30  # bytes of the disk that stay free
MOST_AT_ONCE = 20  # of one person
LASTS = timedelta(days=7)
CHUNK = 1 << 20


class WrongPlace(Refusal):
    """The piece does not begin where the file ends; the sender asks again how much has come."""


class Busy(Refusal):
    """Another piece of the same file is being written."""


class WrongBytes(Refusal):
    """What came is not what was said to be sent."""


class Full(Refusal):
    """The disk is full. What came before stays; the sender goes on once there is room."""


def begin(
    *, size: int, name: str, media_type: str = "", digest: str = "", by: User, at: datetime
) -> Upload:
    """Make room for a file of `size` bytes; `digest` is its SHA-256 in hex, where the sender knows it.

    Raises:
        Refusal: too large for the disk or the limit, or too many on their way.
    """
    if not 0 < size <= MOST_BYTES:
        raise Refusal("文件要在 1 字节到 {most} GB 之间。", most=MOST_BYTES >> 30)
    if Upload.objects.filter(user=by, blob=None).count() >= MOST_AT_ONCE:
        raise Refusal("您有 {n} 个文件还没有传完。请先传完或者取消。", n=MOST_AT_ONCE)
    folder = _folder()
    if shutil.disk_usage(folder).free < 2 * size + SPARE:  # here, and once more in the vault
        raise Refusal("磁盘空间不够存这个文件。请联系系统管理员。")
    made = Upload.objects.create(
        user=by, name=plain(name),
        media_type=media_type[:100], size=size, sha256=digest.lower(), at=at, until=at + LASTS,
    )  # fmt: skip
    place_of(made).touch(mode=0o600)
    return made


def came(upload: Upload) -> int:
    """Return how many bytes have come."""
    if upload.blob_id:
        return upload.size
    try:
        return place_of(upload).stat().st_size
    except FileNotFoundError:
        return 0


def append(
    *, upload: Upload, offset: int, chunks: Iterable[bytes], digest: bytes = b"", at: datetime
) -> int:
    """Write the next piece; return how many bytes have come. A broken line keeps what came.

    Args:
        digest: SHA-256 of the piece; a piece with other bytes is not kept.

    Raises:
        WrongPlace, Busy, WrongBytes, Full: see there. WrongBytes of the whole file lets go of all of it.
    """
    with place_of(upload).open("r+b", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy("这个文件的另一段正在写入。请稍候再试。") from None
        have = file.seek(0, os.SEEK_END)
        if upload.blob_id or have != offset:
            raise WrongPlace("应当从第 {have} 字节接着传。", have=have)
        hasher = sha256()
        try:
            have += _write(file, chunks, hasher, upload.size - have)
        except OSError as wrong:
            if wrong.errno not in FULL:
                raise
            raise Full(
                "磁盘已满，已经传来的部分还在。请联系系统管理员腾出空间，然后接着传。"
            ) from wrong
        finally:
            os.fsync(file.fileno())
        if digest and hasher.digest() != digest:
            file.truncate(offset)
            raise WrongBytes("这一段在传输中损坏，已经丢弃。请重传这一段。")
    if have == upload.size:
        _seal(upload, at)
    return have


def _write(file: IO[bytes], chunks: Iterable[bytes], hasher: object, room: int) -> int:
    written = 0
    for chunk in chunks:
        if written + len(chunk) > room:
            raise WrongBytes("传来的字节比文件说明的多。请取消后重新上传。")
        rest = memoryview(chunk)
        while rest:
            rest = rest[file.write(rest) :]
        hasher.update(chunk)
        written += len(chunk)
    return written


def _seal(upload: Upload, at: datetime) -> None:
    place = place_of(upload)
    blob = seal(chunks=_read(place), media_type=upload.media_type or OCTETS, at=at)
    if upload.sha256 and blob.sha256 != upload.sha256:
        drop(upload=upload)
        raise WrongBytes("文件的校验值与您给出的不一致，没有收下。请重新上传。")
    upload.blob = blob
    upload.save(update_fields=["blob"])
    place.unlink(missing_ok=True)


OCTETS = "application/octet-stream"


def take(*, token: str, by: User) -> tuple[Blob, str]:
    """Return the sealed file of an upload and its name, once: to the room it was sent for.

    Raises:
        Refusal: there is no such upload of this person, or it is not whole yet.
    """
    try:
        upload = Upload.objects.filter(user=by, pk=UUID(token)).select_related("blob").first()
    except (ValueError, ValidationError):
        upload = None
    if upload is None or upload.blob is None:
        raise Refusal("没有找到传完的文件。请等进度到 100% 再提交，或者重新上传。")
    upload.delete()
    return upload.blob, upload.name


def drop(*, upload: Upload) -> None:
    """Let go of a file on its way."""
    place_of(upload).unlink(missing_ok=True)
    upload.delete()


def expire(*, at: datetime) -> int:
    """Let go of what nobody finished or took in time; return how many."""
    old = list(Upload.objects.filter(until__lte=at))
    for upload in old:
        drop(upload=upload)
    return len(old)


def place_of(upload: Upload) -> Path:
    """Return where the bytes of a file on its way lie."""
    return _folder() / f"{upload.pk}.part"


def _folder() -> Path:
    folder = Path(settings.DATA) / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _read(place: Path) -> Iterator[bytes]:
    with place.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
