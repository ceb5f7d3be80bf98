"""An organ with a liaison, a reviewer and a leader; a suggestion decided but not served."""

import pytest

from jingyi.web.station.actions import matters
from tests import factories
from tests.web.cases import course
from tests.web.cases.conftest import as_alice, as_chief, case, served_case  # noqa: F401


@pytest.fixture
def people(city):
    """Who sits in the water bureau's station, by role."""
    roles = {"liaison": "liaison", "reviewer": "organ-reviewer", "leader": "organ-leader"}
    return {
        name: factories.person(name, role=role, organ=city.water) for name, role in roles.items()
    }


@pytest.fixture
def outsider(city):
    """The leader of another organ."""
    return factories.person("outsider", role="organ-leader", organ=city.market)


@pytest.fixture
def decided(case, chief):  # noqa: F811
    """A suggestion of 31 July 2026, not yet served."""
    for kind, day in course.TO_SERVICE:
        facts = {"asks": ["封堵暗管", "查处违法排污"]} if kind == "suggestion.decided" else {}
        course.step(case, kind, day, chief, facts=facts)
    return case.suggestions.get()


@pytest.fixture
def sent(decided, people, alice):
    return matters.send(suggestion=decided, by=alice, at=course.noon("2026-08-03"))


@pytest.fixture
def received(sent, people):
    from datetime import date

    return matters.receive(
        matter=sent, on=date(2026, 8, 3), by=people["liaison"], at=course.noon("2026-08-03")
    )
