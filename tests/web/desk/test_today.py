"""My day: what is late, due and waiting, and what has come in."""

import pytest
from django.urls import reverse

from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.cases import actions
from tests import factories
from tests.web.cases import course

pytestmark = pytest.mark.django_db
TODAY = reverse("desk:today")
CLOCKS = reverse("desk:clocks")


@pytest.fixture
def on(time_machine, client):
    """Go to a day and sign somebody in on it."""

    def go(day, user):
        time_machine.move_to(course.noon(day), tick=False)
        client.force_login(user)
        return client

    return go


def section(text, heading):
    return text.split(f"<h2>{heading}")[1].split("</section>")[0]


@pytest.mark.parametrize(
    "expected",
    [
        ("2026-10-01", "七日内到期", "还有 7 天"),
        ("2026-10-08", "今天到期", "今天到期"),
        ("2026-10-10", "已逾期", "逾期 2 天"),
    ],
)
def test_the_same_clock_moves_from_heading_to_heading(on, alice, served_case, expected):
    day, heading, words = expected
    text = on(day, alice).get(TODAY).text

    assert served_case.title in section(text, heading)
    assert words in section(text, heading)
    assert text.count("#clock-suggestion-reply-2026-08-01") == 1


def test_a_clock_that_only_follows_another_is_not_due_yet(on, alice, served_case):
    text = on("2026-10-05", alice).get(CLOCKS).text

    assert "行政公益诉讼审查起诉期限" not in text


def test_every_number_opens_the_clocks_it_counts(on, alice, city, chief, served_case):
    for _ in range(2):
        other = course.case(city.office, chief, alice, organ=city.water)
        course.served(other, chief)
    client = on("2026-10-10", alice)

    number = section(client.get(TODAY).text, "已逾期").split("</a>")[0].rsplit(">", 1)[1]
    listed = client.get(CLOCKS, {"due": "overdue", "whose": "mine"}).text

    assert number == "5"  # three replies and two records with the superior
    assert listed.count("clock-overdue") == 5


def test_a_long_heading_shows_its_first_and_how_many_more(on, alice, city, chief):
    for _ in range(14):
        course.case(city.office, chief, alice, organ=city.water)

    text = section(on("2026-07-20", alice).get(TODAY).text, "已逾期")

    assert text.count("<li>") == 12
    assert "还有 2 项" in text


def test_the_chief_sees_proposals_waiting_and_the_whole_office(on, chief, alice, city, served_case):
    actions.propose(
        incidents=[course.incident(city.office)], track="administrative", domain="eco-env",
        organ=None, department=None, handler=alice, title="督促清理东津河倾倒点", grounds="航拍",
        by=alice, at=course.noon("2026-10-05"),
    )  # fmt: skip

    text = on("2026-10-05", chief).get(TODAY).text

    assert "督促清理东津河倾倒点" in text
    assert served_case.title in section(text, "七日内到期")  # the chief handles none: the office's
    assert "督促清理东津河倾倒点" not in on("2026-10-05", alice).get(TODAY).text


def test_a_returned_proposal_waits_until_it_is_made_anew(on, alice, chief, city):
    found = course.incident(city.office)
    given = {
        "incidents": [found], "track": "administrative", "domain": "eco-env", "organ": None,
        "department": None, "handler": alice, "title": "督促清理倾倒点", "grounds": "航拍",
        "by": alice, "at": course.noon("2026-10-05"),
    }  # fmt: skip
    first = actions.propose(**given)
    actions.return_proposal(proposal=first, reason="再查", by=chief, at=given["at"])

    assert "督促清理倾倒点" in on("2026-10-05", alice).get(TODAY).text
    actions.propose(**given)
    assert "督促清理倾倒点" not in on("2026-10-05", alice).get(TODAY).text


def test_mine_and_the_offices(on, alice, bob, city, served_case):
    county = factories.person("east-chief", role="chief", office=city.east)
    theirs = course.case(city.east, county, bob, decided_on="2026-10-05", title="县院的案件")
    client = on("2026-10-06", alice)

    assert theirs.title not in client.get(TODAY).text
    assert theirs.title in client.get(TODAY, {"whose": "office"}).text
    text = on("2026-10-06", bob).get(TODAY, {"whose": "office"}).text
    assert theirs.title in text
    assert served_case.title not in text


def test_what_waits_for_a_prosecutor(on, alice, city):
    taken = course.incident(city.office, state="taken", handler=alice, title="已接手的线索")
    course.incident(city.office, state="taken", title="别人接手的线索")

    text = on("2026-09-02", alice).get(TODAY).text

    assert taken.title in text
    assert "别人接手的线索" not in text


def test_a_reporters_message_waits_for_whoever_may_answer(on, alice, bob, city):
    report = factories.report(city.office)
    report.messages.create(from_reporter=True, text="河水又变黑了", at=course.noon("2026-09-01"))

    assert "河水又变黑了" in on("2026-09-02", alice).get(TODAY).text
    assert "河水又变黑了" not in on("2026-09-02", bob).get(TODAY).text


def test_new_leads_since_yesterday_the_best_five_and_their_number(on, alice, city):
    for n in range(6):
        course.incident(
            city.office, title=f"新线索{n}", rank=n / 10, first_at=course.noon("2026-09-01"),
            last_at=course.noon("2026-09-01"),
        )  # fmt: skip
    course.incident(city.office, title="旧线索", first_at=course.noon("2026-08-30"))

    text = on("2026-09-02", alice).get(TODAY).text

    assert "昨天以来的新线索（6）" in text
    assert "新线索5" in text
    assert "新线索0" not in text
    assert "旧线索" not in text


def test_unread_notices_and_marking_them(on, alice):
    notify(user=alice, sentence=say("{ref} 已立案", ref="2026-0009"), url="", key="k",
           at=course.noon("2026-09-01"))  # fmt: skip
    client = on("2026-09-02", alice)

    assert "2026-0009 已立案" in client.get(TODAY).text
    assert client.post(reverse("accounts:notices")).status_code in {302, 303}
    assert "2026-0009 已立案" not in client.get(TODAY).text


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_asks_a_bounded_number_of_questions(
    on, alice, city, many, django_assert_max_num_queries
):
    chief = factories.person("cora", role="chief", office=city.office)
    for n in range(many):
        course.served(course.case(city.office, chief, alice, organ=city.water), chief)
        course.incident(city.office, state="taken", handler=alice)
        notify(user=alice, sentence=say("通知"), url="", key=f"{n}", at=course.noon("2026-09-01"))
    client = on("2026-10-05", alice)

    with django_assert_max_num_queries(30):
        client.get(TODAY)


def test_nobody_is_asked_to_sign_in(client, db):
    for name in ("today", "clocks", "make_feed", "close_feed"):
        method = client.post if "feed" in name else client.get
        response = method(reverse(f"desk:{name}"))
        assert response.status_code == 302
        assert "/me/sign-in/" in response.url


def test_a_stranger_sees_an_empty_day(on, charlie, served_case):
    client = on("2026-10-10", charlie)

    for address in (TODAY, f"{TODAY}?whose=office", CLOCKS, f"{CLOCKS}?whose=office"):
        assert served_case.title not in client.get(address).text


def test_my_day_in_english(on, alice, served_case):
    text = on("2026-10-05", alice).get(TODAY, headers={"Accept-Language": "en"}).text

    assert "Thu 8 Oct 2026" in text
    assert "Overdue" in on("2026-10-10", alice).get(TODAY, headers={"Accept-Language": "en"}).text
