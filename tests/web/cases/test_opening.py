"""From an incident to a case: who may, on what grounds, and what is kept when they disagree."""

from datetime import date

import pytest
from django.http import Http404
from django.urls import reverse

from jingyi.core.domains import MayNotOpen
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import Notice
from jingyi.web.cases import actions, evaluation
from jingyi.web.cases.models import Case, Proposal, Track
from jingyi.web.leads import actions as leads
from jingyi.web.ledger.models import Entry
from tests import factories
from tests.web.cases import course

pytestmark = pytest.mark.django_db
AT = course.noon("2026-09-02")


@pytest.fixture
def incident(city):
    return course.incident(city.office)


def proposed(incident, alice, **values):
    return actions.propose(
        incidents=[incident], track="administrative", domain="eco-env", organ=None,
        department=None, handler=alice, title="督促整治东津河", grounds="河水发黑，查见暗管",
        by=alice, at=AT, **values,
    )  # fmt: skip


def test_the_chief_files_and_the_incident_the_handler_and_the_ledger_know(
    city, chief, alice, incident
):
    case = course.case(city.office, chief, alice, incident=incident, decided_on="2026-09-01")

    incident.refresh_from_db()
    assert case.ref == "2026-0001"
    assert incident.state == "filed"
    assert list(case.incidents.all()) == [incident]
    assert case.events.get().kind == "case.filed"
    assert Notice.objects.filter(user=alice, key="case:2026-0001:handler").exists()
    entry = Entry.objects.get(kind="case.filed")
    assert entry.body["facts"]["incidents"] == [incident.ref]


def test_file_numbers_count_up_within_a_year(city, chief, alice):
    Case.objects.bulk_create(
        Case(
            ref=ref, office=city.office, track="civil", domain="eco-env", title="旧案",
            state="archived", handler=alice, opened_on=date(2026, 1, 1),
        )
        for ref in ("2026-9999", "2026-10000", "2025-0003")
    )  # fmt: skip

    assert course.case(city.office, chief, alice).ref == "2026-10001"


def test_a_prosecutor_does_not_file(city, alice, incident):
    with pytest.raises(Http404):
        course.case(city.office, alice, alice, incident=incident)


def test_a_county_chief_does_not_file_the_citys_incidents(city, east_chief, alice, incident):
    with pytest.raises(Http404):
        course.case(city.office, east_chief, alice, incident=incident)


def test_an_incident_is_filed_once(city, chief, alice, incident):
    course.case(city.office, chief, alice, incident=incident)

    incident.refresh_from_db()
    with pytest.raises(Refusal, match="已经据以立案"):
        course.case(city.office, chief, alice, incident=incident)
    assert Case.objects.count() == 1


def test_each_organ_that_answers_for_one_harm_has_a_case_of_its_own(city, chief, alice, incident):
    first = course.case(city.office, chief, alice, incident=incident, organ=city.water)
    other = factories.organ("zy-eco", "生态环境局", city.office.region)

    with pytest.raises(Refusal, match=rf"已经据以立案 {first.ref}.*第六十九条"):
        course.case(city.office, chief, alice, incident=incident, organ=city.water)
    second = course.case(city.office, chief, alice, incident=incident, organ=other)

    assert set(incident.cases.all()) == {first, second}
    assert incident.decisions.filter(kind="file").count() == 1
    with pytest.raises(Refusal, match=first.ref):
        course.case(city.office, chief, alice, incident=incident)


def test_a_second_case_is_offered_from_the_incidents_page_to_who_may_file(
    as_chief, city, chief, alice, incident
):
    case = course.case(city.office, chief, alice, incident=incident, organ=city.water)

    page = as_chief.get(reverse("cases:for_incident", args=[incident.ref])).text
    form = as_chief.get(f"{reverse('cases:open')}?incident={incident.ref}").text

    assert "对另一机关立案" in page
    assert "《办案规则》第六十九条" in page
    assert case.get_absolute_url() in form


def test_a_handler_holds_a_post_that_handles_cases_there(city, chief, charlie):
    with pytest.raises(Refusal, match="没有办案职务"):
        course.case(city.office, chief, charlie)


def test_incidents_of_two_offices_are_not_one_case(city, chief, alice):
    both = [course.incident(city.office), course.incident(city.east)]

    with pytest.raises(Refusal, match="同一个检察院"):
        actions.open_from_incident(
            incidents=both, track="administrative", domain="eco-env", organ=None,
            department=None, handler=alice, title="两地排污", decided_on=date(2026, 9, 1),
            by=chief, at=AT,
        )  # fmt: skip


def test_antitrust_is_civil_only_and_not_for_a_county(city, chief, alice, east_chief):
    county = factories.person("dora", role="prosecutor", office=city.east)

    with pytest.raises(MayNotOpen, match="没有行政公益诉讼"):
        course.case(city.office, chief, alice, domain="anti-monopoly")
    with pytest.raises(MayNotOpen, match="设区的市级以上"):
        course.case(city.east, east_chief, county, domain="anti-monopoly", track=Track.CIVIL)
    assert Case.objects.count() == 0


def test_a_proposal_waits_for_the_chief_who_is_told(alice, chief, incident):
    proposal = proposed(incident, alice)

    assert proposal.state == Proposal.State.WAITING
    assert Notice.objects.filter(user=chief, key=f"proposal:{proposal.pk}").exists()
    with pytest.raises(Refusal, match="已经提请立案"):
        proposed(incident, alice)


def test_filing_a_proposal_opens_the_case_as_proposed(alice, chief, incident):
    proposal = proposed(incident, alice)

    case = actions.file_proposal(
        proposal=proposal, decided_on=date(2026, 9, 2), number="沚检立〔2026〕1号", by=chief, at=AT
    )

    proposal.refresh_from_db()
    assert (proposal.state, proposal.case) == ("filed", case)
    assert (case.title, case.handler) == ("督促整治东津河", alice)
    assert case.events.get().facts == {"number": "沚检立〔2026〕1号"}
    with pytest.raises(Refusal, match="已经决定过了"):
        actions.return_proposal(proposal=proposal, reason="再查", by=chief, at=AT)


def test_a_returned_proposal_keeps_the_reason_and_the_proposers_dissent(alice, chief, incident):
    proposal = proposed(incident, alice)
    with pytest.raises(Refusal, match="还没有决定"):
        actions.dissent(proposal=proposal, text="不同意", by=alice, at=AT)

    actions.return_proposal(proposal=proposal, reason="损害后果尚未查明", by=chief, at=AT)
    actions.dissent(proposal=proposal, text="已有监测数据，足以立案", by=alice, at=AT)

    proposal.refresh_from_db()
    assert proposal.reason == "损害后果尚未查明"
    assert proposal.dissent == "已有监测数据，足以立案"
    with pytest.raises(Refusal, match="不能改写"):
        actions.dissent(proposal=proposal, text="算了", by=alice, at=AT)
    with pytest.raises(Refusal, match="只有提请"):
        actions.dissent(proposal=proposal, text="我也不同意", by=chief, at=AT)
    assert proposed(incident, alice).pk != proposal.pk  # it may be proposed again
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert {"case.proposed", "proposal.returned", "proposal.dissent"} <= kinds


# ---------------------------------------------------------------- in the browser


def fields(alice, **more):
    return {
        "track": "administrative", "domain": "eco-env", "title": "督促整治东津河",
        "handler": alice.username, **more,
    }  # fmt: skip


def url(incident):
    return f"{reverse('cases:open')}?incident={incident.ref}"


def test_the_incidents_page_offers_the_lawful_grounds(as_alice, as_chief, incident):
    text = as_chief.get(reverse("cases:for_incident", args=[incident.ref])).text

    assert "行政公益诉讼" in text
    assert "《行政诉讼法》第二十五条第四款" in text
    assert url(incident) in text


def test_the_incidents_page_links_the_case_it_became(as_alice, city, chief, alice, incident):
    case = course.case(city.office, chief, alice, incident=incident)

    text = as_alice.get(reverse("cases:for_incident", args=[incident.ref])).text

    assert case.get_absolute_url() in text
    assert url(incident) not in text


def test_opening_in_the_browser(as_chief, alice, incident):
    assert "决定立案" in as_chief.get(url(incident)).text

    response = as_chief.post(url(incident), fields(alice, decided_on="2026-09-01"))

    case = Case.objects.get()
    assert (response.status_code, response.url) == (303, case.get_absolute_url())


def test_a_refusal_of_the_law_is_shown_in_the_form(as_chief, alice, incident):
    response = as_chief.post(
        url(incident), fields(alice, decided_on="2026-09-01", domain="anti-monopoly")
    )

    assert response.status_code == 422
    assert "没有行政公益诉讼" in response.text
    assert not Case.objects.exists()


def test_proposing_deciding_and_dissenting_in_the_browser(client, chief, alice, incident):
    client.force_login(alice)
    assert "提请检察长决定" in client.get(url(incident)).text
    made = client.post(url(incident), fields(alice, grounds="查见暗管"))
    proposal = Proposal.objects.get()
    assert (made.status_code, made.url) == (303, proposal.get_absolute_url())
    assert "决定立案" not in client.get(proposal.get_absolute_url()).text

    client.force_login(chief)
    assert proposal.title in client.get(reverse("cases:proposals")).text
    back = reverse("cases:return_proposal", args=[proposal.pk])
    assert client.post(back, {"reason": ""}).status_code == 422
    assert client.post(back, {"reason": "再查"}).status_code == 303

    client.force_login(alice)
    dissent = reverse("cases:dissent", args=[proposal.pk])
    assert client.post(dissent, {"reason": "事实已清楚"}).status_code == 303
    text = client.get(proposal.get_absolute_url()).text
    assert "事实已清楚" in text
    assert "再查" in text


def test_filing_a_proposal_in_the_browser(as_chief, alice, incident):
    proposal = proposed(incident, alice)
    file = reverse("cases:file_proposal", args=[proposal.pk])

    assert as_chief.post(file, {"decided_on": "2999-01-01"}).status_code == 422
    response = as_chief.post(file, {"decided_on": "2026-09-02"})

    assert (response.status_code, response.url) == (303, Case.objects.get().get_absolute_url())


def test_a_lead_that_was_taken_up_has_the_offices_own_limit_until_it_is_decided(  # noqa: PLR0917
    as_alice, city, chief, alice, incident, time_machine
):
    time_machine.move_to(AT, tick=False)
    page = reverse("cases:for_incident", args=[incident.ref])
    assert "线索评估的本院期限" not in as_alice.get(page).text

    leads.take(incident=incident, by=alice, at=course.noon("2026-08-03"))
    leads.assign(incident=incident, to=alice, by=alice, at=course.noon("2026-08-20"))
    text = as_alice.get(page).text
    [clock] = evaluation.clocks(incident, on=date(2026, 9, 3))

    assert "本院自定，非法定期限" in text
    assert "2026-09-02" in text
    assert (clock.due, clock.state) == (date(2026, 9, 2), "elapsed")

    course.case(city.office, chief, alice, incident=incident, decided_on="2026-09-01")
    [clock] = evaluation.clocks(incident, on=date(2026, 11, 21))
    assert clock.ended_on == date(2026, 11, 20)
