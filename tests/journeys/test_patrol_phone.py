"""A patrol on a phone without a signal: killed, restarted, two phones, a clock that is wrong."""

import re

import pytest
from playwright.sync_api import expect

from jingyi.web.patrols.models import Track, Visit
from tests.journeys.conftest import faults
from tests.web.patrols import conftest as patrols

place, plan, walker = patrols.place, patrols.plan, patrols.walker
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SPOT = {"longitude": 122.9101, "latitude": 33.6101, "accuracy": 6}
LATE = "Date.now = () => 978307200000;"  # the phone believes that it is 2001


@pytest.fixture
def phone(browser_type, browser_type_launch_args, live_server, tmp_path):
    """Return a way to start a phone with its own storage; started again, it has what it had."""
    running = []

    def start(name="one", *, clock=""):
        context = browser_type.launch_persistent_context(
            str(tmp_path / name), **browser_type_launch_args, base_url=live_server.url,
            viewport={"width": 390, "height": 844}, geolocation=SPOT, permissions=["geolocation"],
            locale="zh-CN",
        )  # fmt: skip
        running.append(context)
        if clock:
            context.add_init_script(clock)
        return context

    yield start
    for context in running:
        context.close()


def sign_in(context, person):
    page = context.new_page()
    page.goto("/me/sign-in/")
    page.get_by_label("用户名").fill(person.username)
    page.get_by_label("密码").fill("a long pass phrase")
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/today/")
    page.goto("/patrols/app/")
    ready(page)
    page.locator("body[data-offline=yes]").wait_for()
    return page


def ready(page):
    page.locator("body[data-ready=yes]").wait_for()


def note(page, stop, words, *, photo=False):
    page.get_by_role("button", name=stop).click()
    page.get_by_label("有问题").check()
    page.get_by_label("说明").fill(words)
    if photo:
        file = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": patrols.jpeg().read()}
        page.get_by_label("照片", exact=True).set_input_files(file)
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_label("说明")).to_have_value("")  # kept


def test_nothing_is_lost_or_doubled(phone, plan, walker):
    context = phone()
    page = sign_in(context, walker)
    assert faults(page) == []
    context.set_offline(True)
    note(page, "沚河一号桥", "桥下有暗管", photo=True)
    note(page, "老码头", "石碑倒了")
    page.reload()  # no signal, and the page comes from the phone
    ready(page)
    expect(page.get_by_role("button", name="老码头")).to_be_visible()
    note(page, "老码头", "石碑下有新土")
    context.close()  # killed
    assert not Visit.objects.exists()

    context = phone()  # restarted, with a signal again
    page = context.new_page()
    page.goto("/patrols/app/")
    expect(page.get_by_text("全部已同步")).to_be_visible()
    assert set(Visit.objects.values_list("note", flat=True)) == {
        "桥下有暗管",
        "石碑倒了",
        "石碑下有新土",
    }
    assert Visit.objects.count() == 3
    bridge = Visit.objects.get(note="桥下有暗管")
    assert bridge.photo
    assert bridge.lon == pytest.approx(SPOT["longitude"])
    page.get_by_role("button", name="现在同步").click()
    page.get_by_role("button", name="现在同步").click()
    expect(page.get_by_text("全部已同步")).to_be_visible()
    assert Visit.objects.count() == 3


def test_two_phones_and_a_clock_that_is_wrong(phone, plan, walker):
    first, second = sign_in(phone("one"), walker), sign_in(phone("two", clock=LATE), walker)
    note(first, "沚河一号桥", "第一部")
    note(second, "沚河一号桥", "第二部")
    for page in (first, second):
        expect(page.get_by_text("全部已同步")).to_be_visible()
    assert Visit.objects.count() == 2
    right, wrong = Visit.objects.get(note="第一部"), Visit.objects.get(note="第二部")
    assert wrong.taken_at.year == 2001
    assert wrong.skew_s > 20 * 365 * 86_400
    assert wrong.received_at >= right.received_at
    second.goto(f"/patrols/{plan.pk}/")
    expect(second.get_by_text("手机时钟与服务器差")).to_have_count(
        2
    )  # the test's own year is another


def test_the_way_is_recorded(phone, plan, walker):
    context = phone()
    page = sign_in(context, walker)
    page.get_by_role("button", name="老码头").click()
    page.get_by_role("button", name="开始记录轨迹").click()
    for n in range(5):
        context.set_geolocation(SPOT | {"latitude": SPOT["latitude"] + n * 0.0005})
        page.wait_for_timeout(150)
    expect(page.locator("#points")).to_have_text(re.compile(r"^([3-9]|\d\d)$"))
    page.get_by_role("button", name="停止记录轨迹").click()
    expect(page.get_by_text("全部已同步")).to_be_visible()
    points = [point for track in Track.objects.all() for point in track.points]
    assert len(points) >= 3
    assert points[0][:2] == [pytest.approx(SPOT["longitude"]), pytest.approx(SPOT["latitude"])]
