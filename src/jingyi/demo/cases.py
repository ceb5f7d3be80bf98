"""The cases: 613 administrative and 191 civil, 542 suggestions and 135 civil suits, each lawful.

Which stories become cases is drawn by lot among those for which the law opens a case; how each
goes is a course (courses.py) up to the demo's present. The cases room reads the events and finds
state, clocks and suggestions by the rulebook, refusing any course that is not lawful.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from jingyi.core import domains, rulebook
from jingyi.core.casefile import FILED
from jingyi.demo import courses
from jingyi.demo.chance import dice
from jingyi.demo.courses import Step
from jingyi.demo.geography import shapes
from jingyi.demo.institutions import Institutions
from jingyi.demo.reports import HERE, Taken
from jingyi.demo.stories import NOW
from jingyi.web.accounts.models import User
from jingyi.web.cases import derive
from jingyi.web.cases.actions import act_of
from jingyi.web.cases.models import Case, Event
from jingyi.web.leads.models import Incident
from jingyi.web.ledger.actions import Act
from jingyi.web.registry.models import Organ

ADMINISTRATIVE, CIVIL = 613, 191
SUGGESTIONS, SUITS = 542, 135
TODAY = NOW.astimezone(HERE).date()
SHORT = {"zy": "沚检", "zy-dj": "沚东检", "zy-ww": "沚望检", "zy-xl": "沚西检", "zy-nw": "沚南检"}
KEPT = ("保护", "管护", "监管", "落实", "权益保障")  # what one carries out rather than puts right


@dataclass(slots=True)
class Plan:
    """One case to be: which story it is of, how it goes, what is put on file."""

    n: int  # index of the story
    taken: Taken
    track: str
    opened: date
    dice: Random
    words: dict[str, Any]
    steps: list[Step]
    title: str = ""


@cache
def worked() -> dict[str, Any]:
    """Return the case told whole (worked.toml)."""
    return tomllib.loads((Path(__file__).parent / "worked.toml").read_text("utf-8"))


# ---------------------------------------------------------------- which stories become cases


def plans(taken: Sequence[Taken]) -> list[Plan]:
    """Return all 804 cases to be, by the day they were opened."""
    civil = _civil(taken)
    chosen = [*civil, *_administrative(taken, {plan.n for plan in civil})]
    chosen.sort(key=lambda plan: (plan.opened, plan.n))
    _number(chosen)
    return chosen


def _candidates(taken: Sequence[Taken], track: str) -> Iterator[Plan]:
    for n, one in enumerate(taken):
        if not one.story.domain or bool(one.story.kind.get("civil")) < (track == "civil"):
            continue
        own = dice("case", one.story.kind["id"], one.story.number)
        opened = courses.workday(
            one.story.begun.astimezone(HERE).date() + timedelta(days=own.randint(7, 38))
        )
        if opened <= TODAY and _lawful(one, track, opened):
            yield Plan(n, one, track, opened, own, _words(one, track), [])


def _lawful(one: Taken, track: str, opened: date) -> bool:
    try:
        domains.may_open(rulebook.domain(one.story.domain), track, one.office.level, fact_on=opened)
    except domains.MayNotOpen:
        return False
    return True


def _draw(found: list[Plan], count: int, weight: Any) -> list[Plan]:
    """Draw `count` plans without putting back, heavier ones sooner."""
    drawn = sorted(found, key=lambda plan: plan.dice.random() ** (1 / weight(plan)), reverse=True)
    if len(drawn) < count:
        msg = f"only {len(drawn)} stories for {count} cases"
        raise ValueError(msg)
    return drawn[:count]


def _civil(taken: Sequence[Taken]) -> list[Plan]:
    chosen = _draw(
        list(_candidates(taken, "civil")),
        CIVIL,
        lambda plan: plan.taken.story.kind["civil"] ** 2 * 4,
    )
    for plan in chosen:
        plan.steps = _walk(plan, courses.sued)
    reached = [plan for plan in chosen if courses.reaches(plan.steps, "case.sued")]
    for plan in _spare(reached, SUITS):
        plan.steps = _walk(plan, courses.pick(courses.UNSUED, plan.dice))
    return chosen


def _administrative(taken: Sequence[Taken], gone: set[int]) -> list[Plan]:
    found = [plan for plan in _candidates(taken, "administrative") if plan.n not in gone]
    whole = next(plan for plan in found if plan.taken.story.worked)
    rest = [plan for plan in found if plan is not whole]
    chosen = _draw(rest, ADMINISTRATIVE - 1, lambda plan: 1 + len(plan.taken.story.told) / 3)
    for plan in chosen:
        plan.steps = _walk(plan, courses.pick(courses.SUGGESTED, plan.dice))
    _let_some_stay_silent(chosen)
    reached = [plan for plan in chosen if courses.reaches(plan.steps, "suggestion.decided")]
    for plan in _spare(reached, SUGGESTIONS - 1):
        plan.steps = _walk(plan, courses.pick(courses.UNSUGGESTED, plan.dice))
    whole.steps = [
        Step(step["kind"], step["on"], {k: v for k, v in step.items() if k not in {"kind", "on"}})
        for step in worked()["step"]
    ]
    whole.opened, whole.title = whole.steps[0].on, worked()["title"]
    return [whole, *chosen]


def _let_some_stay_silent(chosen: list[Plan]) -> None:
    """Let a few organs stay silent up to now, so that something is overdue."""
    due = [
        plan
        for plan in chosen
        if (served := _day_of(plan.steps, "suggestion.served"))
        and TODAY - timedelta(days=100) < served < TODAY - timedelta(days=63)
    ]
    for plan in due[:5]:
        plan.steps = _walk(plan, courses.silent)


def _day_of(steps: Sequence[Step], kind: str) -> date | None:
    return next((step.on for step in steps if step.kind == kind), None)


def _walk(plan: Plan, course: courses.Course) -> list[Step]:
    own = dice("walk", course.__name__, plan.taken.story.number)
    return courses.walk(course, plan.opened, plan.words, own, until=TODAY)


def _spare(reached: list[Plan], wanted: int) -> list[Plan]:
    """Return those beyond the wanted number; the latest are left as they are."""
    if len(reached) < wanted:
        msg = f"only {len(reached)} reach it, {wanted} are wanted"
        raise ValueError(msg)
    order = sorted(reached, key=lambda plan: dice("spare", plan.taken.story.number).random())
    return order[wanted:]


# ---------------------------------------------------------------- what is put on file


def _words(one: Taken, track: str) -> dict[str, Any]:
    story = one.story
    asks = [ask.format(**story.gaps) for ask in story.kind["asks"]]
    about = story.case_title
    done = "；".join(f"{n}.{ask}——已落实" for n, ask in enumerate(asks, 1))
    court = (
        "沚阳市中级人民法院" if one.office.level == "city" else f"{one.office.region.name}人民法院"
    )
    return {
        "filing": "?filing",  # filled in when all cases are in order
        "number": "?number",
        "asks": asks,
        "court": court,
        "heroes": story.domain == "heroes" and track == "civil",
        "appraisal": f"就{about}的损害程度委托专业机构检测评估。",
        "consulted": f"与行政机关就{about}的事实、职责和整改方案交换意见，形成会议纪要。",
        "concluded": f"经现场勘查、调取资料和询问，查明{about}的事实。",
        "followed": f"到{story.gaps['short']}现场查看，整改正在进行。",
        "replied": f"来函说明整改情况：{done}。附前后对比照片。",
        "verified": f"现场逐项核实：{done}。",
        "failed": f"现场核实：“{asks[0]}”尚未完成，其余已落实。",
        "lookback": "未发现反弹。",
        "hindered": "已制定整改方案并落实经费，因汛期（或冬季）施工条件限制不能按期完工。",
        "judged": "诉讼请求全部得到支持。",
    }


def _number(chosen: list[Plan]) -> None:
    """Give each case the official numbers that come from elsewhere, in the order of opening."""
    counted: Counter[tuple[str, int, str]] = Counter()
    for plan in chosen:
        code = plan.taken.office.code
        plan.words["filing"] = _next(
            counted, code, plan.opened, "民公立" if plan.track == "civil" else "行公立"
        )
        if not plan.title:
            kind = "民公诉" if plan.track == "civil" else "行公建"
            plan.words["number"] = _next(counted, code, plan.opened, kind)
            plan.title = _title(plan)
        for step in plan.steps:
            if step.facts.get("number", "").startswith("?"):
                step.facts["number"] = plan.words[step.facts["number"][1:]]


def _next(counted: Counter[tuple[str, int, str]], code: str, on: date, kind: str) -> str:
    counted[code, on.year, kind] += 1
    return f"{SHORT[code]}{kind}〔{on.year}〕{counted[code, on.year, kind]}号"


def _title(plan: Plan) -> str:
    about = plan.taken.story.case_title
    if plan.track == "civil":
        incidental = plan.taken.office.level == "county" and not plan.words["heroes"]
        return f"{about}{'刑事附带' if incidental else ''}民事公益诉讼案"
    verb = "督促落实" if about.endswith(KEPT) else "督促整治"
    return f"{verb}{about}行政公益诉讼案"


# ---------------------------------------------------------------- writing


def load(
    made: Institutions, chosen: Sequence[Plan], incidents: Sequence[Incident]
) -> tuple[dict[int, tuple[str, datetime, User]], list[Act]]:
    """Write the cases; return what was filed of which story, and the acts to record."""
    rows = list(_cases(made, chosen))
    Case.objects.bulk_create(rows, batch_size=400)
    through = Case.incidents.through
    through.objects.bulk_create(
        through(case=case, incident=incidents[plan.n])
        for plan, case in zip(chosen, rows, strict=True)
    )
    events = [
        event
        for plan, case in zip(chosen, rows, strict=True)
        for event in _events(made, plan, case)
    ]
    Event.objects.bulk_create(events, batch_size=800)
    derive.rewrite(rows, on=TODAY)
    filed = {
        plan.n: (case.ref, _moment(plan.opened, plan.dice), _chief(made, case))
        for plan, case in zip(chosen, rows, strict=True)
    }
    leads = {case.ref: incidents[plan.n].ref for plan, case in zip(chosen, rows, strict=True)}
    return filed, [_act(event, leads[event.case.ref]) for event in events]


def _cases(made: Institutions, chosen: Sequence[Plan]) -> Iterator[Case]:
    years: Counter[int] = Counter()
    for plan in chosen:
        years[plan.opened.year] += 1
        office, story = plan.taken.office, plan.taken.story
        lon, lat = shapes.degrees(story.at)
        handlers = made.staff[office.code, "prosecutor"]
        civil = plan.track == "civil"
        yield Case(
            ref=f"{plan.opened.year}-{years[plan.opened.year]:04d}",
            office=office,
            department=made.departments.get(office.code),
            track=plan.track,
            domain=story.domain,
            title=plan.title,
            state=rulebook.states(plan.track).first,
            organ=None if civil else _organ(made, plan),
            defendant=_defendant(plan) if civil else "",
            handler=handlers[0] if story.worked else _handler(handlers, plan.dice),
            opened_on=plan.opened,
            fact_from=story.begun.astimezone(HERE).date(),
            fact_to=plan.opened if plan.n % 3 else None,  # one in three goes on
            lon=lon,
            lat=lat,
            version=len(plan.steps),
        )


def _handler(handlers: Sequence[User], own: Random) -> User:
    return own.choices(handlers, [2, *[1] * (len(handlers) - 1)])[0]


def _organ(made: Institutions, plan: Plan) -> Organ:
    """Return who answers for it, of the office's own level."""
    story, office = plan.taken.story, plan.taken.office
    slugs = [worked()["organ"]] if story.worked else list(story.kind["organs"])
    if not story.worked:
        plan.dice.shuffle(slugs)
    for slug in slugs:
        if slug == "town" and office.level == "county":
            return made.town(story.gaps["town"])
        if found := made.organs.get(f"{office.code}-{slug}"):
            return found
    return made.organs[f"{office.code}-eco"]


def _defendant(plan: Plan) -> str:
    kind, gaps = plan.taken.story.kind, plan.taken.story.gaps
    if "firm" in kind:
        return f"沚阳{gaps['firm']}"
    if "shop" in kind:
        return f"{gaps['district']}{gaps['shop'].strip('“”')}"
    return f"{plan.dice.choice('王李张刘陈杨赵黄周吴')}某等{plan.dice.randint(2, 4)}人"


def _chief(made: Institutions, case: Case) -> User:
    return made.staff[case.office.code, "chief"][0]


def _events(made: Institutions, plan: Plan, case: Case) -> Iterator[Event]:
    for place, step in enumerate(plan.steps, 1):
        decides = act_of(case, step.kind) in {"case.decide", "case.open"}
        yield Event(
            case=case,
            kind=step.kind,
            on=step.on,
            place=place,
            until=step.until,
            facts=step.facts,
            by=_chief(made, case) if decides else case.handler,
            at=_moment(step.on, plan.dice),
        )


def _moment(on: date, own: Random) -> datetime:
    """Return a moment of that working day, not in the demo's future."""
    at = datetime.combine(on, clock_time(9 + own.randrange(8), own.randrange(60)), HERE)
    return min(at, NOW)


def _act(event: Event, lead: str) -> Act:
    """Return the act as the room records it; the filing says what the case is."""
    case = event.case
    facts: dict[str, Any] = {
        "event": event.kind,
        "on": event.on.isoformat(),
        "until": None,
        "place": event.place,
        "facts": event.facts,
        "exhibit": None,
        "state": case.state,
    }
    if event.kind == FILED:
        facts |= {
            "track": case.track,
            "domain": case.domain,
            "organ": case.organ.code if case.organ else "",
            "handler": case.handler.username,
            "incidents": [lead],
        }
    return Act(event.kind, f"case:{case.ref}", event.at, event.by, case.office.code, facts)
