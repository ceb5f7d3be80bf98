"""Who may open which page of approvals and recusals: a stranger, an office below, a wrong role."""

from datetime import date

import pytest
from django.urls import reverse

from jingyi.web.accounts.models import User
from jingyi.web.cases.approvals.actions import chains, recusals, requests
from jingyi.web.cases.approvals.urls import urlpatterns
from tests.web.cases import course
from tests.web.cases.approvals.conftest import AT, ask

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 20)


@pytest.fixture
def pages(asked, alice, chief, city, head):
    """Every address about one case: (method, address)."""
    case = asked.case
    case.refresh_from_db()
    recusal = recusals.apply(
        case=case, capacity="handler", person=alice, own=True, ground="kin", text="亲属。",
        asked_on=ON, by=alice, at=AT, version=case.version,
    )  # fmt: skip
    given = chains.delegate(
        office=city.office, to=head, since=ON, until=ON, reason="外出", by=chief, at=AT
    )
    one, ref = [asked.pk], [case.ref]
    return {
        "approval": ("get", one), "exhibit": ("get", one), "answer": ("post", [asked.pk, "agree"]),
        "of_case": ("get", ref), "ask": ("get", [case.ref, "suggestion.decide"]), "recuse": ("get", ref),
        "recusal": ("get", [recusal.pk]), "recusal_decide": ("post", [recusal.pk]),
        "recusal_again": ("post", [recusal.pk]), "office": ("get", ["zy"]),
        "delegate": ("post", ["zy"]), "end": ("post", [given.pk]),
    }  # fmt: skip


def test_every_address_is_tested_here(pages):
    assert {pattern.name for pattern in urlpatterns} == {*pages, "list", "waiting"}


def test_a_stranger_finds_nothing(client, pages, stranger):
    client.force_login(stranger)
    for name, (method, args) in pages.items():
        response = getattr(client, method)(reverse(f"approvals:{name}", args=args))
        assert response.status_code == 404, name
    for name in ("list", "waiting"):
        assert "督促整治" not in client.get(reverse(f"approvals:{name}")).text


def test_nobody_is_asked_to_sign_in(client, pages):
    for name, (method, args) in {**pages, "list": ("get", []), "waiting": ("get", [])}.items():
        response = getattr(client, method)(reverse(f"approvals:{name}", args=args))
        assert response.status_code == 302, name


def test_the_wrong_role_is_not_offered_what_it_may_not_answer(as_alice, pages, asked):
    assert "approve-on" not in as_alice.get(asked.get_absolute_url()).text
    for name in ("office", "delegate", "end", "recusal_decide"):
        method, args = pages[name]
        assert getattr(as_alice, method)(reverse(f"approvals:{name}", args=args)).status_code == 404
    given = as_alice.post(reverse("approvals:answer", args=[asked.pk, "approve"]), {})
    assert given.status_code == 422


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_asks_a_bounded_number_of_questions(
    as_head, asked, n, case, django_assert_max_num_queries
):
    for _more in range(n - 1):
        other = course.case(case.office, User.objects.get(username="chief"), case.handler)
        for kind, day in course.TO_SERVICE[:3]:
            course.step(other, kind, day, case.handler)
        ask(other, case.handler)
    with django_assert_max_num_queries(25):
        page = as_head.get(reverse("approvals:list"))
    assert asked.get_absolute_url() in page.text


def test_the_chief_approves_on_the_page_and_a_stale_page_is_told(client, asked, head, chief):
    requests.review(approval=asked, agrees=True, text="", by=head, at=AT)
    client.force_login(chief)
    page = client.get(asked.get_absolute_url())
    assert 'name="approve-on"' in page.text
    asked.case.refresh_from_db()
    address = reverse("approvals:answer", args=[asked.pk, "approve"])
    given = {"approve-on": "2026-11-20", "approve-version": asked.case.version - 1}
    stale = client.post(address, given)
    assert stale.status_code == 422
    assert "新的登记" in stale.text
    done = client.post(address, {**given, "approve-version": asked.case.version})
    assert done.status_code == 303
