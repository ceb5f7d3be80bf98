"""Handing out a file whole or in parts, as players of films ask for it.

Source: RFC 9110, 14 (range requests). Of several ranges at once the whole file is sent, as it allows.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from jingyi.web.evidence import vault
from jingyi.web.evidence.models import Blob

ONE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def send(request: HttpRequest, blob: Blob) -> HttpResponseBase:
    """Return the file, or the part the request asks for.

    A whole file is held to its digest on the way; of a part only what the sweep found is known.

    Raises:
        Refusal: the file is missing, or was found changed.
    """
    folder = Path(settings.VAULT)
    asked = _asked(request.headers.get("Range", ""), blob.size)
    if asked == (0, 0):
        answer: HttpResponseBase = HttpResponse(status=416)
        answer["Content-Range"] = f"bytes */{blob.size}"
        return answer
    if asked is None:
        parts: Iterator[bytes] = vault.read(blob.pk, folder=folder)
        start, end = 0, blob.size
    else:
        start, end = asked
        parts = vault.part(blob, start, end, folder=folder)
    answer = StreamingHttpResponse(
        parts, content_type=blob.media_type, status=200 if asked is None else 206
    )
    if asked is not None:
        answer["Content-Range"] = f"bytes {start}-{end - 1}/{blob.size}"
    answer["Content-Length"] = str(end - start)
    answer["Accept-Ranges"] = "bytes"
    return answer


def _asked(header: str, size: int) -> tuple[int, int] | None:
    """Return from where to where; None for the whole file, (0, 0) for a part that is not there."""
    found = ONE.fullmatch(header.replace(" ", ""))
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            return None  # nonsense is as if nothing were asked
    return (start, end) if start < end else (0, 0)
