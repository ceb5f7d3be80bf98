"""A large photograph of an organ's reply over a line that breaks: it goes on by itself."""

import os
from hashlib import sha256

import pytest
from playwright.sync_api import expect

from jingyi.web.evidence.models import Blob
from jingyi.web.station.actions import matters, replies
from tests import factories
from tests.web.cases import course

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
AT = "2026-08-03"


def test_a_large_file_goes_on_where_the_line_broke(sign_in, city, alice, chief, tmp_path):
    liaison = factories.person("liaison", role="liaison", organ=city.water)
    case = course.case(city.office, chief, alice, organ=city.water, decided_on="2026-07-01", at=AT)
    for kind, day in (*course.TO_SERVICE, ("suggestion.served", "2026-08-01")):
        facts = {"asks": ["封堵暗管"]} if kind == "suggestion.decided" else {}
        course.step(case, kind, day, chief, at=AT, facts=facts)
    matter = matters.open_served(suggestion=case.suggestions.get(), by=liaison, at=course.noon(AT))
    draft = replies.begin(matter=matter, by=liaison, at=course.noon(AT))
    film = tmp_path / "巡河.mp4"
    film.write_bytes(os.urandom(20 << 20))

    page = sign_in(liaison)
    page.goto(f"/station/replies/{draft.pk}/")
    broken = []

    def breaks(route):
        """Break the line on the second piece, twice."""
        if route.request.method == "PATCH" and len(broken) < 2 and route.request.headers["upload-offset"] != "0":  # fmt: skip
            broken.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    page.route("**/uploads/**", breaks)
    page.get_by_text("添附件").first.click()
    section = page.locator("#duty-1")
    section.get_by_label("文件").set_input_files(film)
    expect(section.get_by_text("已传完，请提交。")).to_be_visible(timeout=30_000)
    section.get_by_label("种类").select_option(label="照片")
    section.get_by_label("附件说明").fill("整改后的河段")
    with page.expect_navigation():
        section.get_by_role("button", name="添附件").click()

    assert len(broken) == 2
    expect(page.locator("#duty-1")).to_contain_text("巡河.mp4")
    assert Blob.objects.filter(pk=sha256(film.read_bytes()).hexdigest()).exists()
