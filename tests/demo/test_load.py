"""The whole city in a real database: its counts are queries, its ledger proves, it loads once."""

import io
import time

import pytest
from django.utils import timezone

from jingyi.core import casefile, rulebook
from jingyi.demo import loading
from jingyi.demo.stories import NOW
from jingyi.web.accounts.models import User
from jingyi.web.cases import derive
from jingyi.web.cases.documents.actions import paper_of
from jingyi.web.cases.documents.models import Document
from jingyi.web.cases.models import Case, Clock, Event, Suggestion
from jingyi.web.cases.queries import overdue, with_step
from jingyi.web.intake.models import Batch, Report
from jingyi.web.leads.models import Finding, Incident
from jingyi.web.ledger import queries as ledger
from jingyi.web.ledger.models import Entry
from jingyi.web.registry.models import Procuratorate
from jingyi.web.station.shared.models import Clue, Due, Row
from tests import factories

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def city():
    """The demo city instead of the tests' own."""
    said = io.StringIO()
    began = time.process_time()
    signs = loading.load(say=lambda line: said.write(f"{line}\n"))
    return {"signs": signs, "said": said.getvalue(), "seconds": time.process_time() - began}


def test_the_city_has_the_shape_of_a_real_one(city, client):
    leads = Incident.objects.filter(is_lead=True).exclude(state=Incident.State.MERGED)
    cases = Case.objects.all()

    assert leads.count() == 1928
    assert cases.count() == 804
    assert cases.filter(track="administrative").count() == 613
    assert cases.filter(track="civil").count() == 191
    assert Suggestion.objects.count() == 542
    assert with_step(cases.filter(track="civil"), "case.sued").count() == 135

    _everything_is_triaged_by_the_real_thing()
    _cases_are_lawful_and_some_are_urgent()
    _the_pages_show_the_same_numbers(client)
    _the_case_told_whole_has_its_suggestion()
    _organs_share_ledgers_that_made_no_lead()
    _the_ledger_proves()
    _loading_again_changes_nothing(city)
    assert city["seconds"] < 60  # of work; the clock on the wall depends on who else is there


def _everything_is_triaged_by_the_real_thing():
    assert Finding.objects.count() == Report.objects.count() > 5_000
    assert Batch.objects.exclude(state=Batch.State.DONE).count() == 0
    assert not Incident.objects.exclude(state="merged").filter(reasons=[]).exists()
    stale = [
        incident.ref
        for incident in Incident.objects.exclude(state="merged").prefetch_related("findings")
        if incident.reports != len(incident.findings.all())
    ]
    assert stale == []


def _cases_are_lawful_and_some_are_urgent():
    today = timezone.localdate(NOW)
    for case in Case.objects.select_related("office").filter(pk__in=range(1, 10_000, 23)):
        history = derive.history(case.events.order_by("on", "place"))
        assert casefile.stand(derive.law_of(case), history, on=today).state == case.state
    assert 1 <= overdue(Clock.objects.all(), today).count() <= 15
    assert Clock.objects.filter(paused=True, stopped_on=None).exists()
    assert not Event.objects.filter(at__gt=NOW).exists()
    whole = Case.objects.get(title="督促保护沚阳古城墙行政公益诉讼案")
    assert whole.state == "terminated"
    assert whole.incidents.get().protected.filter(code="city-wall").exists()
    names = {
        state.id
        for track in ("administrative", "civil")
        for state in rulebook.states(track).states.values()
    }
    assert len(set(Case.objects.values_list("state", flat=True))) >= 10
    assert set(Case.objects.values_list("state", flat=True)) <= names


def _organs_share_ledgers_that_made_no_lead():
    assert Row.objects.count() == 31
    assert len(set(Row.objects.values_list("kind", flat=True))) == 5
    assert (
        sorted(Clue.objects.values_list("way", flat=True)) == ["to-office"] * 2 + ["to-organ"] * 2
    )
    assert not Clue.objects.filter(report__isnull=False).exists()
    assert Due.objects.filter(rule="enforcement.apply", open=True).count() > 5


def _the_pages_show_the_same_numbers(client):
    client.force_login(User.objects.get(username="lin"))

    for url, number in (
        ("/leads/?state=all", "1,928"),
        ("/cases/", "804"),
        ("/cases/?track=civil&step=case.sued", "135"),
        ("/cases/suggestions/", "542"),
    ):
        assert number in client.get(url).text, url
    stranger = factories.person(
        "stranger", role="prosecutor", office=Procuratorate.objects.get(code="lp")
    )
    client.force_login(stranger)
    assert "804" not in client.get("/cases/").text


def _the_case_told_whole_has_its_suggestion():
    document = Document.objects.get()
    told = {statement.text for _, statement in paper_of(document).statements()}

    assert document.number == "沚检行公建〔2026〕88号"
    assert document.signed_by.name
    assert any("存在局部坍塌危险" in text for text in told)
    assert paper_of(document).uncited() == ()


def _the_ledger_proves():
    proof = ledger.verify()

    assert proof.problem is None
    assert proof.size == Entry.objects.count() > 15_000


def _loading_again_changes_nothing(city):
    before = Entry.objects.count()

    assert loading.load(say=pytest.fail) == city["signs"]
    assert Entry.objects.count() == before


def test_an_office_of_ones_own_is_left_alone(db):
    factories.office("real", "某市人民检察院", "city", factories.region("110100", "某市", "city"))

    assert loading.load(say=pytest.fail) == []
    assert Procuratorate.objects.count() == 1
