"""A suggestion sent to an organ's station, replied to twice, verified twice, and only then closed."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests import factories
from tests.journeys.conftest import faults
from tests.web.cases import course

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
AT = "2026-08-03"


def picture():
    """A photograph with something on it: before and after are told apart by what they show."""
    shown = Image.radial_gradient("L").rotate(30).convert("RGB")
    out = io.BytesIO()
    shown.save(out, "JPEG")
    return out.getvalue()


def pressed(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def attached(page, duty, kind, caption):
    """Attach a photograph to a line of the draft."""
    section = page.locator(f"#duty-{duty}")
    section.get_by_text("添附件").first.click()
    section.get_by_label("种类").select_option(label=kind)
    section.get_by_label("文件").set_input_files(
        {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    section.get_by_label("附件说明").fill(caption)
    with page.expect_navigation():
        section.get_by_role("button", name="添附件").click()


def signed(drafter, reviewer, leader):
    """Take a draft through the organ's chain."""
    pressed(drafter, "保存并提交审核")
    reviewer.goto(drafter.url)
    pressed(reviewer, "审核通过")
    leader.goto(drafter.url)
    pressed(leader, "签发并送交检察院")


def found(page, duty, label, reason):
    section = page.locator("section.asked-duty").filter(
        has=page.get_by_role("heading", name=f"{duty} ")
    )
    section.get_by_label(label, exact=True).check()
    section.get_by_label("依据").fill(reason)


def round_entered(page, address, findings):
    """Enter a round of verification by two people."""
    page.goto(address)
    with page.expect_navigation():
        page.get_by_role("link", name="登记一轮核实").click()
    page.get_by_label("现场查看").check()
    page.get_by_label("核实的地点").fill("三号桥排口")
    page.get_by_label("另一核实人").select_option("heidi")
    for duty, label, reason in findings:
        found(page, duty, label, reason)
    pressed(page, "完成登记")


def test_a_suggestion_is_received_replied_to_verified_twice_and_closed(sign_in, city, alice, chief):
    factories.person("heidi", role="department-head", office=city.office)
    seats = {
        name: factories.person(name, role=role, organ=city.water)
        for name, role in (
            ("liaison", "liaison"), ("reviewer", "organ-reviewer"), ("leader", "organ-leader"),
        )
    }  # fmt: skip
    case = course.case(city.office, chief, alice, organ=city.water, decided_on="2026-07-01", at=AT)
    for kind, day in course.TO_SERVICE:
        facts = {"asks": ["封堵暗管", "查处违法排污"]} if kind == "suggestion.decided" else {}
        course.step(case, kind, day, chief, at=AT, facts=facts)
    duties = f"/cases/{case.ref}/duties/{case.suggestions.get().pk}/"

    desk = sign_in(alice)
    desk.goto(f"/cases/{case.ref}/")
    pressed(desk, "送到工作站")
    expect(desk.locator("#station")).to_contain_text("已送到，待签收")

    drafter = sign_in(seats["liaison"], width=390)
    drafter.goto("/station/")
    assert faults(drafter) == []
    drafter.get_by_role("link", name="封堵暗管").click()
    with drafter.expect_navigation():
        drafter.get_by_role("link", name="签收").click()
    expect(drafter.locator("#effects")).to_contain_text("2026-10-08")
    pressed(drafter, "签收")
    expect(drafter.locator(".strip")).to_contain_text("2026-10-08")
    pressed(drafter, "起草回复")
    for duty, text in ((1, "8月2日封堵暗管三处。"), (2, "已对当事人立案处罚。")):
        drafter.locator(f"#duty-{duty}").get_by_label("完成的情况").select_option("done")
        drafter.locator(f"#duty-{duty}").get_by_label("答复的内容").fill(text)
    pressed(drafter, "保存草稿")
    attached(drafter, 1, "整改前照片", "三处暗管")
    attached(drafter, 1, "整改后照片", "三处已封堵")
    assert faults(drafter) == []
    reviewer, leader = sign_in(seats["reviewer"]), sign_in(seats["leader"])
    signed(drafter, reviewer, leader)

    case.refresh_from_db()
    assert case.state == "awaiting"  # replied, and not closed
    desk.goto(duties)
    expect(desk.locator("#disagreements")).to_contain_text("整改前后的两张照片是同一画面")
    round_entered(desk, duties, [(1, "已整改", "三处均已封堵"), (2, "未整改", "没有处罚决定书")])
    expect(desk.locator("main")).to_contain_text("1 项未了结")
    assert faults(desk) == []

    drafter.goto("/station/")
    drafter.get_by_role("link", name="封堵暗管").click()
    drafter.wait_for_url("**/station/1/")
    expect(drafter.locator("main")).to_contain_text("没有处罚决定书")
    pressed(drafter, "起草回复")
    assert drafter.locator("#duty-1").count() == 0
    drafter.locator("#duty-2").get_by_label("完成的情况").select_option("done")
    drafter.locator("#duty-2").get_by_label("答复的内容").fill("附处罚决定书。")
    signed(drafter, reviewer, leader)
    round_entered(desk, duties, [(2, "已整改", "已见处罚决定书和缴款凭证")])
    expect(desk.locator("main")).to_contain_text("各项都已了结")

    chiefs = sign_in(chief)
    chiefs.goto(f"/cases/{case.ref}/steps/case.terminate.rectified/")
    chiefs.locator("[name=ground][value='ground.rectified']").check()
    pressed(chiefs, "登记这一步")
    case.refresh_from_db()
    assert case.state == "terminated"
    desk.goto(f"/cases/{case.ref}/")
    expect(desk.locator("#verification")).to_contain_text("回头看")
