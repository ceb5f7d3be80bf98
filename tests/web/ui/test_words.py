"""Words, dates and numbers as people read them, in both languages."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.utils import translation

from jingyi.core.words import say
from jingyi.web.ui import dates
from jingyi.web.ui.templatetags import ui

TODAY = date(2026, 10, 3)


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "2026-10-08（周四）"), ("en", "Thu 8 Oct 2026")]
)
def test_a_day_is_written_with_its_weekday(language, words):
    with translation.override(language):
        assert dates.day(date(2026, 10, 8)) == words
        assert dates.day("2026-10-08") == words
        assert dates.day(None) == ""


def test_a_moment_is_told_in_local_time():
    at = datetime(2026, 10, 7, 18, 5, tzinfo=UTC)  # already the 8th in Shanghai
    with translation.override("zh-hans"):
        assert dates.moment(at) == "2026-10-08 02:05"
        assert dates.day(at) == "2026-10-08（周四）"
        assert dates.moment(at.isoformat()) == "2026-10-08 02:05"
    with translation.override("en"):
        assert dates.moment(at) == "8 Oct 2026, 02:05"


@pytest.mark.parametrize(
    ("due", "chinese", "english"),
    [
        (date(2026, 10, 8), "还有 5 天", "5 days left"),
        (date(2026, 10, 4), "还有 1 天", "1 day left"),
        (date(2026, 10, 3), "今天到期", "Due today"),
        (date(2026, 10, 2), "逾期 1 天", "1 day overdue"),
        (date(2026, 9, 30), "逾期 3 天", "3 days overdue"),
    ],
)
def test_days_left(due, chinese, english):
    with translation.override("zh-hans"):
        assert dates.days_left(due, TODAY) == chinese
    with translation.override("en"):
        assert dates.days_left(due, TODAY) == english


@pytest.mark.parametrize(
    ("when", "words"), [(TODAY, "今天"), (date(2026, 10, 2), "昨天"), (date(2026, 9, 30), "3 天前")]
)
def test_ago(when, words):
    with translation.override("zh-hans"):
        assert dates.ago(when, TODAY) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(3, "不到 1 分钟"), (170, "约 3 分钟"), (7200, "约 2 小时"), (-1, "不到 1 分钟")]
)  # fmt: skip
def test_waiting_time(seconds, words):
    with translation.override("zh-hans"):
        assert dates.span(seconds) == words


def test_a_sentence_is_said_in_the_language_of_the_page_live_or_stored():
    sentence = say("自 {day} 起算（当日不计入）", day=date(2026, 8, 1))
    with translation.override("zh-hans"):
        assert (
            ui.said(sentence) == ui.said(sentence.to_json()) == "自 2026-08-01 起算（当日不计入）"
        )
    with translation.override("en"):
        assert ui.said(sentence.to_json()) == "Counted from 2026-08-01 (that day is not included)"
    assert ui.said("as it is") == "as it is"
    assert ui.said(None) == ""


def test_what_a_sentence_carries_is_escaped():
    shown = Template("{% load ui %}{{ words|said }}").render(
        Context({"words": say("{name} 正在查看", name="<script>")})
    )

    assert "&lt;script&gt;" in shown


def test_titles_follow_the_language():
    both = {"title": "检察官", "title_en": "Prosecutor"}
    with translation.override("en"):
        assert ui.title_of(both) == "Prosecutor"
        assert ui.title_of({"title": "只有中文"}) == "只有中文"
    with translation.override("zh-hans"):
        assert ui.title_of(both) == "检察官"
        assert ui.title_of("eco-env") == ""


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("王小明", "name", "王**"),
        ("王明", "name", "王*"),
        ("13812345678", "phone", "138****5678"),
        ("340602199001017412", "id", "340602********7412"),
        ("123", "phone", "1**"),
        ("", "name", ""),
        (None, "id", ""),
    ],
)
def test_personal_data_is_masked(value, kind, shown):
    assert ui.masked(value, kind) == shown


def test_a_code_is_shown_in_groups():
    assert ui.grouped("K7QX2M9T4H") == "K7QX 2M9T 4H"


@override_settings(LANGUAGE_CODE="zh-hans")
def test_numbers_are_grouped_by_three_in_chinese_too():
    with translation.override("zh-hans"):
        shown = Template("{% load humanize %}{{ n|intcomma }}").render(Context({"n": 1928000}))

    assert shown == "1,928,000"
