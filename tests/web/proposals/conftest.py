"""A city's congress and CPPCC, their offices, a deputy, and a session."""

from datetime import date

import pytest

from jingyi.web.proposals.actions import importing
from jingyi.web.proposals.files import Read
from tests import factories
from tests.web.cases import course
from tests.web.cases.conftest import as_alice, as_chief, case, served_case  # noqa: F401

MARCH = course.noon("2026-03-02")
TEXT = "东津河三号桥下游有暗管向河里排黑水，气味刺鼻，鱼类死亡，建议查处。"


@pytest.fixture
def npc(city):
    organ = factories.organ("zy-npc", "沚阳市人大常委会", city.office.region)
    return factories.person("npc", role="npc-office", organ=organ)


@pytest.fixture
def cppcc(city):
    organ = factories.organ("zy-cppcc", "政协沚阳市委员会", city.office.region)
    return factories.person("cppcc", role="cppcc-office", organ=organ)


@pytest.fixture
def deputy(city):
    return factories.person("deputy", role="deputy", office=city.office)


@pytest.fixture
def session(city, npc, alice):
    return importing.open_session(
        office=city.office, organ=npc.posts.get().organ, body="npc", name="六届五次会议",
        first_on=date(2026, 2, 1), last_on=date(2026, 2, 5), by=alice, at=MARCH,
    )  # fmt: skip


def read(number="12", **values):
    given = {
        "title": "关于整治东津河暗管排污的建议",
        "text": TEXT,
        "proposers": ("Deputy", "王委员"),
    }
    return Read(1, number, **{**given, "assigned_on": date(2026, 3, 1), **values})


@pytest.fixture
def item(session, npc, deputy):
    return importing.type_in(session=session, read=read(), by=npc, at=MARCH)
