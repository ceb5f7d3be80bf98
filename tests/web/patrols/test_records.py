"""What phones send: once however often it comes, honest about clocks, never somebody else's."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingyi.core.refusal import Refusal
from jingyi.web.leads.models import Incident
from jingyi.web.ledger.models import Entry
from jingyi.web.patrols import actions, queries
from jingyi.web.patrols.models import Track, Visit
from tests.factories import AT
from tests.web.patrols.conftest import KEY, jpeg, take, visit

POINTS = [[122.91, 33.61, 5.0, 0.0], [122.911, 33.61, 5.0, 60.0], [122.9, 40.0, 5.0, 61.0]]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15
)
@given(order=st.lists(st.integers(1, 4), min_size=1, max_size=12))
def test_any_order_any_number_of_times_keeps_each_once(plan, walker, order):
    Visit.objects.all().delete()
    for n in order:
        take(plan, walker, visit(n, note=f"第 {n} 条"))
    kept = sorted(Visit.objects.values_list("key", "note"))
    assert kept == [(KEY.format(n), f"第 {n} 条") for n in sorted(set(order))]


def test_both_clocks_are_kept(plan, walker):
    phone = datetime(2001, 1, 1, 8, tzinfo=UTC)
    kept = take(plan, walker, visit(at=phone.timestamp()), skew=AT - phone)
    assert kept.taken_at == phone
    assert kept.received_at == AT
    assert kept.skew_s == int((AT - phone).total_seconds())


def test_a_stop_of_the_plan_and_no_other(plan, walker):
    first = plan.stops.get(n=1)
    assert take(plan, walker, visit(1, stop=first.pk)).stop == first
    with pytest.raises(Refusal, match="点位"):
        take(plan, walker, visit(2, stop=10_000))


def test_a_track_is_kept_and_measured_without_its_leaps(plan, walker):
    take(plan, walker, {"kind": "track", "key": KEY.format(9), "points": POINTS})
    take(plan, walker, {"kind": "track", "key": KEY.format(9), "points": POINTS})
    assert Track.objects.count() == 1
    assert queries.length(POINTS) == pytest.approx(92.6, abs=0.5)


@pytest.mark.parametrize(
    "record",
    [
        {}, {"key": "x"}, visit(key="../../etc"), visit(finding="bad"), visit(finding=None),
        {"kind": "track", "key": KEY.format(1), "points": []},
        {"kind": "track", "key": KEY.format(1), "points": [[1, 2]]},
        {"kind": "track", "key": KEY.format(1), "points": [["x", 2, 3, 4]]},
        {"kind": "track", "key": KEY.format(1), "points": [[0, 0, 0, 0]] * 5001},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(plan, walker, record):
    with pytest.raises(Refusal):
        take(plan, walker, record)
    assert not Visit.objects.exists()
    assert not Track.objects.exists()


def test_odd_values_are_unknown_and_nothing_is_lost(plan, walker):
    odd = visit(
        lon=float("nan"), lat="33", accuracy=True, at="yesterday", note="黑\x00水" + "长" * 9000
    )
    kept = take(plan, walker, odd)
    assert (kept.lon, kept.lat, kept.accuracy_m) == (None, None, None)
    assert kept.taken_at == AT
    assert kept.note.startswith("黑水")


def test_nobody_writes_into_another_persons_patrol_or_record(plan, alice, walker):
    with pytest.raises(Refusal, match="不是您"):
        take(plan, alice, visit())
    kept = take(plan, walker, visit())
    plan.person = alice
    with pytest.raises(Refusal, match="另一部手机"):
        take(plan, alice, visit())
    assert Visit.objects.get() == kept


def test_a_photo_is_attached_once_and_not_replaced(plan, walker):
    kept = take(plan, walker, visit())
    for _ in range(2):
        photo = jpeg()
        actions.attach(visit=kept, stream=photo, size=photo.getbuffer().nbytes, by=walker, at=AT)
    other = jpeg("navy")
    with pytest.raises(Refusal, match="另一张"):
        actions.attach(visit=kept, stream=other, size=other.getbuffer().nbytes, by=walker, at=AT)
    assert Entry.objects.filter(kind="patrol.photo").count() == 1


def test_a_problem_becomes_a_lead_with_its_photo_once(plan, walker, alice):
    kept = take(plan, walker, visit(stop=plan.stops.get(n=1).pk))
    photo = jpeg()
    actions.attach(visit=kept, stream=photo, size=photo.getbuffer().nbytes, by=walker, at=AT)
    actions.to_lead(visit=kept, domain="eco-env", by=alice, at=AT)
    lead = Incident.objects.get()
    assert (lead.is_lead, lead.domain) == (True, "eco-env")
    kept.refresh_from_db()
    assert kept.report.source == "volunteer"
    assert kept.report.attachments.get().blob == kept.photo
    with pytest.raises(Refusal, match="已经转为线索"):
        actions.to_lead(visit=kept, domain="eco-env", by=alice, at=AT)


def test_the_last_photo_of_a_place_comes_from_another_patrol(plan, walker, alice, place, city):
    kept = take(plan, walker, visit(stop=plan.stops.get(n=1).pk))
    photo = jpeg()
    actions.attach(visit=kept, stream=photo, size=photo.getbuffer().nbytes, by=walker, at=AT)
    assert queries.last_seen(place, plan) is None
    later = actions.plan(
        office=city.office, name="下周", on=AT.date() + timedelta(days=7), person=walker, hours=3,
        stops=[{"place": place, "name": place.name, "lon": 122.91, "lat": 33.61}], by=alice, at=AT,
    )  # fmt: skip
    assert queries.last_seen(place, later) == kept
    rows = {row.place.code: (row.visits, row.days) for row in queries.coverage(alice, AT.date())}
    assert rows["zhi"] == (1, 0)
