"""A case whose next step the chief procurator decides, and the people of the chain."""

import pytest

from jingyi.core import rulebook
from jingyi.web.cases.approvals.actions import requests
from tests import factories
from tests.web.cases import course
from tests.web.cases.conftest import as_alice, as_chief, case, east_chief, served_case, stranger

__all__ = ["as_alice", "as_chief", "case", "east_chief", "served_case", "stranger"]
AT = course.noon("2026-11-20")


@pytest.fixture
def head(city):
    """The head of a department of the city office."""
    return factories.person("heidi", role="department-head", office=city.office)


@pytest.fixture
def concluded(case, alice):
    """The case, investigated: a suggestion may be decided on."""
    for kind, day in course.TO_SERVICE[:3]:
        course.step(case, kind, day, alice)
    return case


@pytest.fixture
def asked(concluded, alice, head):
    """A suggestion put up for approval, waiting for the head's review."""
    return ask(concluded, alice)


def ask(case, by, step="suggestion.decide", **values):
    case.refresh_from_db()
    facts = values.pop("facts", {"asks": ["封堵暗管"]})
    found = rulebook.states(case.track).steps[step]
    values = {"grounds": "暗管仍在排放。", "draft": "建议封堵暗管。", **values}
    return requests.ask(case=case, step=found, facts=facts, by=by, at=AT, **values)


@pytest.fixture
def as_head(client, head):
    client.force_login(head)
    return client
