"""One document: its pages and citations, its versions, and what may be done to it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core import rulebook
from jingyi.core.documents import check
from jingyi.core.documents.compare import compare
from jingyi.core.documents.model import FRAME
from jingyi.core.documents.model import Document as Paper
from jingyi.core.refusal import Refusal
from jingyi.engines.typesetting.docx import to_docx
from jingyi.engines.typesetting.grid import pages_of
from jingyi.engines.typesetting.pdf import to_pdf
from jingyi.web.cases.documents import actions, queries
from jingyi.web.cases.documents.forms import CiteForm, EditForm, NumberForm, VersionedForm
from jingyi.web.cases.documents.models import Document
from jingyi.web.cases.documents.views.asking import ask
from jingyi.web.registry.access import may, needs
from jingyi.web.ui.templatetags.ui import said

WRITERS: Mapping[str, tuple[Callable[..., bytes], str]] = {
    "pdf": (to_pdf, "application/pdf"),
    "docx": (
        to_docx,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}


@needs("case.read")
@require_safe
def document(request: HttpRequest, ref: str, place: int) -> HttpResponse:
    """Show one version as pages, with what each sentence rests on beside it. `?v=` names another."""
    return _document(request, _found(request, ref, place))


@needs("document.draft")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, ref: str, place: int) -> HttpResponse:
    """Change sentences; each changed one loses its mark."""
    found = _found(request, ref, place)
    paper = actions.paper_of(found)
    form = EditForm(request.POST or None, paper=paper, initial={"version": found.latest})

    def act() -> str:
        version = actions.edit_document(
            document=found,
            texts=form.texts(),
            version=form.cleaned_data["version"],
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("已存为第 %(n)s 版。改动的句子要重新引注。") % {"n": version.n})
        return found.get_absolute_url()

    context = {"title": _("改动文字"), "submit": _("另存一版"), "document": found, "edits": True}
    return ask(request, found, form, act, context)


@needs("document.draft")
@require_http_methods(["GET", "POST"])
def cite(request: HttpRequest, ref: str, place: int, sentence: str) -> HttpResponse:
    """Give an edited sentence its mark again."""
    found = _found(request, ref, place)
    statement = dict(actions.paper_of(found).statements()).get(sentence)
    if statement is None:
        raise Http404
    file = actions.file_behind(found, on=timezone.localdate())
    form = CiteForm(
        request.POST or None,
        file=file,
        initial={
            "version": found.latest,
            "exhibits": list(statement.exhibits),
            "articles": "\n".join(one.words for one in statement.articles),
            "on": statement.on,
        },
    )

    def act() -> str:
        wanted = form.cleaned_data
        actions.cite_again(
            document=found,
            place=sentence,
            exhibits=wanted["exhibits"],
            articles=wanted["articles"],
            on=wanted["on"],
            version=wanted["version"],
            by=request.user,
            at=timezone.now(),
        )
        return f"{found.get_absolute_url()}#n{sentence}"

    context = {
        "title": _("重新引注"),
        "submit": _("引注成立"),
        "about": statement.text,
        "document": found,
    }
    return ask(request, found, form, act, context)


@needs("document.draft")
@require_POST
def redraft(request: HttpRequest, ref: str, place: int) -> HttpResponse:
    """Make a new version of the facts as they stand now."""
    return _done(request, ref, place, actions.draft_again)


@needs("document.sign")
@require_POST
def sign(request: HttpRequest, ref: str, place: int) -> HttpResponse:
    """Sign the version that stands."""
    return _done(request, ref, place, actions.sign_document)


@needs("document.draft")
@require_POST
def number(request: HttpRequest, ref: str, place: int) -> HttpResponse:
    """Quote the number that was given elsewhere."""
    found = _found(request, ref, place)
    form = NumberForm(request.POST)
    text = form.cleaned_data["number"] if form.is_valid() else found.number
    try:
        actions.set_number(document=found, number=text, by=request.user, at=timezone.now())
    except Refusal as refused:
        return _document(request, found, refused)
    return HttpResponseRedirect(found.get_absolute_url(), status=303)


@needs("document.draft")
@require_POST
def keep(request: HttpRequest, ref: str, place: int) -> HttpResponse:
    """Seal the signed version in the vault."""
    found = _found(request, ref, place)
    try:
        sealed = actions.seal_document(document=found, by=request.user, at=timezone.now())
    except Refusal as refused:
        return _document(request, found, refused)
    if sealed.sealed:
        messages.success(request, _("已封存为证据%(n)s。") % {"n": sealed.sealed.number})
    else:
        messages.success(request, _("已封存。"))
    return HttpResponseRedirect(found.get_absolute_url(), status=303)


@needs("case.read")
@require_safe
def written(request: HttpRequest, ref: str, place: int, n: int, kind: str) -> HttpResponse:
    """Send a version as PDF or DOCX."""
    found = _found(request, ref, place)
    if not 0 < n <= found.latest:
        raise Http404
    paper = actions.paper_of(found, n)
    write, media = WRITERS[kind]
    try:
        made = write(paper, number=found.number, mark=said(getattr(request, "watermark", "")))
    except Refusal as refused:  # no font that prints Chinese
        return _document(request, found, refused)
    name = f"{found.subject.ref} {paper.title} {n}.{kind}"
    response = HttpResponse(made, content_type=media)
    response["Content-Disposition"] = content_disposition_header(kind != "pdf", name)
    return response


@needs("case.read")
@require_safe
def compared(request: HttpRequest, ref: str, place: int) -> HttpResponse:
    """Show two versions word by word: `?a=1&b=3`; by default the last two."""
    found = _found(request, ref, place)
    chosen = []
    for name, default in (("a", max(found.latest - 1, 1)), ("b", found.latest)):
        asked = request.GET.get(name, "")
        chosen.append(
            int(asked) if asked.isdecimal() and 0 < int(asked) <= found.latest else default
        )
    older, newer = (actions.paper_of(found, n) for n in chosen)
    context = {
        "case": found.subject,
        "document": found,
        "template": rulebook.document(found.kind),
        "versions": found.versions.defer("content"),
        "a": chosen[0],
        "b": chosen[1],
        "paragraphs": compare(older, newer),
    }
    return render(request, "cases/documents/compare.html", context)


def _found(request: HttpRequest, ref: str, place: int) -> Document:
    documents = queries.documents_for(request.user).select_related(
        "case__office__parent", "case__organ", "case__handler", "signed_by", "sealed",
        "incident__office", "office__parent",
    )  # fmt: skip
    of_it = Q(case__ref=ref) | Q(incident__ref=ref)
    return get_object_or_404(documents, of_it, place=place)


def _document(
    request: HttpRequest, found: Document, refused: Refusal | None = None
) -> HttpResponse:
    versions = list(found.versions.select_related("by").defer("content"))
    asked = request.GET.get("v", "")
    n = int(asked) if asked.isdecimal() and 0 < int(asked) <= found.latest else found.latest
    paper = actions.paper_of(found, n)
    template = rulebook.document(found.kind)
    today = timezone.localdate()
    office = found.issuer
    context = {
        "case": found.subject,
        "document": found,
        "template": template,
        "n": n,
        "versions": versions,
        "paper": paper,
        "pages": pages_of(paper),
        "notes": _notes(paper),
        "uncited": paper.uncited(),
        "faults": ()
        if found.signed_at
        else check.faults(paper, template, rulebook.instruments(), on=today),
        "may_draft": may(request.user, "document.draft", office),
        "may_sign": may(request.user, template.signs, office),
        "number_form": NumberForm(initial={"number": found.number}),
        "refused": refused,
    }
    status = 422 if refused else 200
    return render(request, "cases/documents/document.html", context, status=status)


def _notes(paper: Paper) -> list[dict[str, Any]]:
    """Return, for the side panel, each sentence that says something and what it rests on.

    The paper's own frame is left out, unless somebody wrote it otherwise and it waits for its mark.
    """
    return [
        {
            "place": place,
            "statement": statement,
            "exhibits": [paper.exhibits[key] for key in statement.exhibits],
        }
        for place, statement in paper.statements()
        if paper.style_of(place) not in FRAME or not statement.cited
    ]


def _done(request: HttpRequest, ref: str, place: int, act: Callable[..., object]) -> HttpResponse:
    """Do something to the version that was read; go back, or show why not."""
    found = _found(request, ref, place)
    form = VersionedForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    try:
        act(document=found, version=version, by=request.user, at=timezone.now())
    except Refusal as refused:
        return _document(request, found, refused)
    return HttpResponseRedirect(found.get_absolute_url(), status=303)
