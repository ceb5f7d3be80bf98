"""What pages show of requests, results and reports, in the words of the reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from jingyi.core.lab import book
from jingyi.core.lab.limits import Standard
from jingyi.core.lab.verdicts import TITLES, EvidentialState, ScreeningState
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence
from jingyi.web.lab import verdicts
from jingyi.web.lab.limits import library
from jingyi.web.lab.models import Commission, Method, Request, Result, Sample, Worksheet

TONES = {
    "screen_clear": "done", "screen_suspect": "soon", "invalid": "", "pending": "blue",
    "confirmed_over": "red", "confirmed_within": "done",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """A verdict as a tag: words and tone. A screening's never looks like a confirmation's."""

    title: Sentence
    tone: str
    grade: str  # "screening" | "evidence"


@dataclass(frozen=True, slots=True)
class Row:
    """One request in a list."""

    request: Request
    about: Any
    standard: Any
    level: Sentence
    items: list[Sentence]
    over: bool


def mark(state: str) -> Mark | None:
    """Return a state as a tag; None for none."""
    if state in set(ScreeningState):
        return Mark(TITLES[ScreeningState(state)], TONES[state], "screening")
    if state in set(EvidentialState):
        return Mark(TITLES[EvidentialState(state)], TONES[state], "evidence")
    return None


def rows(requests: Iterable[Request]) -> list[Row]:
    """Return requests as a list shows them; their tables of limits are read at once."""
    found = list(requests)
    tables = library.stored({one.standard for one in found})
    return [_row(one, tables[one.standard]) for one in found]


def row(request: Request) -> Row:
    """Return a request as a list shows it."""
    return rows([request])[0]


def _row(request: Request, table: Standard) -> Row:
    names = book.names().items
    return Row(
        request,
        request.case or request.incident,
        table,
        table.called(request.level),
        [names[item].title for item in request.items],
        request.closed_at is not None,
    )


def limits(request: Request) -> list[dict[str, Any]]:
    """Return what each item of a request has to keep, and the refusal where there is no limit."""
    names, on = book.names().items, timezone.localdate(request.at)
    table = library.stored([request.standard], on)[request.standard]
    found = []
    for item in request.items:
        unit = next(limit.unit.id for limit in table.limits if limit.item.id == item)
        try:
            bound = verdicts.bound_for(request, item, unit)
        except Refusal as refusal:
            found.append({"item": names[item].title, "gap": refusal.sentence})
        else:
            status = bound.limit.status
            found.append({"item": names[item].title, "limit": bound.shown, "status": status})
    return found


def results(request: Request) -> list[dict[str, Any]]:
    """Return the verified results of a request's samples, the newest of each sample and item last."""
    found = Result.objects.filter(
        sample__request=request, worksheet__state=Worksheet.State.VERIFIED
    ).exclude(sample__kind=Sample.Kind.BLANK)
    found = found.select_related("sample__point", "worksheet__method", "worksheet__device")
    return [result(one) for one in found.order_by("sample__number", "worksheet_id")]


def result(one: Result) -> dict[str, Any]:
    """Return one result with its mark and its reasons."""
    method: Method = one.worksheet.method
    return {
        "one": one,
        "item": book.names().items[method.item].title,
        "value": one.text if method.unit == "无量纲" or method.sign_only else f"{one.text} {method.unit}",
        "mark": mark(one.state),
        "because": one.because,
        "late": one.late,
        "holds": one.holds,
        "repeated": one.state == ScreeningState.INVALID and one.repeated_by.exists(),
    }  # fmt: skip


def commission(one: Commission) -> dict[str, Any]:
    """Return what was sent to a qualified body, and its report."""
    return {
        "one": one,
        "item": book.names().items[one.item].title,
        "mark": mark(one.state),
        "because": one.because,
    }
