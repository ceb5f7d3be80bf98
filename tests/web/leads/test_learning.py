"""Retraining from an office's decisions: who may, what counts, and that only a better model is used."""

import pytest
from django.http import Http404
from django.urls import reverse

from jingyi.core.refusal import Refusal
from jingyi.core.triage.learning import adapting
from jingyi.web.accounts.models import Notice
from jingyi.web.leads import actions, book, jobs, learned, teaching
from jingyi.web.leads.models import Decision, Finding, Incident
from jingyi.web.ledger.models import Entry
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = reverse("leads:learning")
TRAIN = reverse("leads:learning_train")
PLACES = ["东桥", "西塘", "南坡", "北湾", "石井", "柳林", "白沙", "双河"]
NOISE = "广场舞夜里噪音扰民，请处理"
WATER = "工厂向河里偷排污水，请处理"


def decide(office, by, at, n, text, kind, reason=""):  # noqa: PLR0917
    """Make one incident with one report, decided."""
    report = factories.report(office, text=f"{PLACES[n % 8]}{n}号{text}")
    incident = Incident.objects.create(
        ref=f"{office.code}-{n}", office=office, title=text, first_at=at, last_at=at, reports=1
    )
    Finding.objects.create(
        report=report, incident=incident, group=f"g{n}", lead=0.5, is_lead=True, rank=0, trace=b""
    )
    return Decision.objects.create(incident=incident, kind=kind, reason=reason, by=by, at=at)


@pytest.fixture
def decided(city, alice, at):
    """This office takes up water and declines noise: not what the shipped model expects."""
    return [
        decide(city.office, alice, at, n, WATER, "take")
        if n % 2
        else decide(city.office, alice, at, n, NOISE, "decline", "private-interest")
        for n in range(120)
    ]


def test_a_better_model_takes_over_and_the_ledger_says_so(city, chief, decided, at):
    shipped = book.of_office(city.office).model

    done = actions.retrain(office=city.office, by=chief, at=at)

    assert done.used
    assert done.new.f1 > done.old.f1
    assert done.trained_on + done.measured_on == 120
    now = book.of_office(city.office).model
    assert adapting.print_of(now) != adapting.print_of(shipped)
    assert adapting.print_of(book.shipped(city.office).model) == adapting.print_of(shipped)
    facts = Entry.objects.get(kind="triage.retrained").body["facts"]
    assert facts["used"] is True
    assert facts["old"].startswith("F1 ")


def test_another_office_keeps_the_shipped_model(city, chief, decided, at):
    actions.retrain(office=city.office, by=chief, at=at)

    there = book.of_office(city.elsewhere)
    assert adapting.print_of(there.model) == adapting.print_of(book.shipped(city.office).model)


def test_a_model_that_is_not_better_is_put_aside_with_its_figures(city, chief, alice, at):
    """What was held back was decided the other way round: nothing learned helps there."""
    for n in range(160):
        held = teaching.held_back(f"{city.office.code}-{n}", adapting.rules().held_back)
        lead = bool(n % 2) == held
        text = NOISE if n % 2 == 0 else WATER
        kind, reason = ("take", "") if lead else ("decline", "no-harm")
        decide(city.office, alice, at, n, text, kind, reason)
    shipped = adapting.print_of(book.of_office(city.office).model)

    done = actions.retrain(office=city.office, by=chief, at=at)

    assert not done.used
    assert adapting.print_of(book.of_office(city.office).model) == shipped
    assert Entry.objects.get(kind="triage.retrained").body["facts"]["used"] is False
    assert [one.name for one in learned.trainings(city.office.code)] == [done.name]


def test_the_same_decisions_are_trained_on_once(city, chief, decided, at):
    first = actions.retrain(office=city.office, by=chief, at=at)

    assert actions.retrain(office=city.office, by=chief, at=at) == first
    assert Entry.objects.filter(kind="triage.retrained").count() == 1


def test_a_broken_file_leaves_the_shipped_model(city, chief, decided, at):
    shipped = adapting.print_of(book.of_office(city.office).model)
    done = actions.retrain(office=city.office, by=chief, at=at)
    path = learned.folder(city.office.code) / done.name
    path.write_bytes(path.read_bytes()[:500])
    (learned.folder(city.office.code) / "0002.model").write_bytes(b"nothing")

    assert adapting.print_of(book.of_office(city.office).model) == shipped


def test_what_says_nothing_of_the_content_does_not_teach(city, alice, at):
    decide(city.office, alice, at, 1, WATER, "decline", "duplicate")
    decide(city.office, alice, at, 2, WATER, "watch")
    undone = decide(city.office, alice, at, 3, WATER, "take")
    undone.undone_at = at
    undone.save()
    decide(city.elsewhere, alice, at, 4, WATER, "take")
    twice = decide(city.office, alice, at, 5, WATER, "take")
    Decision.objects.create(
        incident=twice.incident, kind="decline", reason="no-breach", by=alice, at=at
    )

    told = teaching.taught(city.office, adapting.rules())

    assert [(one.ref, one.lead) for one in told] == [(twice.incident.ref, False)]


def test_too_few_decisions_are_refused_and_whoever_asked_is_told(city, chief, alice, at):
    decide(city.office, alice, at, 1, WATER, "take")
    with pytest.raises(Refusal, match="满 40 件"):
        actions.retrain(office=city.office, by=chief, at=at)

    jobs.retrain_office.func(city.office.pk, chief.pk)

    assert Notice.objects.filter(user=chief, key__startswith="triage.retrained:zy:refused").exists()


def test_only_a_chief_or_administrator_of_the_office_may(  # noqa: PLR0917
    client, city, alice, charlie, chief, at
):
    with pytest.raises(Http404):
        actions.retrain(office=city.office, by=alice, at=at)
    with pytest.raises(Http404):
        actions.retrain(office=city.elsewhere, by=chief, at=at)
    for stranger in (alice, charlie):
        client.force_login(stranger)
        assert client.get(PAGE).status_code == 404
        assert client.post(TRAIN, {"office": "zy"}).status_code == 404
    client.force_login(chief)
    assert client.get(PAGE, {"office": "lp"}).status_code == 404
    assert client.post(TRAIN, {"office": "lp"}).status_code == 404


def test_the_page_tells_what_was_decided_and_found(client, city, chief, decided, at):
    client.force_login(chief)
    before = client.get(PAGE).content.decode()
    assert "还没有训练过" in before
    assert "120 件已有能说明内容的决定，其中 60 件是线索" in before

    actions.retrain(office=city.office, by=chief, at=at)

    after = client.get(PAGE, {"office": "zy"}).content.decode()
    assert "在用" in after
    assert "只涉及个人权益" in after


def test_the_page_asks_no_more_of_the_database_for_more_decisions(  # noqa: PLR0917
    client, city, chief, alice, at, django_assert_max_num_queries
):
    client.force_login(chief)
    for n in (0, 1, 2):
        decide(city.office, alice, at, n, WATER, "take")
        with django_assert_max_num_queries(20):
            assert client.get(PAGE).status_code == 200


def test_the_button_queues_a_training(client, city, chief, decided):
    client.force_login(chief)

    response = client.post(TRAIN, {"office": "zy"})

    assert response.status_code == 303
    assert response["Location"] == f"{PAGE}?office=zy"


def test_an_administrator_may_although_no_lead_is_shown_to_them(client, city):
    client.force_login(factories.person("admin", role="administrator", office=city.office))

    page = client.get(PAGE)
    assert page.status_code == 200
    assert f'href="{reverse("leads:desk")}"' not in page.content.decode()
