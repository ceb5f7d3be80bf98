"""The rows of a measure as people read them: which case, which day, and why it counts or not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _

from jingyi.core import rulebook
from jingyi.core.measures.definitions import Measure
from jingyi.core.measures.rows import HIT, OUT, Rows
from jingyi.core.words import Sentence
from jingyi.web.accounts.models import User
from jingyi.web.cases import queries
from jingyi.web.cases.measures.counting import ROWS_OF, Measured
from jingyi.web.leads.queries import incidents_for
from jingyi.web.registry.queries import acts_of
from jingyi.web.ui.templatetags.ui import said


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `url` is empty where the reader may not open it."""

    ref: str
    title: str
    url: str
    on: date
    result: int
    rule: Sentence | None
    why: Sentence
    value: int | None

    @property
    def counts(self) -> str:
        """What the row is: counted and a hit, counted only, or not counted."""
        if self.result == OUT:
            return _("不计入")
        return _("符合") if self.result == HIT else _("不符合")


def chosen(mine: Measured, measure: Measure, which: str, rule: str = "") -> Rows:
    """Return the rows of one kind (a key of ROWS_OF), the latest first."""
    rows = mine.rows(measure, rule)
    rows = rows.take(np.isin(rows.result, ROWS_OF[which]))
    return rows.take(np.argsort(-rows.on, kind="stable"))


def lines(user: User, mine: Measured, measure: Measure, rows: Rows, places: range) -> list[Line]:
    """Return the rows at `places` as lines, with the titles of what `user` may open."""
    names = mine.names(measure)
    titles = _titles(user, measure, {names[rows.unit[place]] for place in places})
    many = len(rows.rules) > 1
    found = []
    for place in places:
        ref = names[rows.unit[place]]
        title, url = titles.get(ref, ("", ""))
        rule = rulebook.clock(rows.rules[rows.rule[place]]).title if many else None
        value = int(rows.value[place]) if measure.kind == "median" else None
        on = date.fromordinal(int(rows.on[place]))
        result = int(rows.result[place])
        found.append(Line(ref, title, url, on, result, rule, rows.says(place), value))
    return found


def _titles(user: User, measure: Measure, refs: set[str]) -> dict[str, tuple[str, str]]:
    """Return title and address by reference."""
    if measure.unit == "report":
        if "report.read" not in acts_of(user):
            return {}
        return {ref: ("", reverse("intake:report_detail", args=[ref])) for ref in refs}
    if measure.unit == "proposal":
        if "proposals.read" not in acts_of(user):
            return {}
        return {ref: ("", reverse("proposals:item", args=[ref])) for ref in refs}
    if measure.unit == "lead":
        things = incidents_for(user).filter(ref__in=refs).only("ref", "title")
    else:
        things = queries.cases_for(user).filter(ref__in=refs).only("ref", "title")
    return {thing.ref: (thing.title, thing.get_absolute_url()) for thing in things}


def head() -> list[str]:
    """Return the headings of an exported table."""
    return [_("编号"), _("名称"), _("日期"), _("期限"), _("是否计入"), _("为什么"), _("天数")]


def cells(found: Iterable[Line]) -> Iterator[list[str]]:
    """Return lines as the cells of an exported table."""
    for line in found:
        yield [
            line.ref,
            line.title,
            line.on.isoformat(),
            said(line.rule),
            line.counts,
            said(line.why),
            "" if line.value is None else str(line.value),
        ]
