"""Art. 69: one organ and one kind of violation is one case, until the suggestion is sent."""

from datetime import date

import pytest
from django.urls import reverse

from jingyi.core.refusal import Refusal
from jingyi.web.cases import actions as cases
from jingyi.web.cases.moves import merging
from tests.web.cases import course

pytestmark = pytest.mark.django_db
NOON = course.noon("2026-11-20")


@pytest.fixture
def earlier(city, chief, alice):
    return course.case(city.office, chief, alice, organ=city.water)


@pytest.fixture
def later(city, chief, alice):
    return course.case(
        city.office, chief, alice, organ=city.water, decided_on="2026-07-20", title="另一处暗管"
    )


def merge(later, earlier, by):
    later.refresh_from_db()
    return merging.merge(
        later=later, earlier=earlier, grounds="同为暗管排污", on=date(2026, 8, 1), by=by, at=NOON,
        version=later.version,
    )  # fmt: skip


def test_the_later_case_is_closed_into_the_earlier_with_its_incidents(earlier, later, chief):
    own = later.incidents.get()

    merge(later, earlier, chief)

    later.refresh_from_db()
    assert later.state == "merged"
    assert own in earlier.incidents.all()
    assert later.events.filter(kind="case.filed").exists()


def test_another_organ_stays_a_case_of_its_own(city, earlier, chief, alice):
    other = course.case(
        city.office, chief, alice, organ=city.market, decided_on="2026-07-20", domain="eco-env"
    )
    with pytest.raises(merging.MayNotMerge, match="第六十九条"):
        merge(other, earlier, chief)


def test_after_the_suggestion_is_served_it_is_too_late(earlier, later, chief):
    course.served(earlier, chief)

    with pytest.raises(merging.MayNotMerge, match="第六十九条"):
        merge(later, earlier, chief)
    later.refresh_from_db()
    assert later.state == "investigating"


def test_the_earlier_is_not_closed_into_the_later(earlier, later, chief):
    with pytest.raises(merging.MayNotMerge, match="先立"):
        merge(earlier, later, chief)


def test_a_merger_is_undone_while_nothing_has_happened(earlier, later, chief):
    own = later.incidents.get()
    made = merge(later, earlier, chief)

    merging.undo_merge(merge=made, reason="不是同类", by=chief, at=NOON)

    later.refresh_from_db()
    assert later.state == "investigating"
    assert own not in earlier.incidents.all()


def test_and_not_after(earlier, later, chief):
    made = merge(later, earlier, chief)
    course.step(earlier, "case.served", "2026-07-03", chief)

    with pytest.raises(Refusal, match=earlier.ref):
        merging.undo_merge(merge=made, reason="不是同类", by=chief, at=NOON)


def test_the_pages_of_a_merger(client, earlier, later, chief):
    client.force_login(chief)
    page = reverse("moves:merge", args=[later.ref, earlier.ref])
    assert page in client.get(reverse("moves:panel", args=[later.ref])).text

    assert client.post(page, {}).status_code == 422
    later.refresh_from_db()
    done = client.post(page, {"grounds": "同类", "on": "2026-08-01", "version": later.version})

    assert done.status_code == 303
    undo = reverse("moves:undo_merge", args=[later.ref, later.merged_into.get().pk])
    assert undo in client.get(reverse("moves:panel", args=[later.ref])).text
    assert client.post(undo, {"text": "误"}).status_code == 303


def test_a_waiting_proposal_about_the_same_is_warned_of(client, city, earlier, alice, chief):
    proposal = cases.propose(
        incidents=[course.incident(city.office)], track="administrative", domain="eco-env",
        organ=city.water, department=None, handler=alice, title="又一处", grounds="暗管",
        by=alice, at=NOON,
    )  # fmt: skip
    client.force_login(chief)

    page = client.get(reverse("moves:join", args=[proposal.pk]))

    assert earlier.ref in page.text
    assert "第六十九条" in page.text
    proposal.organ = city.market
    proposal.save()
    assert earlier.ref not in client.get(reverse("moves:join", args=[proposal.pk])).text
