"""Recusal: three days, once again, a handler replaced, and no act on the case after it."""

from datetime import date

import pytest
from django.db import transaction
from django.http import Http404
from django.urls import reverse

from jingyi.core.basis import Facts
from jingyi.core.refusal import Refusal
from jingyi.web.cases.approvals import queries
from jingyi.web.cases.approvals.actions import recusals
from jingyi.web.cases.approvals.models import Recusal
from jingyi.web.cases.basis import actions as basis
from jingyi.web.cases.documents import actions as documents
from tests import factories
from tests.web.cases import course
from tests.web.cases.approvals.conftest import AT

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 19)


def apply(case, by, **values):
    case.refresh_from_db()
    values = {
        "capacity": "handler", "person": case.handler, "own": False, "applicant": "沚阳化工厂",
        "ground": "kin", "text": "系负责人之弟。", "asked_on": DAY, "version": case.version, **values,
    }  # fmt: skip
    return recusals.apply(case=case, by=by, at=AT, **values)


def decide(recusal, by, *, grants, act=recusals.decide, **values):
    recusal.case.refresh_from_db()
    return act(
        recusal=recusal, grants=grants, reason="查证属实。" if grants else "查无此事。", on=DAY,
        by=by, at=AT, version=recusal.case.version, **values,
    )  # fmt: skip


def test_three_days_run_and_the_person_keeps_working(case, alice, chief):
    recusal = apply(case, alice)

    assert queries.answer_by(recusal) == date(2026, 11, 23)  # the 22nd is a Sunday
    assert list(queries.recusals_waiting_for(chief)) == [recusal]
    course.step(case, "case.served", "2026-11-20", alice)


def test_granted_takes_the_handler_off_the_case(client, case, alice, chief, city):
    successor = factories.person("sam", role="prosecutor", office=city.office)
    recusal = apply(case, alice)
    with pytest.raises(Refusal, match="新的承办人"), transaction.atomic():
        decide(recusal, chief, grants=True)

    decide(recusal, chief, grants=True, successor=successor)

    case.refresh_from_db()
    assert case.handler == successor
    assert not case.clocks.filter(rule="recusal.decide", stopped_on=None).exists()
    with pytest.raises(Http404):
        course.step(case, "case.served", "2026-11-20", alice)
    client.force_login(alice)
    page = client.get(reverse("approvals:of_case", args=[case.ref]))
    assert "您已在本案回避" in page.text
    step = reverse("cases:step", args=[case.ref, "case.serve"])
    assert client.get(step).status_code == 404
    with pytest.raises(Http404):
        documents.draft_document(case=case, kind="suggestion", by=alice, at=AT)
    with pytest.raises(Http404):
        basis.date_facts(
            case=case, facts=Facts(DAY, None), reason="x", by=alice, at=AT, version=case.version
        )
    client.force_login(successor)
    assert client.get(reverse("approvals:recuse", args=[case.ref])).status_code == 200


def test_a_refusal_is_reconsidered_once(case, alice, chief):
    recusal = decide(apply(case, alice), chief, grants=False)
    for first in (True, False):
        case.refresh_from_db()
        given = {"text": "另有证人。", "on": DAY, "by": alice, "at": AT, "version": case.version}
        if not first:
            with pytest.raises(Refusal, match="一次"):
                recusals.ask_again(recusal=recusal, **given)
            break
        recusal = recusals.ask_again(recusal=recusal, **given)
        assert queries.answer_by(recusal) is not None
        recusal = decide(recusal, chief, grants=False, act=recusals.reconsider)

    assert recusal.stage == Recusal.Stage.UPHELD
    course.step(case, "case.served", "2026-11-20", alice)


def test_the_chief_does_not_decide_the_own_recusal(case, alice, chief, city):
    keeper = factories.person("kim", role="case-manager", office=city.office)
    recusal = apply(case, alice, capacity="chief", person=chief)
    with pytest.raises(Refusal, match="检察委员会"):
        decide(recusal, chief, grants=False)

    decide(recusal, keeper, grants=True)

    assert queries.stands_aside(chief, case)
    with pytest.raises(Http404):
        course.step(case, "case.served", "2026-11-20", chief)


def test_somebody_else_is_named_and_others_do_not_decide(case, alice, bob, chief):
    with pytest.raises(Refusal, match="姓名"):
        apply(case, alice, capacity="appraiser", person=None)
    with pytest.raises(Refusal, match="本人"):
        apply(case, alice, own=True, person=chief)
    recusal = apply(case, alice, capacity="appraiser", person=None, name="某鉴定所")
    for who in (alice, bob):
        with pytest.raises(Refusal):
            decide(recusal, who, grants=True)
    assert decide(recusal, chief, grants=True).stage == Recusal.Stage.GRANTED
