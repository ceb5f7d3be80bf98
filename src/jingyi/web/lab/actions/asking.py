"""Asking for a test, and planning where to sample."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.cases.models import Case
from jingyi.web.lab import numbers
from jingyi.web.lab.actions.record import record
from jingyi.web.lab.limits import library
from jingyi.web.lab.models import Point, Request
from jingyi.web.leads.models import Incident
from jingyi.web.registry.access import require
from jingyi.web.registry.queries import holders


@transaction.atomic
def ask(
    *,
    about: Case | Incident,
    purpose: str,
    question: str,
    items: Sequence[str],
    standard: str,
    conditions: Mapping[str, str],
    level: int = 0,
    due_on: date | None = None,
    by: User,
    at: datetime,
) -> Request:
    """Ask the laboratory for a test in a case or of a lead.

    Args:
        items: of rulebook/lab/items.toml.
        standard: id of the table of limits, in force today, that the results are judged by.
        conditions: choice → option of that table.
        level: the class that has to be reached, as an index of its levels.

    Raises:
        Http404: `by` may not ask in that office.
        Refusal: no item, or the table has no limits under these conditions.
    """
    office = about.office
    require(by, "lab.request", office)
    today = timezone.localdate(at)
    if not items:
        raise Refusal("请至少选一个检测项目。")
    table = library.standard(standard, office, today)
    table.settled(conditions)
    if due_on and due_on < today:
        raise Refusal("要求完成的日期 {on} 已经过去。", on=due_on)
    Request.objects.select_for_update().order_by("-pk").first()  # one number at a time
    found = Request.objects.create(
        ref=numbers.next_ref(Request, "J", today.year),
        office=office,
        case=about if isinstance(about, Case) else None,
        incident=about if isinstance(about, Incident) else None,
        purpose=purpose, question=question.strip(), items=list(items), standard=table.id,
        conditions=dict(conditions), level=level, due_on=due_on, by=by, at=at,
    )  # fmt: skip
    facts = {"about": about.ref, "items": list(items), "standard": table.id, "level": level}
    record("lab.asked", f"lab:{found.ref}", facts, office=office, by=by, at=at)
    for user in holders(office, "lab.test"):
        notify(
            user=user, sentence=say("新的检测申请：{ref}", ref=found.ref),
            url=found.get_absolute_url(), key=f"lab-asked:{found.ref}", at=at,
        )  # fmt: skip
    return found


@transaction.atomic
def plan(
    *,
    request: Request,
    name: str,
    matrix: str,
    words: str = "",
    lon: float | None = None,
    lat: float | None = None,
    samples: int = 1,
    backup: bool = True,
    by: User,
    at: datetime,
) -> Point:
    """Add a place to the sampling plan. lon, lat: WGS-84 degrees."""
    require(by, "lab.sample", request.office)
    still_open(request)
    if request.points.filter(name=name.strip()).exists():
        raise Refusal("这份申请已经有采样点“{name}”，请换一个名称。", name=name.strip())
    found = Point.objects.create(
        request=request, name=name.strip(), matrix=matrix, words=words.strip(), lon=lon, lat=lat,
        samples=samples, backup=backup,
    )  # fmt: skip
    facts = {"name": found.name, "matrix": matrix, "samples": samples, "backup": backup}
    record("lab.planned", f"lab:{request.ref}", facts, office=request.office, by=by, at=at)
    return found


@transaction.atomic
def drop(*, point: Point, by: User, at: datetime) -> None:
    """Take a place off the plan, while nothing has been taken there."""
    request = point.request
    require(by, "lab.sample", request.office)
    if point.taken.exists():
        raise Refusal("采样点“{name}”已经采样，不能删除。", name=point.name)
    record(
        "lab.unplanned", f"lab:{request.ref}", {"name": point.name}, office=request.office, by=by,
        at=at,
    )  # fmt: skip
    point.delete()


@transaction.atomic
def close(*, request: Request, reason: str, by: User, at: datetime) -> Request:
    """Close a request: it is answered, or no longer wanted."""
    require(by, "lab.request", request.office)
    still_open(request)
    if not reason.strip():
        raise Refusal("请写明结束的理由。")
    request.closed_at, request.closed_reason = at, reason.strip()
    request.save(update_fields=["closed_at", "closed_reason"])
    facts = {"reason": reason.strip()}
    record("lab.closed", f"lab:{request.ref}", facts, office=request.office, by=by, at=at)
    return request


@transaction.atomic
def reopen(*, request: Request, by: User, at: datetime) -> Request:
    """Open a closed request again."""
    require(by, "lab.request", request.office)
    if request.closed_at is None:
        raise Refusal("这份申请没有结束。")
    request.closed_at, request.closed_reason = None, ""
    request.save(update_fields=["closed_at", "closed_reason"])
    record("lab.reopened", f"lab:{request.ref}", {}, office=request.office, by=by, at=at)
    return request


def still_open(request: Request) -> None:
    """Refuse what comes after a request was closed."""
    if request.closed_at:
        raise Refusal("检测申请 {ref} 已经结束，请先重新开启。", ref=request.ref)
