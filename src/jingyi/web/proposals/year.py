"""The year's report, computed from the shared list: from items to cases and back."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from jingyi.engines.reading.tables import to_docx
from jingyi.web.accounts.models import User
from jingyi.web.cases.models import Case
from jingyi.web.proposals.models import Body, Item, Link, Material
from jingyi.web.proposals.queries import items_for
from jingyi.web.registry.queries import offices_for


@dataclass(frozen=True, slots=True)
class Year:
    """One year and body: every number is a query over the list."""

    body: Body
    items: int
    leads: int
    sent: int
    accepted: int
    declined: int
    answered: int
    cases: int
    satisfied: int
    rated: int


def of(user: User, year: int) -> tuple[list[Year], int]:
    """Return the year's numbers by body, and how many items came back from material."""
    offices = offices_for(user, "proposals.read")
    items = items_for(user).filter(session__first_on__year=year)
    back = Material.objects.filter(
        office__in=offices, state=Material.State.TABLED, item__session__first_on__year=year
    ).count()
    return [_body(items.filter(session__body=body), body) for body in Body], back


def _body(items, body: Body) -> Year:
    numbers = list(items.values_list("pk", flat=True))
    chosen = Item.objects.filter(pk__in=numbers)

    def taken(kind: str) -> int:
        return chosen.filter(steps__kind=kind, steps__undone_at=None).distinct().count()

    links = Link.objects.filter(item__in=numbers, undone_at=None).exclude(verdict="no")
    cases = set(links.exclude(case=None).values_list("case", flat=True))
    cases |= set(links.exclude(suggestion=None).values_list("suggestion__case", flat=True))
    grown = Case.objects.filter(incidents__in=links.exclude(incident=None).values("incident"))
    cases |= set(grown.values_list("pk", flat=True))
    return Year(
        body, len(numbers), chosen.filter(is_lead=True).count(), taken("send"), taken("accept"),
        taken("decline"), taken("answer"), len(cases),
        chosen.filter(satisfaction__in=["satisfied", "mostly"]).count(),
        chosen.exclude(satisfaction="").count(),
    )  # fmt: skip


def as_docx(user: User, year: int, *, on: date) -> bytes:
    """Return the report as DOCX."""
    years, back = of(user, year)
    head = [_("类别"), _("建议提案件数"), _("筛出线索"), _("已移送件数"), _("作为线索"), _("不作为线索"), _("答复"), _("相关案件"), _("满意/已评")]  # fmt: skip
    rows = [
        [
            str(one.body.label), str(one.items), str(one.leads), str(one.sent), str(one.accepted),
            str(one.declined), str(one.answered), str(one.cases), f"{one.satisfied}/{one.rated}",
        ]
        for one in years
    ]  # fmt: skip
    title = _("%(year)s年建议提案与检察建议衔接转化情况") % {"year": year}
    about = _("截至 %(day)s，由共享清单计算；由检察建议转化为建议提案 %(back)s 件。") % {"day": on, "back": back}  # fmt: skip
    return to_docx(title, about, head, rows, [40, 22, 26, 22, 26, 30, 22, 30, 34])
