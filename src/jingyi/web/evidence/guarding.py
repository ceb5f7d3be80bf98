"""What holds for every file that comes in or goes out, whatever room it is for."""

import sys
from typing import Any

from django.core.handlers.wsgi import LimitedStream
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.views.defaults import bad_request, server_error

from jingyi.web.evidence.vault import FULL
from jingyi.web.ui.marks import View

ALONE = "sandbox; default-src 'none'"  # nothing in a file handed out may run or load anything
FULL_STATUS = 507


class CutOff(OSError):
    """The line broke before all of what was announced had come."""


class Whole(LimitedStream):
    """A body that is as long as it was announced, or an error: never its first half taken for all."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read on.

        Raises:
            CutOff: nothing more comes, though more was announced.
        """
        data: bytes = super().read(-1 if size is None else size)
        if not data and size and self._pos < self.limit:
            raise CutOff
        return data


class FilesAreOnlyFiles:
    """Bodies come whole; a file handed out is never a page of ours."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        stream: Any = getattr(request, "_stream", None)
        if type(stream) is LimitedStream and stream.limit:
            stream.__class__ = Whole
        response = self.get_response(request)
        if response.get("Content-Disposition", "").lower().startswith("attachment"):
            response["Content-Security-Policy"] = ALONE
            response["X-Content-Type-Options"] = "nosniff"
        return response


def broken(request: HttpRequest) -> HttpResponse:
    """Answer what nobody foresaw: a full disk or a broken line with what to do, the rest as a defect."""
    wrong = sys.exc_info()[1]
    while wrong is not None:
        if isinstance(wrong, CutOff | UnreadablePostError):
            return bad_request(request, wrong)
        if _full(wrong):
            for handler in request.upload_handlers:
                if file := getattr(handler, "file", None):
                    file.close()  # and with it goes what had come of the form's file
            return render(request, "evidence/full.html", status=FULL_STATUS)
        wrong = wrong.__cause__ or wrong.__context__
    return server_error(request)


def _full(wrong: BaseException) -> bool:
    if isinstance(wrong, OSError):
        return wrong.errno in FULL
    return isinstance(wrong, OperationalError) and "full" in str(wrong)
