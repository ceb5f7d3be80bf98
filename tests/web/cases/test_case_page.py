"""One case as it is seen and worked on in the browser."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jingyi.web.cases.models import Event
from jingyi.web.ledger.models import Entry
from tests.web.cases import course, long

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_autumn")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def _autumn(time_machine):
    time_machine.move_to(course.noon("2026-09-02"), tick=False)


@pytest.fixture
def case(city, chief, alice):
    return course.case(city.office, chief, alice, organ=city.water, at="2026-09-01")


@pytest.fixture
def served_case(case, chief):
    for kind, day in (*course.TO_SERVICE, ("suggestion.served", "2026-08-01")):
        facts = {"asks": ["封堵暗管"]} if kind == "suggestion.decided" else {}
        course.step(case, kind, day, chief, at="2026-09-01", facts=facts)
    return case


def step_url(case, name):
    return reverse("cases:step", args=[case.ref, name])


def post(client, case, name, *, htmx=False, **data):
    case.refresh_from_db()
    fields = {"on": "2026-09-01", "version": case.version, **data}
    return client.post(step_url(case, name), fields, headers=HTMX if htmx else {})


def test_the_clock_says_the_last_day_and_every_step_of_how_it_was_counted(as_alice, served_case):
    text = as_alice.get(served_case.get_absolute_url()).text

    assert "2026-10-08（周四）" in text
    assert "第二十一条第二款" in text
    assert "2026-10-01 为休假日（国庆节）" in text
    assert "2026-10-07 为休假日（国庆节）" in text
    assert "期限顺延至休假日后的第一日 2026-10-08" in text
    assert "以上算法为推定" in text


def test_the_page_shows_where_the_case_stands_on_the_line_of_its_track(as_alice, served_case):
    text = as_alice.get(served_case.get_absolute_url()).text
    line = text[text.index('class="stages"') : text.index("</nav>", text.index('class="stages"'))]

    assert line.count("<li") == 7
    assert line.count('aria-current="step"') == 1
    now = line[line.index('aria-current="step"') :]
    assert "整改与回复" in now[: now.index("</li>")]
    assert "2026-08-01" in now[: now.index("</li>")]
    assert line.count("：已经过") == 2
    assert line.count("：尚未到") == 4


def test_days_left_are_counted_for_today_and_never_stored(
    client, alice, chief, served_case, time_machine
):
    course.step(served_case, "suggestion.recorded", "2026-08-05", chief, at="2026-09-01")

    def strip():
        client.force_login(alice)
        text = client.get(served_case.get_absolute_url()).text
        return text.split('<div class="strip">')[1].split("</summary>")[0]

    assert 'strip-n">36<' in strip()
    assert "strip-overdue" not in strip()
    time_machine.move_to(course.noon("2026-10-10"), tick=False)

    assert 'strip-n">2<' in strip()
    assert "strip-overdue" in strip()


def test_open_steps_are_links_and_closed_ones_say_why_with_the_article(as_alice, served_case):
    text = as_alice.get(served_case.get_absolute_url()).text

    assert step_url(served_case, "suggestion.reply") in text
    assert step_url(served_case, "review.open") not in text
    closed = text[text.index("转入审查起诉</strong>") :][:400]
    assert "《办案规则》第四十七条第一款" in closed
    assert "还缺：整改期满" in closed
    assert "须由别的职务办理" in text  # withdrawing is the chief's


def test_a_step_of_another_stage_says_all_that_is_missing(as_alice, served_case):
    text = as_alice.get(served_case.get_absolute_url()).text

    suit = text[text.index("提起行政公益诉讼</strong>") :][:900]
    assert "《办案规则》第八十一条" in suit
    assert "须在“审查起诉”阶段" in suit
    for need in ("整改期满", "未整改到位的现场核实记录", "审查终结报告"):
        assert f"还缺：{need}" in suit
    assert "还缺：检察建议书的送达回证" not in suit  # it is on file


def test_what_if_it_were_served_on_another_day(as_alice, case):
    asked = {"rule": "suggestion.reply", "on": "2026-08-01", "track": "ordinary"}

    page = as_alice.get(case.get_absolute_url(), asked)
    part = as_alice.get(case.get_absolute_url(), asked, headers={**HTMX, "HX-Target": "what-if"})

    for text in (page.text, part.text):
        assert "2026-10-08（周四）" in text
        assert "2026-10-03 为休假日" in text
    assert "<html" not in part.text
    assert not Event.objects.filter(kind="suggestion.served").exists()


def test_what_if_past_the_calendar_is_a_sentence_not_a_date(as_alice, case):
    asked = {"rule": "suggestion.reply", "on": "2026-11-05", "track": "ordinary"}

    text = as_alice.get(case.get_absolute_url(), asked).text

    assert "放假安排只公布到 2026-12-31，不作推测" in text


@pytest.mark.parametrize("asked", [{"on": "x"}, {"rule": "nonsense", "on": "2026-08-01"}])
def test_what_if_of_nonsense_is_answered_at_the_field(as_alice, case, asked):
    assert as_alice.get(case.get_absolute_url(), asked).status_code == 200


def test_the_step_page_foresees_the_clocks_it_would_start(as_chief, case, chief):
    for kind, day in course.TO_SERVICE:
        course.step(case, kind, day, chief, at="2026-09-01")

    text = as_chief.get(step_url(case, "suggestion.serve"), {"on": "2026-08-01"}).text

    assert "“送达检察建议书的期限”停止计算。" in text
    assert "2026-10-08（周四）" in text  # the reply
    assert "2026-08-06（周四）" in text  # the record with the superior


@pytest.mark.parametrize("htmx", [False, True])
def test_entering_a_step(as_alice, case, htmx):
    response = post(as_alice, case, "case.serve", on="2026-07-03", htmx=htmx)

    assert response.status_code == 303
    assert case.events.get(kind="case.served").on == date(2026, 7, 3)
    page = as_alice.get(case.get_absolute_url()).text
    assert "已登记：送达立案决定书" in page


@pytest.mark.parametrize("htmx", [False, True])
def test_a_refusal_is_shown_in_the_form_and_nothing_is_written(as_alice, served_case, htmx):
    entries = Entry.objects.count()

    response = post(as_alice, served_case, "review.open", htmx=htmx)

    assert response.status_code == 422
    assert "尚缺：整改期满" in response.text
    assert ("<html" in response.text) is not htmx
    assert Entry.objects.count() == entries


def test_service_sent_twice_is_entered_once(as_chief, case, chief):
    for kind, day in course.TO_SERVICE:
        course.step(case, kind, day, chief, at="2026-09-01")
    version = case.version
    data = {"on": "2026-08-01", "version": version}
    url = step_url(case, "suggestion.serve")

    first, second = as_chief.post(url, data), as_chief.post(url, data)

    assert (first.status_code, second.status_code) == (303, 422)
    assert "已有新的登记" in second.text
    assert case.events.filter(kind="suggestion.served").count() == 1


def test_past_the_calendar_the_form_offers_to_enter_it_without_a_last_day(
    as_chief, case, chief, time_machine
):
    for kind, day in course.TO_SERVICE:
        course.step(case, kind, day, chief, at="2026-09-01")
    time_machine.move_to(course.noon("2026-11-06"), tick=False)
    as_chief.force_login(chief)  # the old session is long over

    refused = post(as_chief, case, "suggestion.serve", on="2026-11-05")
    assert refused.status_code == 422
    assert "尚未公布" in refused.text
    assert 'name="uncounted"' in refused.text
    assert not case.events.filter(kind="suggestion.served").exists()

    taken = post(as_chief, case, "suggestion.serve", on="2026-11-05", uncounted="on")
    assert taken.status_code == 303
    page = as_chief.get(case.get_absolute_url()).text
    assert "不作推测" in page
    assert "2027-01-05（周二）" in page  # the end before any roll


def test_an_exhibit_is_sealed_with_the_step_and_comes_back_byte_for_byte(as_alice, case):
    scan = SimpleUploadedFile("回证.pdf", b"%PDF-1.7 \x00\xff", content_type="application/pdf")

    post(as_alice, case, "case.serve", on="2026-07-03", exhibit=scan)
    event = case.events.get(kind="case.served")
    response = as_alice.get(reverse("cases:exhibit", args=[case.ref, event.pk]))

    assert b"".join(response.streaming_content) == b"%PDF-1.7 \x00\xff"
    assert response["Content-Type"] == "application/octet-stream"
    assert "attachment" in response["Content-Disposition"]
    evidence = as_alice.get(case.get_absolute_url(), {"tab": "evidence"}).text
    assert event.exhibit_id[:16] in evidence


def test_a_suggestion_lists_its_duties_item_by_item(as_chief, case, chief):
    for kind, day in course.TO_SERVICE[:3]:
        course.step(case, kind, day, chief, at="2026-09-01")

    response = post(
        as_chief, case, "suggestion.decide", on="2026-07-31", asks="封堵暗管\n\n 查处违法排污 \n",
        urgent="on", number="沚检建〔2026〕3号",
    )  # fmt: skip

    assert response.status_code == 303
    suggestion = case.suggestions.get()
    assert suggestion.asks == ["封堵暗管", "查处违法排污"]
    assert suggestion.urgent
    documents = as_chief.get(case.get_absolute_url(), {"tab": "documents"}).text
    assert "查处违法排污" in documents
    assert "沚检建〔2026〕3号" in documents


def test_a_closing_step_asks_for_its_ground(as_chief, served_case, chief):
    course.verified(served_case, chief, served_case.handler, "2026-08-20", at="2026-09-01")

    without = post(as_chief, served_case, "case.terminate.rectified")
    assert without.status_code == 422

    given = post(as_chief, served_case, "case.terminate.rectified", ground="ground.rectified")
    assert given.status_code == 303
    served_case.refresh_from_db()
    assert served_case.state == "terminated"
    assert "行政机关已经全面采取整改措施" in as_chief.get(served_case.get_absolute_url()).text


def test_correcting_and_undoing_in_the_browser(as_alice, served_case):
    event = served_case.events.get(kind="suggestion.served")
    correct = reverse("cases:correct", args=[served_case.ref, event.pk])
    data = {"on": "2026-08-03", "version": served_case.version, "reason": "回证日期"}

    assert 'value="2026-08-01"' in as_alice.get(correct).text
    assert as_alice.post(correct, {**data, "reason": ""}).status_code == 422
    assert as_alice.post(correct, data).status_code == 303
    assert as_alice.post(correct, data).status_code == 404  # it no longer stands

    right = served_case.events.get(kind="suggestion.served", undone_at=None)
    undo = reverse("cases:undo", args=[served_case.ref, right.pk])
    served_case.refresh_from_db()
    answer = as_alice.post(undo, {"reason": "未送达", "version": served_case.version})
    assert answer.status_code == 303
    text = as_alice.get(served_case.get_absolute_url()).text
    assert "回证日期" in text
    assert "未送达" in text


def test_the_page_asks_the_same_number_of_questions_for_one_event_and_for_many(
    as_alice, case, chief, django_assert_max_num_queries
):
    with django_assert_max_num_queries(30):
        as_alice.get(case.get_absolute_url())
    for kind, day in (*course.TO_SERVICE, ("suggestion.served", "2026-08-01")):
        course.step(case, kind, day, chief, at="2026-09-01")

    with django_assert_max_num_queries(30):
        as_alice.get(case.get_absolute_url())


def test_a_file_of_500_events_is_shown_whole_with_no_more_questions(
    as_alice, served_case, alice, django_assert_max_num_queries
):
    long.lengthen(served_case, alice, 500)

    with django_assert_max_num_queries(30):
        text = as_alice.get(served_case.get_absolute_url()).text
    assert text.count('id="event-') == 500


def test_the_page_in_english(as_alice, served_case):
    text = as_alice.get(served_case.get_absolute_url(), headers={"Accept-Language": "en"}).text

    assert "Thu 8 Oct 2026" in text
    assert "procuratorial suggestion" in text


def test_a_draft_is_held_beside_the_rules_in_force_and_marked_as_a_draft(as_alice, served_case):
    plain = as_alice.get(served_case.get_absolute_url()).text
    page = as_alice.get(served_case.get_absolute_url(), {"profile": "draft-pil-law"}).text

    assert "profile=draft-pil-law" in plain
    assert "草案，没有约束力" not in plain
    assert "草案，没有约束力" in page
    assert "书面回复检察意见的期限" in page
    assert "所见材料没有写" in page
    assert 'class="differs"' not in page


def test_an_assumed_length_shows_what_would_change_and_stores_nothing(as_alice, served_case):
    before = list(served_case.clocks.values_list("rule", "due_on").order_by("pk"))
    asked = {
        "profile": "draft-pil-law",
        "assume": "suggestion.reply",
        "number": "1",
        "unit": "months",
    }
    page = as_alice.get(served_case.get_absolute_url(), asked)

    shown = {pair.now.rule.id: pair for pair in page.context["pairs"]}
    assert str(shown["suggestion.reply"].draft.due) == "2026-09-01"
    assert shown["review.administrative"].differs
    assert page.text.count('class="differs"') == 2
    assert list(served_case.clocks.values_list("rule", "due_on").order_by("pk")) == before


def test_an_unknown_draft_shows_the_case_as_it_is(as_alice, served_case):
    page = as_alice.get(served_case.get_absolute_url(), {"profile": "no-such"})

    assert page.status_code == 200
    assert "没有约束力" not in page.text
