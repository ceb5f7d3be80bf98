"""The wall: one page for a chief's desk and for a screen on the wall, and its numbers as a file."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jingyi.web.cases import export
from jingyi.web.desk.wall import flow, queries
from jingyi.web.registry.access import needs

FRESH = 300  # seconds after which a screen asks again


@needs("case.read")
@never_cache
@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """Draw the flow and the tiles; `?screen=1` is the wall's own frame, which renews itself."""
    now = timezone.now()
    screen = request.GET.get("screen") == "1"
    nodes = queries.flow(request.user)
    context = {
        "flow": flow.draw(nodes), "nodes": nodes, "now": now, "fresh": FRESH,
        "tiles": queries.tiles(request.user, timezone.localdate(now)),
    }  # fmt: skip
    return render(request, f"desk/wall/{'screen' if screen else 'page'}.html", context)


@needs("case.read")
@require_safe
def file(request: HttpRequest) -> FileResponse:
    """Send every number of the wall as XLSX, with the address of its rows and when it was counted."""
    now = timezone.now()
    stamp = timezone.localtime(now).strftime("%Y-%m-%d %H:%M")
    rows = [[_("办案流程"), node.title, str(node.n), request.build_absolute_uri(node.url), stamp] for node in queries.flow(request.user)]  # fmt: skip
    rows += [
        [tile.title, one.title, str(one.n), request.build_absolute_uri(one.url), stamp]
        for tile in queries.tiles(request.user, timezone.localdate(now))
        for one in tile.figures
    ]
    head = [_("分组"), _("数字"), _("数值"), _("对应的案卷"), _("截至")]
    stream, _count = export.table(head, rows, kind="xlsx", sheet=_("全局"))
    return FileResponse(stream, as_attachment=True, filename=f"wall-{stamp[:10]}.xlsx", content_type=export.TYPES["xlsx"])  # fmt: skip
