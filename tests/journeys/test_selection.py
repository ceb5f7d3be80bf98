"""From nominations to the column: conflicts, judges on their phones, a certified result, the notice."""

import base64
import io

import pytest
import time_machine
from PIL import Image
from playwright.sync_api import expect

from jingyi.web.selection.models import Edition
from tests import factories
from tests.journeys.conftest import faults
from tests.web.selection.conftest import branded

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
WORTH = {"品牌甲": "90", "品牌乙": "82.5", "品牌丙": "70"}
AFTER = "2026-08-06T09:00:00+08:00"  # the notice of two days is over


def picture():
    out = io.BytesIO()
    Image.new("RGB", (640, 360), "seagreen").save(out, "PNG")
    return {"name": "河.png", "mimeType": "image/png", "buffer": out.getvalue()}


def film(page):
    """Record a second of a drawn picture in the browser, as WebM."""
    told = page.evaluate(
        """async () => {
            const canvas = document.createElement("canvas");
            canvas.width = 320; canvas.height = 180;
            const pen = canvas.getContext("2d");
            const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: "video/webm;codecs=vp8" });
            const parts = [];
            recorder.ondataavailable = (event) => parts.push(event.data);
            const over = new Promise((done) => { recorder.onstop = done; });
            recorder.start(200);
            for (let n = 0; n < 10; n += 1) {
                pen.fillStyle = n % 2 ? "teal" : "white";
                pen.fillRect(0, 0, 320, 180);
                await new Promise((done) => setTimeout(done, 100));
            }
            recorder.stop();
            await over;
            const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
            return btoa(String.fromCharCode(...bytes));
        }"""
    )
    return {"name": "河.webm", "mimeType": "video/webm", "buffer": base64.b64decode(told)}


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def nominate(page, home, name):
    page.goto(home)
    page.get_by_label("品牌", exact=True).select_option(label=name)
    press(page, "填写申报")
    page.get_by_label("申报事迹").fill("从一条河做起，先看现场、再找职责、再定整改。" * 6)
    page.get_by_label("成效").fill("清单上的问题按期整改，并经回头看确认，群众满意。" * 2)
    press(page, "保存")
    page.get_by_label("佐证材料").set_input_files(picture())
    press(page, "上传")
    press(page, "提交申报")
    page.get_by_label("受理").check()
    press(page, "保存")
    expect(page.get_by_text("已受理")).to_be_visible()


def score(page):
    """Fill in every sheet that waits; the next one follows by itself."""
    page.goto("/selection/sheets/")
    page.get_by_role("link", name="品牌").first.click()
    while page.get_by_role("button", name="保存并到下一份").count():
        points = next(p for name, p in WORTH.items() if name in page.locator("h1").inner_text())
        for criterion in ("服务大局", "办案质效", "机制创新", "社会认可"):
            page.get_by_label(criterion).fill(points)
        page.get_by_label("有把握", exact=True).check()
        press(page, "保存并到下一份")
    expect(page.get_by_text("待评")).to_have_count(0)


def test_from_nominations_to_the_column(sign_in, open_page, city):
    chief = factories.person("chief", role="chief", office=city.office)
    for name, office in zip(WORTH, (city.office, city.east, city.west), strict=True):
        branded(office, name, chief)
    judges = [factories.person(f"judge{n}", role="judge", office=city.elsewhere) for n in range(3)]
    judges.append(factories.person("insider", role="judge", office=city.east))

    page = sign_in(chief)
    page.goto("/selection/new/")
    for label, value in {
        "名称": "沚阳品牌评选", "申报截止日": "2026-08-31", "提名数": "3", "入选数": "1",
        "每个参评的评委数": "3", "公众投票占比（%）": "0", "公示天数": "2",
    }.items():  # fmt: skip
        page.get_by_label(label, exact=True).fill(value)
    assert faults(page) == []
    press(page, "保存")
    press(page, "开始申报")
    edition = Edition.objects.get()
    home = f"/selection/{edition.pk}/"
    for name in WORTH:
        nominate(page, home, name)
    page.goto(home)
    press(page, "结束申报并编号")
    page.get_by_role("link", name="评委和回避").click()
    for judge in judges:
        page.get_by_label("评委", exact=True).select_option(label=judge.name)
        press(page, "增加评委")
    expect(page.get_by_text("同一单位")).to_have_count(1)
    assert faults(page) == []
    page.goto(home)
    press(page, "分配评委")
    press(page, "开始评分")

    first = sign_in(judges[0], width=390, height=844)
    first.goto("/selection/sheets/")
    theirs = first.get_by_role("link", name="品牌甲")
    if theirs.count():  # a conflict that the records do not show
        theirs.click()
        assert faults(first) == []
        first.get_by_text("我须回避").click()
        first.get_by_label("理由").fill("曾在该部门挂职")
        press(first, "申报回避")
        expect(first.get_by_role("link", name="品牌甲")).to_have_count(0)
    score(first)
    for judge in judges[1:]:
        score(sign_in(judge, width=390, height=844))

    page.goto(home)
    press(page, "结束评分并计分")
    public = open_page(width=390, height=844, scripts=False)
    public.goto(f"{home}notice/")
    expect(public.get_by_text("稳定：")).to_be_visible()
    assert public.locator("tbody tr").first.inner_text().startswith("1")
    assert "品牌甲" in public.locator("tbody tr").first.inner_text()

    with time_machine.travel(AFTER, tick=True):
        page = sign_in(chief)
        page.goto(home)
        press(page, "定评")
        page.get_by_role("link", name="编辑专栏").click()
        page.get_by_label("品牌", exact=True).select_option(label="品牌甲")
        for label, value in {
            "期号": "1", "标题": "这一期带您看河", "编者按": "从一条河说起。", "正文": "清水还给邻里。",
            "发布时间": "2026-08-06T08:00",
        }.items():  # fmt: skip
            page.get_by_label(label, exact=True).fill(value)
        page.get_by_label("题图").first.set_input_files(picture())
        page.get_by_label("录像").first.set_input_files(film(page))
        assert faults(page) == []
        press(page, "保存")
        wide = open_page(width=390, height=844)
        wide.goto("/selection/column/")
        wide.get_by_role("link", name="这一期带您看河").click()
        expect(wide.get_by_text("①")).to_be_visible()
        expect(wide.get_by_text("从一条河说起。")).to_be_visible()
        assert (
            wide.locator("video").evaluate("film => film.play().then(() => film.videoWidth)") == 320
        )
        assert faults(wide) == []
