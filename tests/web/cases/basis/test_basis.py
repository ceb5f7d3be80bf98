"""The days of a fact decide which statutes a case cites, on the page and in the form."""

from datetime import date

import pytest
from django.urls import reverse

from jingyi.core.basis import Facts
from jingyi.core.domains import MayNotOpen
from jingyi.core.refusal import Refusal
from jingyi.web.cases.actions.steps import CaseChanged
from jingyi.web.cases.basis import actions
from jingyi.web.cases.models import Case, Proposal
from jingyi.web.ledger.models import Entry
from tests.web.cases import course

pytestmark = pytest.mark.django_db
OLD = Facts(date(2026, 3, 1), date(2026, 4, 1))


@pytest.fixture
def case(city, chief, alice):
    return course.case(city.office, chief, alice, organ=city.water, facts=OLD)


def page(client, case):
    return client.get(reverse("basis:case", args=[case.ref])).content.decode()


def set_right(case, alice, facts, reason="查明排污自九月起"):
    return actions.date_facts(
        case=case, facts=facts, reason=reason, by=alice,
        at=course.noon("2026-11-20"), version=case.version,
    )  # fmt: skip


def test_the_page_cites_what_was_in_force_and_what_replaced_it(client, case, alice):
    client.force_login(alice)

    shown = page(client, case)
    assert "《水污染防治法》第九条" in shown
    assert "《生态环境法典》第二百六十九条" not in shown
    assert "由《生态环境法典》代替" in shown


def test_days_set_right_change_what_is_cited_and_stay_in_the_ledger(client, case, alice):
    client.force_login(alice)
    set_right(case, alice, Facts(date(2026, 9, 1), None))

    shown = page(client, case)
    assert "《生态环境法典》第二百六十九条" in shown
    assert "《水污染防治法》" not in shown
    facts = Entry.objects.get(kind="case.facts-dated").body["facts"]
    assert facts["was"] == {"fact_from": "2026-03-01", "fact_to": "2026-04-01"}
    assert facts["reason"] == "查明排污自九月起"


def test_days_are_not_changed_without_a_reason_or_ahead_or_twice(case, alice):
    with pytest.raises(Refusal, match="理由"):
        set_right(case, alice, OLD, reason=" ")
    with pytest.raises(Refusal, match="还没有到"):
        set_right(case, alice, Facts(date(2027, 1, 1), None))
    with pytest.raises(MayNotOpen):
        set_right(case, alice, Facts(date(2010, 1, 1), date(2010, 2, 1)))
    set_right(case, alice, Facts(date(2026, 9, 1), None))
    with pytest.raises(CaseChanged):
        set_right(case, alice, OLD)


def test_the_form_saves_and_says_what_is_wrong(client, case, alice):
    client.force_login(alice)
    url = reverse("basis:dates", args=[case.ref])
    given = {
        "fact_from": "2026-09-02",
        "fact_to": "2026-09-01",
        "reason": "x",
        "version": case.version,
    }

    refused = client.post(url, given)
    assert refused.status_code == 422
    assert "早于开始日" in refused.content.decode()
    assert client.post(url, given | {"fact_to": ""}).status_code == 303
    case.refresh_from_db()
    assert (case.fact_from, case.fact_to) == (date(2026, 9, 2), None)


def opened(client, incident, **values):
    url = reverse("cases:open") + f"?incident={incident.ref}"
    given = {
        "track": "administrative", "domain": "eco-env", "title": "督促整治", "handler": "alice",
        "fact_from": "2026-03-01", "fact_to": "", "grounds": "河水发黑",
    } | values  # fmt: skip
    return client.post(url, given)


@pytest.mark.parametrize(
    ("values", "article"),
    [
        ({"domain": "anti-monopoly", "track": "civil"}, "《反垄断法》第六十条第二款"),
        ({"domain": "state-property", "track": "civil"}, "《行政诉讼法》第二十五条第四款"),
    ],
)
def test_what_the_law_does_not_open_is_refused_in_the_form_and_nothing_is_kept(
    client, city, alice, values, article
):
    city.office.level = "county"
    city.office.save()
    client.force_login(alice)

    answer = opened(client, course.incident(city.office), **values)
    assert answer.status_code == 422
    assert article in answer.content.decode()
    assert not Case.objects.exists()
    assert not Proposal.objects.exists()


def test_a_proposal_keeps_the_days_and_the_case_takes_them_over(client, city, chief, alice):
    client.force_login(alice)
    assert opened(client, course.incident(city.office)).status_code == 303
    proposal = Proposal.objects.get()
    client.force_login(chief)

    client.post(reverse("cases:file_proposal", args=[proposal.pk]), {"decided_on": "2026-09-01"})
    case = Case.objects.get()
    assert (case.fact_from, case.fact_to) == (date(2026, 3, 1), None)


def test_every_domain_is_listed_with_what_opens_it(client, alice):
    client.force_login(alice)

    shown = client.get(reverse("basis:domains")).content.decode()
    assert "《文物保护法》第九十九条" in shown
    assert "设区的市级以上人民检察院办理" in shown
    assert "尚不是法律" in shown


def test_a_stranger_sees_and_changes_nothing(client, case, stranger):
    client.force_login(stranger)

    assert client.get(reverse("basis:case", args=[case.ref])).status_code == 404
    assert client.get(reverse("basis:dates", args=[case.ref])).status_code == 404
    assert client.post(reverse("basis:dates", args=[case.ref]), {}).status_code == 404
