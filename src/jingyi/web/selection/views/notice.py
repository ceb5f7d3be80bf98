"""What the public sees and does: the vote, the result under notice, objections, the ballots."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.judging import ballots, certificate, rounds
from jingyi.core.refusal import Refusal
from jingyi.web.intake import limits
from jingyi.web.registry.access import needs, public
from jingyi.web.selection import forms, plot, polls, queries, results
from jingyi.web.selection.actions import counting, editions, voting
from jingyi.web.selection.models import Edition, Entry, Objection
from jingyi.web.selection.views.editions import page, run_by
from jingyi.web.ui.templatetags.ui import said


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest, number: int) -> HttpResponse:
    """Take a ballot of whoever holds a voucher, and give the code by which it is found again."""
    found = get_object_or_404(Edition, pk=number)
    if not queries.polling(found):
        raise Http404
    entries = queries.standing(found)
    form = forms.BallotForm(request.POST or None, entries=entries)
    context = {"edition": found, "entries": entries, "form": form}
    if request.method == "POST" and form.is_valid():
        if not limits.allows(request, "code"):
            form.add_error(None, said("这个网络一小时内试得太多了，请稍后再投。"))
        else:
            limits.count(request, "code")
            given = form.cleaned_data
            try:
                secret, ballot = voting.cast(
                    edition=found, code=given["code"], choices=given["choices"],
                    source=_network(request), at=timezone.now(),
                )  # fmt: skip
                return render(
                    request, "selection/voted.html", context | {"secret": secret, "ballot": ballot}
                )
            except Refusal as refusal:
                form.add_error(None, said(refusal.sentence))
    return render(request, "selection/vote.html", context, status=422 if form.errors else 200)


def _network(request: HttpRequest) -> str:
    """Return the network that a request comes from: three quarters of an address, never the whole."""
    address = request.META.get("REMOTE_ADDR", "")
    parts = address.split(":" if ":" in address else ".")
    return ".".join(parts[:3])


def _noticed(number: int) -> Edition:
    return get_object_or_404(queries.noticed(), pk=number)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: HttpRequest, number: int) -> HttpResponse:
    """Show the result with its intervals and its certificate; find a ballot by its code."""
    return _result(request, _noticed(number), forms.ObjectionForm())


def _result(request: HttpRequest, found: Edition, form: forms.ObjectionForm) -> HttpResponse:
    count = found.counts.filter(round=found.round).last()
    entries = {str(entry.number): entry for entry in queries.numbered(found)}
    chosen = set(count.result["certificate"]["chosen"])
    rows = [(row, entries[row["entry"]], row["entry"] in chosen) for row in count.result["rows"]]
    find = forms.FindForm(request.POST if "secret" in request.POST else None)
    context = {
        "edition": found, "count": count, "balloted": count.result.get("kind") == rounds.BALLOT,
        "parts": [
            (kind.name, of, plot.intervals(of)) for kind in found.kinds
            if (of := [row for row in rows if row[0].get("category", "") == kind.name])
        ],
        "earlier": _earlier(found, entries),
        "removals": [
            (one, _named(one["in"], entries), _named(one["out"], entries), KIND[one["kind"]])
            for one in count.result["certificate"]["removals"] if one["in"] or one["out"]
        ],
        "tried": len(count.result["certificate"]["removals"]),
        "tied": _named(count.result["certificate"]["tied"], entries),
        "commitment": editions.commitment(found),
        "open": found.stage == "notice" and timezone.localdate() <= found.notice_until,
        "form": form, "find": find,
        "hours": results.by_hour(found) if found.public_percent else (),
        "objections": found.objections.exclude(answered_at=None),
    }  # fmt: skip
    if find.is_bound and find.is_valid():
        file, _root = results.published(found)
        ballot = ballots.found(file, find.cleaned_data["secret"].strip())
        context |= {"looked": True, "ballot": ballot, "chose": _named(ballot.choices, entries) if ballot else ()}  # fmt: skip
    return render(request, "selection/notice.html", context, status=422 if form.errors else 200)


def _earlier(found: Edition, entries: dict[str, Entry]) -> list[dict[str, Any]]:
    """Return the rounds before the last: what each was, its rows best first, who went on."""
    legs, out = found.legs, []
    for number in range(found.round):
        count = found.counts.filter(round=number).last()
        onward = set(count.result["certificate"]["chosen"])
        rows = [(row, entries[row["entry"]], row["entry"] in onward) for row in count.result["rows"]]  # fmt: skip
        balloted = count.result.get("kind") == rounds.BALLOT
        out.append({"n": number, "leg": legs[number], "count": count, "rows": rows, "balloted": balloted})  # fmt: skip
    return out


@public
@require_safe
def papers_file(_request: HttpRequest, number: int, leg: int) -> HttpResponse:
    """Send the papers of a round's secret ballot, one a line: what was voted, naming nobody."""
    found = _noticed(number)
    box = get_object_or_404(found.boxes, round=leg)
    content, root = polls.published(found, box.round)
    answer = HttpResponse(content, content_type="application/x-ndjson")
    answer["Content-Disposition"] = f'attachment; filename="papers-{found.pk}-{leg}.jsonl"'
    answer["X-Merkle-Root"] = root.hex()
    return answer


KIND = {
    certificate.JUDGE: "评委",
    certificate.CRITERION: "评分项",
    certificate.PUBLIC: "公众投票",
    certificate.UNSURE: "没把握的评分",
}


def _named(numbers: object, entries: dict) -> list[str]:
    return [entries[n].title for n in numbers]


@public
@require_POST
def object_to(request: HttpRequest, number: int) -> HttpResponse:
    """Take an objection."""
    found = _noticed(number)
    form = forms.ObjectionForm(request.POST)
    if form.is_valid():
        if not limits.allows(request, "message"):
            form.add_error(None, said("这个网络一小时内提交得太多了，请稍后再试。"))
        else:
            limits.count(request, "message")
            try:
                counting.object_to(edition=found, at=timezone.now(), **form.cleaned_data)
                return HttpResponseRedirect(
                    reverse("selection:notice", args=[found.pk]) + "?sent=1#objections", status=303
                )
            except Refusal as refusal:
                form.add_error(None, said(refusal.sentence))
    return _result(request, found, form)


@public
@require_safe
def file(_request: HttpRequest, number: int) -> HttpResponse:
    """Send all ballots, one a line, for whoever counts again."""
    found = _noticed(number)
    if not found.public_percent:
        raise Http404
    content, root = results.published(found)
    answer = HttpResponse(content, content_type="application/x-ndjson")
    answer["Content-Disposition"] = f'attachment; filename="ballots-{found.pk}.jsonl"'
    answer["X-Merkle-Root"] = root.hex()
    return answer


@needs("selection.run")
@require_POST
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Answer an objection."""
    found = get_object_or_404(Objection.objects.select_related("edition__office"), pk=number)
    edition = run_by(request, found.edition_id)
    form = forms.ReplyForm(request.POST)
    if not form.is_valid():
        return page(request, edition, problem=Refusal("答复异议要选结论并写明理由。"))
    try:
        counting.answer(objection=found, by=request.user, at=timezone.now(), **form.cleaned_data)
    except Refusal as refusal:
        return page(request, edition, problem=refusal)
    return HttpResponseRedirect(edition.get_absolute_url(), status=303)
