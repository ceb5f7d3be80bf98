"""The second extension of a review goes to the office above, whose people decide and name the day."""

from datetime import date

import pytest

from jingyi.core.refusal import Refusal
from jingyi.web.cases.approvals import queries
from jingyi.web.cases.approvals.actions import requests
from jingyi.web.cases.approvals.models import Approval
from tests import factories
from tests.web.cases import course
from tests.web.cases.approvals.conftest import AT, ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def extension(city, bob, east_chief):
    """A county's review, extended once, put up for a second extension."""
    factories.person("eva", role="department-head", office=city.east)
    case = course.case(city.east, east_chief, bob, organ=city.water)
    course.served(case, east_chief)
    course.verified(case, bob, east_chief, "2026-10-09", ("not", "仍在排放"), ("fixed", "已查处"))
    course.step(case, "review.opened", "2026-10-12", bob)
    course.step(case, "review.extended.chief", "2026-11-02", east_chief)
    return ask(case, bob, "review.extend.superior", facts={"cause": "鉴定"}, until=date(2027, 1, 8))


def approve(approval, by, **values):
    approval.case.refresh_from_db()
    return requests.approve(
        approval=approval, on=date(2026, 11, 20), by=by, at=AT,
        version=approval.case.version, **values,
    )  # fmt: skip


def test_it_passes_the_own_chief_and_then_the_office_above(extension, east_chief, chief, charlie):
    head = queries.heads_of(extension.case).get()
    requests.review(approval=extension, agrees=True, text="", by=head, at=AT)
    assert not queries.waiting_for(chief).exists()
    up = approve(extension, east_chief)
    assert up.stage == Approval.Stage.SUPERIOR
    assert list(queries.waiting_for(chief)) == [extension]
    for who in (east_chief, charlie):
        with pytest.raises(Refusal):
            approve(extension, who, until=date(2027, 1, 8))
    with pytest.raises(Refusal, match="哪一天"):
        approve(extension, chief)

    done = approve(extension, chief, until=date(2027, 1, 15))

    assert done.event.until == date(2027, 1, 15)
    clock = done.case.clocks.get(rule="review.administrative")
    assert clock.due_raw == date(2027, 1, 15) or clock.due_on == date(2027, 1, 15)


def test_the_page_of_the_superior_shows_this_request(client, extension, east_chief, chief, city):
    head = queries.heads_of(extension.case).get()
    requests.review(approval=extension, agrees=True, text="", by=head, at=AT)
    other = factories.person("olga", role="chief", office=city.elsewhere)
    approve(extension, east_chief)

    client.force_login(chief)
    page = client.get(extension.get_absolute_url())
    assert page.status_code == 200
    assert 'name="approve-until"' in page.text
    client.force_login(other)
    assert client.get(extension.get_absolute_url()).status_code == 404
