"""Every page of a sealed case that somebody inside opens is on record before it is shown."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from jingyi.web.cases.sealing.actions import record_read
from jingyi.web.cases.sealing.marking import watermark
from jingyi.web.cases.sealing.models import Sealing
from jingyi.web.ui.marks import View


class SealedReads:
    """Look at each address that names a case: its pages, its files, what other rooms say of it."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: View, _args: object, given: dict[str, object]
    ) -> None:
        ref = given.get("ref")
        if not isinstance(ref, str) or not ref[:4].isdecimal():
            return
        if not request.user.is_authenticated:
            return
        found = Sealing.objects.filter(
            case__ref=ref, lifted_at=None, group__readers=request.user
        ).select_related("case__office")
        sealing = found.first()
        if sealing is not None:
            page, now = request.resolver_match.view_name, timezone.now()
            record_read(sealing=sealing, page=page, by=request.user, at=now)
            request.watermark = watermark(request.user, now)  # shown and printed by every page
