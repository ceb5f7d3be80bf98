"""The duty calendar on its pages: both sides, to print, as iCalendar, and the daily warning."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from icalendar import Calendar

from jingyi.web.accounts.models import Notice
from jingyi.web.desk.actions import make_feed
from jingyi.web.station.shared import jobs
from jingyi.web.station.shared.models import Due, Look, Row
from tests import factories
from tests.web.station.shared.conftest import ROWS

AUTUMN = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)


@pytest.fixture
def autumn():
    with time_machine.travel(AUTUMN, tick=False):
        yield AUTUMN


def boxes(client, **asked):
    """Return the rules of the calendar under each heading."""
    groups = client.get(reverse("shared:agenda"), asked).context["groups"]
    return {group["name"]: [due.rule for due, _ in group["rows"]] for group in groups}


def test_the_organ_sees_names_the_office_sees_the_least(client, taken, tang, alice, autumn):
    url = reverse("shared:agenda")
    client.force_login(tang)
    own = client.get(url).text
    client.force_login(alice)
    seen = client.get(url).text

    for text in (own, seen):
        assert "沚水罚〔2026〕1号" in text
        assert "行政强制法" in text
    assert "王小明" in own
    assert "王小明" not in seen
    assert "王**" in seen


def test_what_is_late_near_and_later_is_told_apart(client, taken, tang, autumn):
    client.force_login(tang)

    assert boxes(client) == {
        "overdue": ["penalty.decide"],
        "month": ["enforcement.remind", "enforcement.apply"],
        "later": [],
    }
    assert boxes(client, box="overdue") == {"overdue": ["penalty.decide"]}
    assert boxes(client, kind="licence") == {"overdue": [], "month": [], "later": []}


def test_the_parties_own_periods_are_shown_when_asked_for(client, take, tang):
    take([["9号", "甲", *[""] * 6, "2026-08-25", "", ""]])
    client.force_login(tang)
    with time_machine.travel(datetime(2026, 9, 1, tzinfo=UTC)):
        plain = boxes(client)["later"]
        whole = boxes(client, whose="all")

    assert plain == ["enforcement.remind", "enforcement.apply"]
    assert whole["month"] == ["penalty.pay"]
    assert set(whole["later"]) == {"penalty.review", "penalty.suit", *plain}


def test_it_is_printed_with_its_reasons_and_goes_to_a_calendar(client, taken, tang, autumn):
    client.force_login(tang)
    sheet = client.get(reverse("shared:agenda_print")).text
    feed = Calendar.from_ical(client.get(reverse("shared:agenda_feed")).content)
    events = {str(one["summary"]): one for one in feed.walk("VEVENT")}

    assert "第五十三条" in sheet
    event = events["申请人民法院强制执行的期限 · 沚水罚〔2026〕1号"]
    assert f"{event.decoded('dtstart')}" == "2026-10-30"
    assert "王小明" not in feed.to_ical().decode()


def test_the_liaison_is_warned_once_and_again_when_something_newly_comes_near(taken, tang, shen):
    def warn(day):
        return jobs.warn(at=datetime(2026, *day, 2, 0, tzinfo=UTC))

    assert warn((7, 1)) == 0
    assert warn((10, 11)) == 1
    assert warn((10, 12)) == 0
    assert warn((10, 13)) == 1  # the reminder's day is within seven days now
    assert warn((10, 26)) == 1  # that day is past, and the court's within seven days
    assert {notice.user for notice in Notice.objects.all()} == {tang}
    assert "七日内" in Notice.objects.latest("pk").sentence["text"]


def test_a_calendar_announced_since_is_counted_in(take):
    take([["9号", "甲", *[""] * 6, "2026-08-25", "", ""]])
    Due.objects.filter(provisional=True).update(due_on="2000-01-01")

    assert jobs.recount(at=AUTUMN) == 1
    assert not Due.objects.filter(due_on="2000-01-01").exists()


def test_the_page_of_a_row_says_why_each_day_and_what_is_kept_back(client, taken, alice, tang):
    row = Row.objects.get(number="沚水罚〔2026〕1号")
    client.force_login(alice)
    text = client.get(row.get_absolute_url()).text

    assert "没有列出的栏目" in text
    assert "340602199001011234" not in text
    assert "13812345678" not in text
    client.force_login(tang)
    assert "13812345678" in client.get(row.get_absolute_url()).text


def test_each_look_of_the_office_is_written_down_for_leader_and_chief(
    client, taken, alice, *, chief, leader, tang, shen
):
    row = Row.objects.get(number="沚水罚〔2026〕1号")
    client.force_login(tang)
    client.get(row.get_absolute_url())
    assert not Look.objects.exists()
    client.force_login(alice)
    client.get(row.get_absolute_url())
    client.get(reverse("shared:rows"))

    assert sorted(Look.objects.values_list("page", "count", "by__username")) == [
        ("row", 1, "alice"), ("rows", 3, "alice")
    ]  # fmt: skip
    assert "phone" not in Look.objects.first().columns
    other = factories.person("other", role="organ-leader", organ=shen.posts.get().organ)
    for reader, sees in ((leader, True), (chief, True), (other, False)):
        client.force_login(reader)
        assert ("Alice" in client.get(reverse("shared:looks")).text) is sees, reader.username
    for outsider in (tang, alice):
        client.force_login(outsider)
        assert client.get(reverse("shared:looks")).status_code == 404


@pytest.mark.parametrize("name", ["agenda", "rows", "agenda_print", "agenda_feed", "uploads"])
def test_queries_do_not_grow_with_the_rows(
    client, take, tang, alice, *, name, django_assert_max_num_queries
):
    client.force_login(tang if name == "uploads" else alice)
    asked = []
    for count in (1, 3):
        rows = [[f"{n}号", "王", *ROWS[0][2:]] for n in range(count)]
        take(rows, at=AUTUMN + timedelta(days=count))
        with django_assert_max_num_queries(24) as queries:
            assert client.get(reverse(f"shared:{name}")).status_code == 200
        asked.append(len(queries))
    assert asked[1] <= asked[0]


def test_tick_warns_and_once_only(taken, tang, autumn):
    from jingyi.cli.tick import tick

    assert tick(at=AUTUMN)["station"] == {"leads": 0, "recounted": 0, "warned": 1}
    assert tick(at=AUTUMN)["station"]["warned"] == 0


def test_the_persons_own_feed_holds_what_their_organ_has_to_do(
    client, taken, tang, *, shen, alice, autumn
):
    def summaries(user):
        key = make_feed(by=user, at=AUTUMN)
        feed = client.get(reverse("desk:feed", args=[key])).content
        return {str(one["summary"]) for one in Calendar.from_ical(feed).walk("VEVENT")}

    assert "申请人民法院强制执行的期限 · 沚水罚〔2026〕1号" in summaries(tang)
    assert summaries(shen) == summaries(alice) == set()
