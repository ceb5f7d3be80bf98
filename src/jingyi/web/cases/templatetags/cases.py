"""What the pages of cases say in words of their own: days of the calendar, facts of an event."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingyi.core import rulebook
from jingyi.core.procedure import Ground, State
from jingyi.core.words import Sentence
from jingyi.web.cases.forms import COMMISSIONS, MANNERS
from jingyi.web.cases.models import Case, Clock
from jingyi.web.cases.ribbon import Cell
from jingyi.web.cases.strip import anchor
from jingyi.web.ui import dates
from jingyi.web.ui.templatetags.ui import said

register = template.Library()

FACTS = {
    "asks": gettext_lazy("要求履行的职责"),
    "urgent": gettext_lazy("紧急情形"),
    "ground": gettext_lazy("事由"),
    "medium": gettext_lazy("发布媒体"),
    "office": gettext_lazy("受移送的检察院"),
    "recipient": gettext_lazy("送交哪个机关"),
    "manner": gettext_lazy("送达方式"),
    "court": gettext_lazy("受理法院"),
    "found": gettext_lazy("查明的情况"),
    "number": gettext_lazy("文号"),
    "note": gettext_lazy("说明"),
    "commission": gettext_lazy("委托事项"),
    "cause": gettext_lazy("理由"),
    "authority": gettext_lazy("决定或者委托"),
    "track": gettext_lazy("判决还是裁定"),
}
NAMED = dict(
    [*COMMISSIONS, *MANNERS, ("judgment", gettext_lazy("判决")), ("ruling", gettext_lazy("裁定"))]
)
MARKS = {
    "start": gettext_lazy("起算日，不计入"),
    "counted": gettext_lazy("计入"),
    "rest": gettext_lazy("休假日，计入"),
    "paused": gettext_lazy("不计入"),
    "rolled": gettext_lazy("休假日，顺延"),
    "due": gettext_lazy("最后一日"),
}


@register.filter
def day_said(cell: Cell) -> str:
    """Return what a day of the calendar is: ``2026-10-01（周四） 国庆节：休假日，顺延``."""
    parts = [dates.day(cell.day), str(MARKS.get(cell.mark, ""))]
    if cell.why and cell.mark in {"rest", "rolled", "due", "paused"}:
        parts.insert(1, said(cell.why))
    return " · ".join(part for part in parts if part)


@register.simple_tag
def weekdays() -> list[tuple[str, str]]:
    """Return (short, long) names of the days from Monday."""
    if dates.chinese():
        return [(name, f"星期{name}") for name in dates.WEEKDAYS]
    return [(name[:2], name) for name in dates.DAYS]


@register.filter
def fact_name(name: str) -> object:
    """Return how a fact of an event is called."""
    return FACTS.get(name, name)


@register.filter
def fact_value(value: Any, grounds: Mapping[str, Ground]) -> str:
    """Return a fact as people read it."""
    if value is True:
        return _("是")
    if isinstance(value, list):
        return "；".join(str(item) for item in value)
    if value in grounds:
        return said(grounds[value].title)
    return str(NAMED.get(value, value))


@register.filter
def state_of(case: Case) -> State:
    """Return the state a case is in, from the rulebook."""
    return rulebook.states(case.track).states[case.state]


@register.filter
def rule_title(rule: str) -> str:
    """Return the title of a clock's rule."""
    return said(rulebook.clock(rule).title)


@register.filter
def clock_anchor(clock: Clock) -> str:
    """Return the anchor of a stored clock on its case's page."""
    return anchor(clock.rule, clock.started_on)


@register.filter
def is_reading(step: Sentence) -> bool:
    """Tell whether a step of a derivation is our own reading rather than the text of the law."""
    return "推定" in step.text
