"""What people decide about the days that pages name: into the chronology, or not, or back."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.cases.approvals.access import require_on
from jingyi.web.cases.models import Case
from jingyi.web.cases.reading.actions.files import enter
from jingyi.web.cases.reading.files import File, item_of
from jingyi.web.cases.reading.models import Dated, Page


class AlreadyDecided(Refusal):
    """Somebody has decided about this day already."""


@transaction.atomic
def decide(
    *,
    case: Case,
    file: File,
    page: Page,
    start: int,
    confirmed: bool,
    on: date | None = None,
    says: str = "",
    by: User,
    at: datetime,
) -> Dated:
    """Confirm that a day named on a page belongs in the chronology, or say that it does not.

    Args:
        start: where the day begins in the page's letters: one of `page.dates`.
        on: the day, where the page leaves out the year; by default as the page has it.
        says: what happened on it; needed to confirm.

    Raises:
        AlreadyDecided: somebody was quicker. Refusal: it says nothing, or lies ahead.
    """
    require_on(by, "document.draft", case)
    named = next((one for one in page.dates if one[1] == start), None)
    if named is None:
        raise Refusal("这一页的这个位置没有日期，请刷新后再选。")
    on = on or date.fromisoformat(named[0])
    if confirmed and not says.strip():
        raise Refusal("请写明这一天发生了什么，再列入大事记。")
    if confirmed and on > timezone.localdate(at):
        raise Refusal("{on} 还没有到，不能列入大事记。", on=on)
    item = item_of(case, file)
    if item.dated.filter(page=page.number, start=start, undone_at=None).exists():
        raise AlreadyDecided("这个日期已经有人处理。请刷新后查看。")
    found = Dated.objects.create(
        item=item, page=page.number, start=start, end=named[2],
        words=page.core().flat[start : named[2]], confirmed=confirmed, on=on,
        says=says.strip() if confirmed else "", by=by, at=at,
    )  # fmt: skip
    kind = "date.confirmed" if confirmed else "date.rejected"
    facts = {"file": file.cited, "page": page.number, "on": on.isoformat(), "says": found.says}
    enter(kind, case, facts, by, at)
    return found


@transaction.atomic
def undo(*, dated: Dated, reason: str, by: User, at: datetime) -> Dated:
    """Take a decision back for a reason; the day is a candidate again."""
    case = dated.item.case
    require_on(by, "document.draft", case)
    dated = Dated.objects.select_for_update().get(pk=dated.pk)
    if dated.undone_at:
        raise Refusal("这个决定已经撤回。")
    if not reason.strip():
        raise Refusal("请写明撤回的理由，它随原来的决定一起留存。")
    dated.undone_at, dated.undone_by, dated.undone_reason = at, by, reason.strip()
    dated.save()
    facts = {"page": dated.page, "on": dated.on.isoformat(), "reason": dated.undone_reason}
    enter("date.undone", case, facts, by, at)
    return dated
