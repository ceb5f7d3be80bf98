"""The monthly report: every figure is a query, and its page shows the very rows it counted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from jingyi.core.words import Sentence, say
from jingyi.web.accounts.models import User
from jingyi.web.registry.models import Organ
from jingyi.web.station.shared import queries
from jingyi.web.station.shared.models import Clue, Due, Joint, Row

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month; `last` is inclusive."""

    first: date

    @property
    def last(self) -> date:
        return self.next - DAY

    @property
    def next(self) -> date:
        return (self.first + timedelta(days=32)).replace(day=1)

    @property
    def before(self) -> date:
        return (self.first - DAY).replace(day=1)

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures: what `user` sees, of all organs or of one."""

    user: User
    organ: Organ | None = None

    def rows(self, kind: str) -> QuerySet[Row]:
        found = queries.rows_for(self.user).filter(kind=kind)
        return found.filter(organ=self.organ) if self.organ else found

    def clues(self) -> QuerySet[Clue]:
        found = queries.clues_for(self.user).exclude(state=Clue.State.TAKEN_BACK)
        return found.filter(organ=self.organ) if self.organ else found

    def joint(self) -> QuerySet[Joint]:
        found = queries.joint_for(self.user)
        return found.filter(organs=self.organ) if self.organ else found


Counted = Callable[[Scope, Month], QuerySet]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the report: what it counts, and the query that counts it."""

    id: str
    part: str
    title: Sentence
    of: str  # rows, clues or joint: how its rows are shown
    counted: Counted


PARTS = {
    "clues": say("线索双向移送"),
    "penalty": say("行政处罚"),
    "limit": say("临近申请强制执行期限"),
    "others": say("许可、监测和移送公安"),
    "joint": say("联合检查和培训"),
}


def _dated(kind: str, column: str) -> Counted:
    return lambda scope, month: scope.rows(kind).filter(
        **{f"values__{column}__startswith": str(month)}
    )


def _clues(way: str, moment: str, **more: object) -> Counted:
    def counted(scope: Scope, month: Month) -> QuerySet:
        within = {f"{moment}__gte": _start(month.first), f"{moment}__lt": _start(month.next)}
        return scope.clues().filter(way=way, **within, **more)

    return counted


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _due(kind: str, rule: str, *, earlier: bool = False) -> Counted:
    """Count rows with an open last day in the month, or with one before it."""

    def counted(scope: Scope, month: Month) -> QuerySet:
        within = {"due_on__lt": month.first} if earlier else {
            "due_on__gte": month.first, "due_on__lte": month.last
        }  # fmt: skip
        asked = Due.objects.filter(row=OuterRef("pk"), rule=rule, open=True, **within)
        return scope.rows(kind).filter(Exists(asked))

    return counted


def _joint(kind: str) -> Counted:
    return lambda scope, month: scope.joint().filter(
        kind=kind, state=Joint.State.HELD, on__gte=month.first, on__lte=month.last
    )


OUT, IN = Clue.Way.TO_ORGAN, Clue.Way.TO_OFFICE
APPLY = "enforcement.apply"
FIGURES = (
    Figure("clues-to-organ", "clues", say("检察院移送行政机关的线索"), "clues", _clues(OUT, "at")),
    Figure("organ-accepted", "clues", say("行政机关在本月受理"), "clues",
           _clues(OUT, "decided_at", decision="accepted")),
    Figure("organ-answered", "clues", say("行政机关在本月答复处理结果"), "clues", _clues(OUT, "answered_at")),
    Figure("clues-to-office", "clues", say("行政机关移送检察院的线索"), "clues", _clues(IN, "at")),
    Figure("office-accepted", "clues", say("检察院在本月受理"), "clues",
           _clues(IN, "decided_at", decision="accepted")),
    Figure("filed", "penalty", say("立案的案件"), "rows", _dated("penalty", "filed_on")),
    Figure("decided", "penalty", say("作出处罚决定"), "rows", _dated("penalty", "decided_on")),
    Figure("performed", "penalty", say("履行完毕"), "rows", _dated("penalty", "performed_on")),
    Figure("asked-court", "penalty", say("申请法院强制执行"), "rows", _dated("penalty", "applied_on")),
    Figure("limit-month", "limit", say("申请强制执行期限在本月届满，仍未申请"), "rows",
           _due("penalty", APPLY)),
    Figure("limit-passed", "limit", say("此前已经届满，仍未申请"), "rows",
           _due("penalty", APPLY, earlier=True)),
    Figure("unperformed-month", "limit", say("未履行台账：本月届满"), "rows",
           _due("unperformed", APPLY)),
    Figure("unperformed-passed", "limit", say("未履行台账：此前已经届满"), "rows",
           _due("unperformed", APPLY, earlier=True)),
    Figure("licences-ending", "others", say("许可在本月到期，没有延续或者注销"), "rows",
           _due("licence", "stated.expires_on")),
    Figure("exceedances", "others", say("监测超标"), "rows", _dated("exceedance", "found_on")),
    Figure("exceedances-open", "others", say("决定是否立案的期限在本月，尚未决定"), "rows",
           _due("exceedance", "exceedance.file")),
    Figure("police", "others", say("移送公安机关"), "rows", _dated("crime-transfer", "sent_on")),
    Figure("inspections", "joint", say("联合检查"), "joint", _joint("inspection")),
    Figure("trainings", "joint", say("培训"), "joint", _joint("training")),
    Figure("meetings", "joint", say("会商"), "joint", _joint("meeting")),
)  # fmt: skip
BY_ID = {one.id: one for one in FIGURES}


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of the report with its figures."""

    title: Sentence
    figures: list[tuple[Figure, int]]

    @property
    def empty(self) -> bool:
        return not any(count for _, count in self.figures)


def report(scope: Scope, month: Month) -> list[Part]:
    """Return every figure of a month, by heading; one query a figure, whatever there is."""
    counts = {one.id: one.counted(scope, month).distinct().count() for one in FIGURES}
    return [
        Part(title, [(one, counts[one.id]) for one in FIGURES if one.part == part])
        for part, title in PARTS.items()
    ]


def month_of(text: str, *, on: date) -> Month:
    """Return the month written as YYYY-MM; the month of `on` where it is none."""
    try:
        year, number = map(int, text.split("-"))
        return Month(date(year, number, 1)) if 1990 <= year <= 2099 else Month(on.replace(day=1))
    except ValueError:
        return Month(on.replace(day=1))
