"""Why reports are one incident: every part shown, near-copies of photos named, people's word kept."""

from datetime import timedelta

import pytest
from django.urls import reverse

from jingyi.core import photo
from jingyi.web.evidence.models import Blob
from jingyi.web.intake.models import Attachment
from jingyi.web.leads import actions, belonging
from jingyi.web.leads.actions import told
from jingyi.web.leads.models import Finding, Incident, Judgement
from tests import factories

pytestmark = pytest.mark.django_db
RIVER = "东津河三号桥下游暗管夜间排放黑色污水，气味刺鼻，河里的鱼死了一片。"
HASH = 0x9F3A_5C71_D024_E68B


def reported(city, at, n=1, **values):
    return [
        factories.report(
            city.office,
            title="东津河三号桥排黑水",
            text=RIVER,
            at=at + timedelta(hours=k),
            reporter_key=f"k{k}",
            **values,
        )
        for k in range(n)
    ]


def shown(report, hashed, at):
    blob = Blob.objects.create(
        sha256=f"photo-{report.pk}",
        size=1,
        media_type="image/jpeg",
        sealed_at=at,
        photo_hash=photo.signed(hashed),
    )
    Attachment.objects.create(report=report, blob=blob, name="a.jpg")


def test_the_parts_add_up_to_what_is_said(city, at):
    reported(city, at, 3)
    actions.gather(office=city.office, at=at)

    first, *others = belonging.evidence_of(Incident.objects.get())
    assert first.other is None
    for one in others:
        odds = one.same.score / (1 - one.same.score)
        total = sum(part.part for part in one.parts)
        # parts under 0.05 are left out
        assert pytest.approx(2.718281828**total, rel=0.5) == odds
        assert one.other.report.received_at < one.finding.report.received_at
        assert [abs(p.part) for p in one.parts[:-1]] == sorted(
            (abs(p.part) for p in one.parts[:-1]), reverse=True
        )


@pytest.mark.parametrize(
    ("bits", "words"), [(0, "的照片相同"), (0b111, "64 位中差 3 位"), (2**30 - 1, "")]
)
def test_near_copies_of_photos_are_named(client, city, alice, at, bits, words):  # noqa: PLR0917
    one, other = reported(city, at, 2)
    shown(one, HASH, at)
    shown(other, HASH ^ bits, at)
    actions.gather(office=city.office, at=at)
    client.force_login(alice)

    page = client.get(reverse("leads:evidence", args=[Incident.objects.get().ref])).text
    assert (words or "的照片") in page if words else "的照片" not in page
    assert 'class="part"' in page
    assert "对数几率" in page


def test_triage_is_told_at_most_four_hashes_of_each_report(city, at):
    one, other = reported(city, at, 2)
    for k in range(6):
        blob = Blob.objects.create(
            sha256=f"p{k}", size=1, media_type="image/jpeg", sealed_at=at,
            photo_hash=photo.signed(HASH + k),
        )  # fmt: skip
        Attachment.objects.create(report=one, blob=blob, name="a.jpg")

    table = told.table(list(told.as_told(type(one).objects.order_by("pk"))))
    assert table["photo_hashes"].to_pylist() == [[HASH + k for k in range(4)], []]
    assert table["photos"].to_pylist() == [6, 0]
    assert other.attachments.count() == 0


def test_traces_of_an_older_version_are_written_anew_and_move_nothing(city, at):
    reported(city, at, 2)
    actions.gather(office=city.office, at=at)
    before = list(Finding.objects.values_list("pk", "incident", "trace"))
    Finding.objects.update(trace=b"an older version")

    incident = Incident.objects.get()
    assert [one.other for one in belonging.evidence_of(incident)] == [None, None]
    assert actions.gather(office=city.office, at=at) == 0
    assert list(Finding.objects.values_list("pk", "incident", "trace")) == before


def test_what_was_split_stays_apart_whatever_is_imported_later(city, alice, at):
    reports = reported(city, at, 4)
    actions.gather(office=city.office, at=at)
    incident = Incident.objects.get()
    actions.split(incident=incident, reports=reports[2:], by=alice, at=at)
    homes = dict(Finding.objects.values_list("report", "incident"))

    for n in range(1, 4):
        later = at + timedelta(days=n)
        reported(city, later, 3)
        actions.gather(office=city.office, at=later)
        now = dict(Finding.objects.values_list("report", "incident"))
        assert {report: now[report] for report in homes} == homes
    assert homes[reports[0].pk] != homes[reports[2].pk]
    assert Finding.objects.count() == 13
    assert Incident.objects.count() == 2  # every later one joined one of the two


def test_what_was_merged_takes_in_what_is_like_either(city, alice, at):
    reported(city, at, 2)
    quarry = "西山采石场超范围开采，山体裸露，扬尘严重，运石车压坏村道。"
    factories.report(city.office, title="西山采石场乱采", text=quarry, at=at)
    actions.gather(office=city.office, at=at)
    river, mine = Incident.objects.order_by("-reports")
    actions.merge(into=river, incidents=[mine], by=alice, at=at)

    factories.report(city.office, title="西山采石场乱采", text=quarry, at=at + timedelta(days=9))
    actions.gather(office=city.office, at=at + timedelta(days=9))
    river.refresh_from_db()
    assert river.reports == 4
    told_by = [one.judgement for one in belonging.evidence_of(river)]
    assert [one.by for one in told_by if one] == [alice]


@pytest.mark.parametrize("n", [1, 3])
def test_the_evidence_costs_the_same_few_questions(  # noqa: PLR0917
    client, city, alice, at, n, django_assert_max_num_queries
):
    reported(city, at, n)
    actions.gather(office=city.office, at=at)
    client.force_login(alice)

    with django_assert_max_num_queries(14):
        client.get(reverse("leads:evidence", args=[Incident.objects.get().ref]))


def test_what_is_said_to_be_another_matter_is_not_offered_again(client, city, alice, at):
    reports = reported(city, at, 2)
    actions.gather(office=city.office, at=at)
    incident = Incident.objects.get()
    other = actions.split(incident=incident, reports=reports[1:], by=alice, at=at).incident
    actions.undo(decision=other.decisions.get(), by=alice, at=at)
    twin = factories.report(city.office, title="三号桥的水", text=RIVER, at=at)
    actions.gather(office=city.office, at=at)
    fresh = actions.split(incident=incident, reports=[twin], by=alice, at=at).incident
    Judgement.objects.all().delete()  # as if triage itself had kept them apart
    client.force_login(alice)
    similar = reverse("leads:similar", args=[incident.ref])
    assert fresh.ref in client.get(similar).text

    answer = client.post(reverse("leads:apart", args=[incident.ref]), {"incident": fresh.ref})
    assert answer.status_code == 303
    assert fresh.ref not in client.get(similar).text
    assert not Judgement.objects.get().same
    client.post(reverse("leads:undo", args=[incident.decisions.get(kind="apart").pk]))
    assert fresh.ref in client.get(similar).text
    assert not Judgement.objects.exists()


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_a_stranger_says_nothing_of_others_incidents(client, request, city, at, who):
    reported(city, at, 1)
    actions.gather(office=city.office, at=at)
    client.force_login(request.getfixturevalue(who))

    answer = client.post(reverse("leads:apart", args=[Incident.objects.get().ref]))
    assert answer.status_code == 404
