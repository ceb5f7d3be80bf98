"""The tus 1.0 protocol: creation, head, patch, checksum of a piece, termination, expiration."""

import binascii
from base64 import b64decode
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.http import require_http_methods

from jingyi.core.refusal import Refusal
from jingyi.web.evidence.guarding import FULL_STATUS
from jingyi.web.evidence.uploads import actions
from jingyi.web.evidence.uploads.models import Upload
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said

TUS = "1.0.0"
PIECE = "application/offset+octet-stream"
CHECKSUM_MISMATCH = 460  # of the protocol
STATUS: dict[type[Refusal], int] = {
    actions.WrongPlace: 409,
    actions.Busy: 423,
    actions.WrongBytes: CHECKSUM_MISMATCH,
    actions.Full: FULL_STATUS,
}
EXTENSIONS = "creation,checksum,expiration,termination"


@needs("desk.read")
@require_http_methods(["OPTIONS", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Say what is spoken here; make room for a file."""
    if request.method == "OPTIONS":
        answer = _answer(204)
        answer["Tus-Version"], answer["Tus-Extension"] = TUS, EXTENSIONS
        answer["Tus-Checksum-Algorithm"], answer["Tus-Max-Size"] = "sha256", str(actions.MOST_BYTES)
        return answer
    told = _metadata(request.headers.get("Upload-Metadata", ""))
    try:
        made = actions.begin(
            size=_number(request, "Upload-Length"), name=told.get("filename", ""),
            media_type=told.get("filetype", ""), digest=told.get("sha256", ""),
            by=request.user, at=timezone.now(),
        )  # fmt: skip
    except Refusal as refusal:
        return _refused(413, refusal)
    answer = _answer(201)
    answer["Location"] = reverse("uploads:upload", args=[made.pk])
    return _until(answer, made)


@needs("desk.read")
@require_http_methods(["HEAD", "PATCH", "DELETE"])
def upload(request: HttpRequest, number: str) -> HttpResponse:
    """Say how much has come; take the next piece; let go of it."""
    found = get_object_or_404(Upload, pk=number, user=request.user, until__gt=timezone.now())
    match request.method:
        case "HEAD":
            answer = _answer(200)
            answer["Upload-Offset"], answer["Upload-Length"] = str(actions.came(found)), str(found.size)  # fmt: skip
            return _until(answer, found)
        case "DELETE":
            actions.drop(upload=found)
            return _answer(204)
    return _patch(request, found)


def _patch(request: HttpRequest, found: Upload) -> HttpResponse:
    if request.content_type != PIECE:
        return _answer(415)
    try:
        digest = _checksum(request.headers.get("Upload-Checksum", ""))
        have = actions.append(
            upload=found, offset=_number(request, "Upload-Offset"), chunks=_pieces(request),
            digest=digest, at=timezone.now(),
        )  # fmt: skip
    except Refusal as refusal:
        return _refused(STATUS.get(type(refusal), 400), refusal)
    answer = _answer(204)
    answer["Upload-Offset"] = str(have)
    return _until(answer, found)


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    """Yield the body as it comes; a line that breaks ends it, and what came stays."""
    while True:
        try:
            chunk = request.read(actions.CHUNK)
        except OSError:
            return
        if not chunk:
            return
        yield chunk


def _metadata(header: str) -> dict[str, str]:
    found = {}
    for pair in header.split(","):
        name, _, value = pair.strip().partition(" ")
        try:
            found[name] = b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
    return found


def _checksum(header: str) -> bytes:
    if not header:
        return b""
    name, _, value = header.partition(" ")
    try:
        digest = b64decode(value, validate=True)
    except binascii.Error:
        digest = b""
    if name != "sha256" or len(digest) != 32:
        raise Refusal("不认识这种校验。")
    return digest


def _number(request: HttpRequest, name: str) -> int:
    value = request.headers.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 16 else -1


def _answer(status: int) -> HttpResponse:
    answer = HttpResponse(status=status)
    answer["Tus-Resumable"] = TUS
    answer["Cache-Control"] = "no-store"
    return answer


def _until(answer: HttpResponse, found: Upload) -> HttpResponse:
    answer["Upload-Expires"] = http_date(found.until.timestamp())
    return answer


def _refused(status: int, refusal: Refusal) -> HttpResponse:
    answer = JsonResponse({"error": said(refusal.sentence)}, status=status)
    answer["Tus-Resumable"] = TUS
    return answer
