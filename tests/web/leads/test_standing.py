"""The rank of an incident on the running desk: all its reports count, and more never lowers it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from jingyi.core.triage import exhibits
from jingyi.web.evidence.models import Blob
from jingyi.web.intake.models import Attachment
from jingyi.web.leads import actions, standing
from jingyi.web.leads.models import Incident
from jingyi.web.places.models import Place
from tests import factories

pytestmark = pytest.mark.django_db
RIVER = "东津河三号桥下游暗管夜间排放黑色污水，气味刺鼻，河里的鱼死了一片。"
TITLE = "东津河三号桥排黑水"


def told(city, at, *, text=RIVER, photos=0, **values):
    report = factories.report(city.office, title=TITLE, text=text, at=at, **values)
    for n in range(photos):
        blob = Blob.objects.create(
            sha256=f"{report.pk}-{n}", size=1, media_type="image/jpeg", sealed_at=at
        )
        Attachment.objects.create(report=report, blob=blob, name="a.jpg")
    return report


def incident_of(report):
    return Incident.objects.get(findings__report=report)


MORE = {
    "another-person": {"reporter_key": "乙"},
    "the-same-person-again": {"reporter_key": "甲"},
    "a-photo": {"photos": 1, "reporter_key": "甲"},
    "coordinates": {"lon": 120.31, "lat": 31.52, "reporter_key": "甲"},
    "a-duty-holder": {"text": RIVER + "是沚阳市鑫源化工有限公司排的。", "reporter_key": "甲"},
    "a-date": {"happened_at": factories.AT, "reporter_key": "甲"},
    "likes": {"likes": 40, "reporter_key": "甲"},
    "graver-harm": {"text": RIVER + "有村民中毒住院。", "reporter_key": "甲"},
    "milder-words": {"text": RIVER + "很臭。", "reporter_key": "甲"},
    "half-a-year-later": {"later": 180, "reporter_key": "甲"},
}


@pytest.mark.parametrize("kind", MORE)
def test_whatever_is_added_the_rank_of_the_incident_never_falls(city, at, kind):
    more = dict(MORE[kind])
    first = told(city, at, reporter_key="甲")
    actions.gather(office=city.office, at=at)
    before = incident_of(first)

    later = at + timedelta(days=more.pop("later", 1))
    second = told(city, later, **more)
    actions.gather(office=city.office, at=later)
    after = incident_of(first)

    assert after == incident_of(second), "the report did not join: this test shows nothing"
    assert after.rank >= before.rank
    if kind not in {"the-same-person-again", "milder-words"}:
        assert after.rank > before.rank


def test_the_picture_adds_up_to_the_rank_and_says_what_is_missing(client, city, alice, at):
    incident = incident_of_one(city, at)
    client.force_login(alice)

    page = client.get(incident.get_absolute_url())
    assert sum(one.points for one in page.context["shares"]) == pytest.approx(
        100 * incident.rank, abs=0.01
    )
    assert [g.points for g in page.context["gains"]] == sorted(
        (g.points for g in page.context["gains"]), reverse=True
    )
    assert "photo" in {gain.id for gain in page.context["gains"]}
    assert page.text.count('class="share"') == len(page.context["shares"])
    assert "取得一张现场照片" in page.text


def incident_of_one(city, at):
    report = told(city, at, reporter_key="甲")
    actions.gather(office=city.office, at=at)
    return incident_of(report)


def test_doing_what_is_asked_raises_the_rank_by_what_was_said(city, at):
    incident = incident_of_one(city, at)
    gain = {one.id: one.points for one in standing.next_exhibits(incident.facts)}

    told(city, at, reporter_key="甲", photos=1)
    actions.gather(office=city.office, at=at)
    after = Incident.objects.get()

    assert 100 * (after.rank - incident.rank) == pytest.approx(gain["photo"], abs=0.05)


def test_nothing_becomes_fresher_by_lying_there(city, at):
    incident = incident_of_one(city, at)
    version = incident.version

    assert actions.refresh(office=city.office, at=at) == 0
    assert actions.refresh(office=city.office, at=at + timedelta(days=90)) == 1
    later = Incident.objects.get()
    assert later.rank < incident.rank
    assert later.version == version
    assert exhibits.Facts.read(later.facts).last_day == incident.facts["last_day"]


def test_an_area_that_reports_little_counts_more(city, at):
    volume = {"990102": 400, "990103": 100, "990200": 10, None: 7}

    lift = standing.lifts(volume)
    assert lift["990102"] == lift["990103"] == 1
    assert lift["990200"] == pytest.approx((110 / 20) ** 0.5)
    assert None not in lift
    assert standing.lifts({}) == {}


def test_refresh_lifts_what_comes_from_a_quiet_area(city, at):
    incident = incident_of_one(city, at)
    told(city, at, reporter_key="乙")
    actions.gather(office=city.office, at=at)
    Incident.objects.update(region="990103")
    for n in range(120):
        Incident.objects.create(
            ref=f"busy-{n}",
            office=city.office,
            title="东津的事",
            region_id="990102",
            first_at=at,
            last_at=at,
        )
    before = Incident.objects.get(pk=incident.pk).rank

    assert actions.refresh(office=city.office, at=at) == 1
    after = Incident.objects.get(pk=incident.pk)
    assert after.rank > before
    assert after.facts["lift"] > 1


def test_an_incident_from_before_gets_its_facts(city, at):
    incident = incident_of_one(city, at)
    Incident.objects.update(facts={}, rank=0)

    actions.refresh(office=city.office, at=at)
    after = Incident.objects.get()
    assert (after.rank, after.facts["reporters"]) == (incident.rank, 1)


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_a_stranger_sees_no_evidence(client, request, city, at, who):
    incident = incident_of_one(city, at)
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("leads:evidence", args=[incident.ref])).status_code == 404


def test_a_protected_place_counts_once_it_is_known(city, at):
    assert not Place.objects.exists()
    facts = incident_of_one(city, at).facts
    near = facts | {"protected": True}

    assert standing.ranks_of([near])[0] > standing.ranks_of([facts])[0]
