"""A step put up for approval against a head's opinion; a civil case moved to the city to be sued."""

from datetime import date

import pytest
from playwright.sync_api import expect

from jingyi.web.cases.approvals.models import Approval
from jingyi.web.cases.moves import actions as moves
from tests import factories
from tests.web.cases import course

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
AT = "2026-08-03"


def answer(page, heading, button, **fields):
    """Fill in the form under a heading, and wait until it is taken."""
    form = page.locator("form").filter(has=page.get_by_role("heading", name=heading, exact=True))
    for label, words in fields.items():
        form.get_by_label(label).fill(words)
    with page.expect_navigation():
        form.get_by_role("button", name=button, exact=True).click()


def test_a_head_disagrees_the_chief_orders_a_second_look_and_dissent_stays(
    sign_in, city, alice, chief
):
    head = factories.person("heidi", role="department-head", office=city.office)
    case = course.case(city.office, chief, alice, organ=city.water, decided_on="2026-07-01", at=AT)
    for kind, day in course.TO_SERVICE[:3]:
        course.step(case, kind, day, alice, at=AT)

    desk = sign_in(alice)
    desk.goto(f"/cases/{case.ref}/")
    desk.locator("#approvals").get_by_role("link", name="决定提出检察建议").click()
    desk.wait_for_url("**/approvals/ask/**")
    desk.get_by_label("报批的理由").fill("暗管仍在排放。")
    desk.get_by_label("要求履行的职责").fill("封堵暗管")
    with desk.expect_navigation():
        desk.get_by_role("button", name="报批", exact=True).click()
    request = Approval.objects.get()

    heads = sign_in(head)
    expect(heads.locator("#approvals-waiting")).to_contain_text(case.ref)
    heads.goto(request.get_absolute_url())
    answer(heads, "不同意", "不同意", 意见="先磋商。")

    chiefs = sign_in(chief)
    chiefs.goto(request.get_absolute_url())
    expect(chiefs.locator("main")).to_contain_text("先磋商。")
    answer(chiefs, "责令复核", "责令复核", 意见="请再看现场。")
    desk.reload()
    answer(desk, "报告复核情况", "报告", 意见="复核仍在排放。")
    chiefs.reload()
    answer(chiefs, "批准", "批准", 决定之日="2026-08-03")

    expect(chiefs.locator("main")).to_contain_text("已登记")
    desk.goto(f"/cases/{case.ref}/")
    expect(desk.locator("#file")).to_contain_text("检察长决定提出检察建议")
    heads.reload()
    expect(heads.locator("main")).to_contain_text("先磋商。")


def test_a_county_moves_a_civil_case_for_suing_and_the_review_runs_anew(sign_in, city, bob, alice):
    east_chief = factories.person("east-chief", role="chief", office=city.east)
    case = course.case(
        city.east,
        east_chief,
        bob,
        track="civil",
        domain="food-drug",
        decided_on="2026-05-06",
        at=AT,
    )
    for kind, day in (
        ("investigation.planned", "2026-05-08"), ("investigation.concluded", "2026-05-20"),
        ("notice.published", "2026-05-25"), ("review.opened", "2026-06-26"),
    ):  # fmt: skip
        course.step(case, kind, day, east_chief, at=AT)
    case.refresh_from_db()
    move = moves.send(
        case=case, kind="suing", asks=city.east, to=city.office, grounds="第一审由中级人民法院管辖",
        sent_on=date(2026, 7, 27), by=east_chief, at=course.noon(AT), version=case.version,
    )  # fmt: skip

    page = sign_in(alice)
    page.goto(move.get_absolute_url())
    page.get_by_label("收到之日").fill("2026-08-03")
    page.get_by_label("承办人").select_option("alice")
    with page.expect_navigation():
        page.get_by_role("button", name="接收案件", exact=True).click()
    page.goto(f"/cases/{case.ref}/")
    strip = page.locator(".strip").first
    expect(strip).to_contain_text("2026-11-03")

    below = sign_in(bob)
    below.goto(move.get_absolute_url())
    expect(below.locator("main")).to_contain_text("诉前公告")
    assert below.request.get(f"/cases/{case.ref}/").status == 404
