"""A closed case of the city's office with facts and steps on file."""

from datetime import timedelta
from itertools import count

import pytest

from jingyi.web.cases.documents.models import Fact
from jingyi.web.cases.models import Case, Event
from tests.factories import AT

_number = count(1)
STEPS = ("case.filed", "suggestion.served", "suggestion.replied", "verification.passed")


def closed(office, by, title="督促整治暗管排污案", *, steps=STEPS, facts=(), **values):
    """Return a closed case; `facts` are (text, articles)."""
    n = next(_number)
    given = {"track": "administrative", "domain": "eco-env", "state": "terminated"} | values
    made = Case.objects.create(
        ref=f"2026-{n:04}", office=office, title=title, handler=by, opened_on=AT.date(),
        defendant="永利洗涤有限公司", **given,
    )  # fmt: skip
    for place, kind in enumerate(steps):
        on = AT.date() + timedelta(days=place)
        Event.objects.create(case=made, kind=kind, on=on, place=place, by=by, at=AT)
    for text, articles in facts:
        Fact.objects.create(case=made, kind="breach", text=text, articles=articles, by=by, at=AT)
    return made


@pytest.fixture
def case(city, alice):
    fact = ("永利洗涤有限公司张建国经暗管排放废水，电话13855501234。", [["water-law", "第三条"]])
    return closed(city.office, alice, facts=[fact])
