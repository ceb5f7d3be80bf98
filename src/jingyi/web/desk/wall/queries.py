"""The counts of the wall: of what one may read, each with the address of its rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jingyi.core import brands as brand_book
from jingyi.core import rulebook
from jingyi.web.accounts.models import User
from jingyi.web.brands.queries import brands_for
from jingyi.web.cases import queries as cases
from jingyi.web.desk import queries as desk
from jingyi.web.desk.wall.flow import Node
from jingyi.web.lab.models import Sample
from jingyi.web.lab.queries import samples_for
from jingyi.web.leads.models import Incident
from jingyi.web.leads.queries import incidents_for
from jingyi.web.places.queries import places_for
from jingyi.web.registry.queries import acts_of
from jingyi.web.screening.queries import hits_for
from jingyi.web.ui.templatetags.ui import said, title_of

State = Incident.State
MOST = 8  # rows of a tile


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: what it is, how many, and where its rows are."""

    title: str
    n: int
    url: str


@dataclass(frozen=True, slots=True)
class Tile:
    """Numbers that belong together; `most` is the largest, for their bars."""

    id: str
    title: str
    figures: list[Figure]

    @property
    def most(self) -> int:
        return max((one.n for one in self.figures), default=0)


def flow(user: User) -> list[Node]:
    """Return the counts from what was reported to what is closed."""
    found = incidents_for(user).exclude(state=State.MERGED)
    counts = found.aggregate(
        all=Count("pk"),
        leads=Count("pk", filter=Q(is_lead=True)),
        waiting=Count("pk", filter=Q(is_lead=True, state__in=[State.NEW, State.TAKEN])),
        watched=Count("pk", filter=Q(is_lead=True, state=State.WATCHED)),
        declined=Count("pk", filter=Q(is_lead=True, state=State.DECLINED)),
    )
    mine = cases.cases_for(user)
    desk_of = lambda **asked: _url("leads:desk", **asked)  # noqa: E731
    cases_of = lambda **asked: _url("cases:list", **asked)  # noqa: E731
    nodes = [
        Node("all", _("反映的事"), counts["all"], 0, desk_of(state="all", kind="all")),
        Node("leads", _("公益诉讼线索"), counts["leads"], 1, desk_of(state="all"), "all"),
        Node("aside", _("不作线索"), counts["all"] - counts["leads"], 1, desk_of(state="all", kind="aside"), "all"),
        Node("filed", _("立案"), mine.count(), 2, cases_of(), "leads"),
        Node("waiting", _("待处理和评估中"), counts["waiting"], 2, desk_of(), "leads"),
        Node("watched", pgettext("flow", "持续关注"), counts["watched"], 2, desk_of(state="watched"), "leads"),
        Node("declined", pgettext("flow", "不予受理"), counts["declined"], 2, desk_of(state="declined"), "leads"),
    ]  # fmt: skip
    for track, title in (
        ("administrative", pgettext("flow", "行政")),
        ("civil", pgettext("flow", "民事")),
    ):
        own = mine.filter(track=track)
        nodes.append(Node(track, title, own.count(), 3, cases_of(track=track), "filed"))
        for phase, words in (("closed", _("已结")), ("open", _("在办"))):
            n = cases.in_phase(own, closed=phase == "closed").count()
            url = cases_of(track=track, phase=phase)
            nodes.append(Node(f"{track}-{phase}", words, n, 4, url, track))
    return nodes


def tiles(user: User, on: date) -> list[Tile]:
    """Return the tiles that the person's posts let them open."""
    acts = acts_of(user)
    made: list[tuple[str, Callable[[], Tile]]] = [
        ("case.read", lambda: _clocks(user, on)),
        ("case.read", lambda: _work(user)),
        ("lead.read", lambda: _domains(user)),
        ("place.read", lambda: _places(user)),
        ("screening.read", lambda: _models(user)),
        ("lab.read", lambda: _lab(user)),
        ("brands.read", lambda: _brands(user)),
    ]
    return [make() for act, make in made if act in acts]


def _clocks(user: User, on: date) -> Tile:
    clocks = desk.clocks_of(user, own=False)
    words = {
        "overdue": pgettext("heading", "已逾期"),
        "today": _("今天到期"),
        "week": _("七日内到期"),
    }
    figures = [
        Figure(title, desk.due(clocks, name, on=on).total, _url("desk:clocks", whose="office", due=name))
        for name, title in words.items()
    ]  # fmt: skip
    return Tile("clocks", pgettext("heading", "期限"), figures)


def _work(user: User) -> Tile:
    mine = cases.cases_for(user)
    sued = cases.with_step(mine.filter(track="civil"), "case.sued").count()
    return Tile(
        "work", _("办案"),
        [
            Figure(_("检察建议"), cases.suggestions_for(user).count(), reverse("cases:suggestions")),
            Figure(_("已提起民事公益诉讼"), sued, _url("cases:list", track="civil", step="case.sued")),
            Figure(_("待检察长决定"), cases.waiting_for(user).count(), reverse("desk:today")),
        ],
    )  # fmt: skip


def _domains(user: User) -> Tile:
    found = incidents_for(user).filter(is_lead=True).exclude(state=State.MERGED)
    counted = (
        found.order_by().values_list("domain").annotate(n=Count("pk")).order_by("-n", "domain")
    )
    figures = [
        Figure(
            title_of(rulebook.domain(slug)) if slug else _("未定领域"), n,
            _url("leads:desk", state="all", domain=slug or "none"),
        )
        for slug, n in counted
    ]  # fmt: skip
    return Tile("domains", _("线索的领域"), figures[: MOST + 4])


def _places(user: User) -> Tile:
    open_ones = Q(incidents__is_lead=True, incidents__state__in=[State.NEW, State.TAKEN])
    open_ones &= Q(incidents__in=incidents_for(user))
    found = places_for(user).annotate(n=Count("incidents", filter=open_ones)).filter(n__gt=0)
    figures = [
        Figure(title_of(place, "name"), place.n, _url("leads:desk", place=place.code))
        for place in found.order_by("-n", "code")[:MOST]
    ]
    return Tile("places", _("有待处理线索的保护对象"), figures)


def _models(user: User) -> Tile:
    found = hits_for(user).aggregate(
        all=Count("standing", distinct=True),
        leads=Count("standing", filter=Q(standing__report__isnull=False), distinct=True),
        filed=Count(
            "standing",
            filter=Q(standing__report__finding__incident__state=State.FILED),
            distinct=True,
        ),
    )
    url = reverse("screening:models")
    words = {"all": _("监督模型命中"), "leads": _("其中成为线索"), "filed": _("其中立案")}
    return Tile("models", _("监督模型"), [Figure(t, found[k], url) for k, t in words.items()])


def _lab(user: User) -> Tile:
    samples = samples_for(user)
    url = reverse("lab:home")
    counted: dict[str, Any] = samples.aggregate(all=Count("pk"))
    waiting = Sample.objects.filter(pk__in=samples, results=None).count()
    return Tile("lab", _("实验室"), [Figure(_("样品"), counted["all"], url), Figure(_("等待检测的样品"), waiting, url)])  # fmt: skip


def _brands(user: User) -> Tile:
    counted = dict(brands_for(user).order_by().values_list("stage").annotate(n=Count("pk")))
    figures = [
        Figure(said(stage.title), counted[name], _url("brands:list", stage=name))
        for name, stage in brand_book.book().stages.items()
        if counted.get(name)
    ]
    return Tile("brands", _("品牌"), figures)


def _url(name: str, **asked: str) -> str:
    return f"{reverse(name)}?{urlencode(asked)}" if asked else reverse(name)
