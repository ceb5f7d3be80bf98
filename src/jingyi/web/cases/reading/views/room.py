"""The reading room: files on the left, the page in the middle, its text and notes on the right."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jingyi.core.reading.page import Box
from jingyi.core.reading.page import Page as Letters
from jingyi.web.cases.approvals.access import may_on
from jingyi.web.cases.models import Case
from jingyi.web.cases.reading import queries
from jingyi.web.cases.reading.files import File, file_for, files_of
from jingyi.web.cases.reading.forms import NoteForm
from jingyi.web.cases.reading.models import Page
from jingyi.web.cases.reading.search import words_of
from jingyi.web.cases.reading.views.asking import address, case_for, inline
from jingyi.web.evidence.models import Derivative
from jingyi.web.registry.access import needs

AROUND = 12  # thumbnails on either side
ZOOMS = (1, 2, 3, 4)


@needs("case.read")
@require_safe
def enter(request: HttpRequest, ref: str) -> HttpResponse:
    """Open the first file that can be read; without one, the evidence list says why."""
    case = case_for(request, ref)
    for one in files_of(case):
        if one.reading and one.reading.state != "refused":
            return HttpResponseRedirect(address(case, one.key, 1))
    return HttpResponseRedirect(reverse("reading:list", args=[case.ref]))


@needs("case.read")
@require_safe
def page(request: HttpRequest, ref: str, key: str, number: int) -> HttpResponse:
    """Show one page of a file. `?words=` marks words, `?zoom=` makes it larger."""
    case = case_for(request, ref)
    return render(request, "cases/reading/room.html", page_of(request, case, key, number))


def page_of(
    request: HttpRequest, case: Case, key: str, number: int, form: NoteForm | None = None
) -> dict[str, Any]:
    """Return what the page of a page shows; 404 where the file has no such page."""
    files = files_of(case)
    file = next((one for one in files if one.key == key), None)
    if file is None or number < 1 or (file.pages and number > file.pages):
        raise Http404
    found = Page.objects.filter(reading=file.blob.pk, number=number).first()
    if found is None and (file.reading is None or (number > 1 and not file.pages)):
        raise Http404
    letters = found.core() if found else Letters(())
    query = request.GET.get("words", "")
    zoom = request.GET.get("zoom", "")
    last = file.pages or 1
    here = Page.objects.filter(pk=found.pk) if found else Page.objects.none()
    notes = (
        queries.notes_for(request.user)
        .filter(item=file.item, page=number)
        .prefetch_related("earlier__by")
        if file.item
        else []
    )
    return {
        "case": case,
        "files": files,
        "file": file,
        "page": found,
        "number": number,
        "last": last,
        "thumbs": range(max(number - AROUND, 1), min(number + AROUND, last) + 1),
        "made": set(Page.objects.filter(reading=file.blob.pk, number__range=(number - AROUND, number + AROUND)).values_list("number", flat=True)),
        "transcript": file.blob.derivatives.filter(kind=Derivative.TRANSCRIPT).exists(),
        "lines": letters.lines,
        "query": query,
        "marks": [box for word in words_of(query) for hit in letters.find(word) for box in hit.boxes],
        "asked": _asked(request),
        "zoom": int(zoom) if zoom in {str(one) for one in ZOOMS} else 1,
        "zooms": ZOOMS,
        "notes": notes,
        "dates": queries.candidates([file], here),
        "form": form or NoteForm(lines=letters.lines),
        "progress": queries.progress_of([file]),
        "may_write": may_on(request.user, "document.draft", case),
    }  # fmt: skip


def _asked(request: HttpRequest) -> Box | None:
    """Return the box that `?box=` asks to be shown: x,y,w,h; nothing for what is no box."""
    try:
        return Box(*(float(part) for part in request.GET.get("box", "").split(",")))
    except (TypeError, ValueError):
        return None


@needs("case.read")
@require_safe
def image(request: HttpRequest, ref: str, key: str, number: int) -> HttpResponse:
    """Send our image of a page."""
    return inline(_leaf(request, ref, key, number).image)


@needs("case.read")
@require_safe
def thumb(request: HttpRequest, ref: str, key: str, number: int) -> HttpResponse:
    """Send the small image of a page."""
    return inline(_leaf(request, ref, key, number).thumb)


def _leaf(request: HttpRequest, ref: str, key: str, number: int) -> Page:
    file: File = file_for(case_for(request, ref), key)
    pages = Page.objects.select_related("image", "thumb")
    return get_object_or_404(pages, reading=file.blob.pk, number=number)


@needs("case.read")
@require_safe
def progress(request: HttpRequest, ref: str) -> HttpResponse:
    """Show how far reading has come; the browser asks again while it goes on."""
    case = case_for(request, ref)
    found = queries.progress_of(files_of(case))
    response = render(
        request, "cases/reading/parts/progress.html", {"case": case, "progress": found}
    )
    if found is None and request.htmx:
        response["HX-Refresh"] = "true"
    return response


@needs("case.read")
@require_safe
def search(request: HttpRequest, ref: str) -> HttpResponse:
    """Search inside all files of the case."""
    case = case_for(request, ref)
    files = files_of(case)
    query = request.GET.get("words", "").strip()[:80]
    context = {
        "case": case,
        "query": query,
        "results": queries.results(files, query) if query else [],
        "most": queries.MOST_RESULTS,
        "read": queries.read_through(files),
        "total": len(files),
    }
    return render(request, "cases/reading/search.html", context)
