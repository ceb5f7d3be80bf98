"""The ledger's pages: who may audit what, and what an auditor sees."""

import pytest
from django.urls import reverse

from jingyi.web.ledger.actions import append

pytestmark = pytest.mark.django_db


@pytest.fixture
def act(alice, city, at):
    return append(
        kind="case.opened",
        subject="case:2026-0001",
        facts={"track": "civil"},
        by=alice,
        at=at,
        office=city.office,
    )


def test_the_list_and_the_proof_are_shown(client, alice, act):
    client.force_login(alice)

    listed = client.get(reverse("evidence:ledger"))
    shown = client.get(reverse("evidence:entry", args=[act.index]))
    checked = client.post(reverse("evidence:ledger"))

    assert "case:2026-0001" in listed.text
    assert "这条记录在账本之中" in shown.text
    assert "全部一致" in checked.text


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_a_stranger_sees_no_entry_of_another_office(client, request, who, act):
    client.force_login(request.getfixturevalue(who))

    assert "case:2026-0001" not in client.get(reverse("evidence:ledger")).text
    assert client.get(reverse("evidence:entry", args=[act.index])).status_code == 404


def test_without_signing_in_one_is_asked_to(client, act):
    response = client.get(reverse("evidence:entry", args=[act.index]))

    assert response.status_code == 302
    assert reverse("accounts:sign_in") in response.url
