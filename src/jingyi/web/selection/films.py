"""Films: the original's bytes are sealed; what the public sees is a copy that only shows."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO

from django.db import transaction

from jingyi.core import film
from jingyi.core.metadata.source import Source
from jingyi.core.refusal import Refusal
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.models import Blob, Derivative

MOST_BYTES = 100 * 2**20
CHUNK = 1 << 20


@transaction.atomic
def accept(stream: IO[bytes], *, size: int, at: datetime) -> Blob:
    """Seal a film, and beside it the copy without words, places and what was left in empty space.

    Raises:
        Refusal: too large, or not a film that browsers play.
    """
    found = looked_at(stream, size=size)
    original = seal(chunks=_chunks(stream), media_type=found.media_type, at=at)
    if not original.derivatives.filter(kind=Derivative.CLEAN).exists():
        with tempfile.TemporaryFile() as bare:
            stream.seek(0)
            for chunk in _chunks(stream):
                bare.write(chunk)
            for one in found.blanks:
                _blank(bare, one)
            bare.seek(0)
            copy = seal(chunks=_chunks(bare), media_type=found.media_type, at=at)
        Derivative.objects.create(parent=original, kind=Derivative.CLEAN, blob=copy)
    return original


def looked_at(stream: IO[bytes], *, size: int) -> film.Film:
    """Return what kind of film it is; the stream stands at its beginning again.

    Raises:
        Refusal: too large, or not a film that browsers play.
    """
    if size > MOST_BYTES:
        raise Refusal("录像超过 {most} MB。请压缩后再传。", most=MOST_BYTES >> 20)

    def fetch(at: int, count: int) -> bytes:
        stream.seek(at)
        return stream.read(count)

    found = film.read(Source(size, fetch, reads=film.MOST_READS))
    stream.seek(0)
    return found


def _blank(file: IO[bytes], one: film.Blank) -> None:
    file.seek(one.at)
    file.write(one.head)
    left = one.end - one.at - len(one.head)
    while left:
        left -= file.write(bytes(min(CHUNK, left)))


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk
