"""Each component by itself: what it shows, what it links to, what it must not do."""

from datetime import date

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from jingyi.core.words import say
from jingyi.web.ui import looks, plots


def shown(source, address="/", language="zh-hans", **values):
    values["request"] = RequestFactory().get(address)
    with translation.override(language):
        return Template("{% load ui %}" + source).render(Context(values))


class Form(forms.Form):
    what = forms.CharField(label="何事", error_messages={"required": "请写下何事。"})
    way = forms.ChoiceField(
        label="方式",
        choices=[("a", "甲"), ("b", "乙")],
        widget=forms.RadioSelect,
        required=False,
    )


def test_a_chip_has_a_glyph_beside_its_colour():
    html = shown("{% chip 'heritage' %}")
    glyph, hue = looks.look("heritage")

    assert f'hue-{hue}" aria-hidden="true">{glyph}<' in html
    assert "文物和文化遗产" in html


def test_a_short_chip_still_says_its_name_to_a_screen_reader():
    assert '<span class="sr">文物</span>' in shown("{% chip 'heritage' '文物' short=True %}")


def test_no_domain_is_said_not_left_empty():
    assert "未定领域" in shown("{% chip '' %}")
    assert "No domain yet" in shown("{% chip '' %}", language="en")


def test_no_two_domains_share_a_glyph_and_hues_are_twelve():
    marks = looks.marks()
    glyphs = [glyph for glyph, _ in marks.values()]

    assert len(glyphs) == len(set(glyphs))
    assert len(marks) > 12
    assert {hue for _, hue in marks.values()} <= set(range(1, 13))


@pytest.mark.parametrize(
    ("due", "state", "kind", "words"),
    [
        (date(2026, 11, 13), "running", "running", "还有 41 天"),
        (date(2026, 10, 10), "running", "soon", "还有 7 天"),
        (date(2026, 10, 2), "running", "overdue", "逾期 1 天"),
        (date(2026, 10, 2), "met", "met", "已按期办结"),
        (date(2026, 10, 2), "suspended", "suspended", "中止计算"),
        (None, "running", "running", "尚未起算"),
    ],
)
def test_a_clock_says_days_and_date(due, state, kind, words):
    html = shown(
        "{% clock due 'T' state=state today=today %}", due=due, state=state, today=date(2026, 10, 3)
    )

    assert f"clock-{kind}" in html
    assert words in html
    assert (f"{due}（周" in html) is bool(due)


@pytest.mark.parametrize("value", [-1, 0, 0.5, 1, 7])
def test_a_rank_stays_between_none_and_all(value):
    html = shown("{% rank value why %}", value=value, why=say("{n} 人", n=3))

    assert any(f">{points}<" in html for points in (0, 50, 100))
    assert "3 人" in html


def test_a_field_ties_its_error_to_its_input():
    html = shown("{% field form.what %}", form=Form({}))

    assert 'for="id_what"' in html
    assert 'id="id_what_error"' in html
    assert 'aria-describedby="id_what_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_group_of_choices_has_a_legend_and_says_it_is_optional():
    html = shown("{% field form.way %}", form=Form())

    assert "<legend" in html
    assert "选填" in html


def test_the_summary_says_the_same_words_and_leads_to_the_field():
    html = shown("{% errors form %}", form=Form({}))

    assert '<a href="#id_what">请写下何事。</a>' in html
    assert "data-focus" in html


@pytest.mark.parametrize("form", [None, Form(), Form({"what": "x"})])
def test_no_error_no_summary(form):
    assert shown("{% errors form %}", form=form).strip() == ""


def test_the_error_of_a_whole_form_is_in_the_summary():
    form = Form({"what": "x"})
    form.add_error(None, "已于 10:02 修改。")

    assert "<li>已于 10:02 修改。</li>" in shown("{% errors form %}", form=form)


def test_a_filter_is_removed_alone_and_paging_starts_anew():
    html = shown(
        "{% applied filters %}",
        "/leads/?domain=a&domain=b&region=990102&after=50",
        filters=[("domain", "a", "甲"), ("region", "990102", "东津区")],
    )

    assert 'href="?domain=b&amp;region=990102"' in html
    assert 'href="?domain=a&amp;domain=b"' in html
    assert 'href="/leads/"' in html
    assert "after" not in html


def test_a_heading_sorts_and_turns():
    source = "{% sort 'due' '期限' 'rank' %}"

    assert 'href="?sort=due"' in shown(source)
    assert 'href="?sort=-due"' in shown(source, "/?sort=due")
    assert "sort-descending" in shown(source, "/?sort=-due")


def test_query_changes_one_parameter():
    assert shown("{% query page=None kind='x' %}", "/?page=2&q=河") == "?q=%E6%B2%B3&amp;kind=x"


def test_more_says_how_many_and_keeps_the_filters():
    html = shown("{% more 'k9' 50 1928 %}", "/?domain=a")

    assert "50 条，共 1,928 条" in html
    assert 'href="?domain=a&amp;after=k9"' in html
    assert "href" not in shown("{% more '' 50 50 %}")


def test_progress_says_rows_speed_and_time_left():
    html = shown("{% progress 48000 120000 9300.4 170 %}")

    assert 'value="40"' in html
    assert "48,000 行，共 120,000 行" in html
    assert "每秒 9,300 行" in html
    assert "还需约 3 分钟" in html
    assert "value=" not in shown("{% progress 10 None %}")


def test_a_toast_can_be_undone_without_script():
    html = shown("{% toast '已合并' '/undo/7/' %}", csrf_token="t")

    assert '<form method="post" action="/undo/7/">' in html
    assert 'value="t"' in html


def test_plots_start_at_nought_and_say_what_they_show():
    html = plots.histogram([("今天", 10), ("昨天", 5, "/?age=1"), ("以前", 0)], "多数在今天")

    assert 'aria-label="多数在今天"' in html
    assert 'height="56.0"' in html
    assert 'height="28.0"' in html
    assert 'height="0.0"' in html
    assert 'href="/?age=1"' in html
    assert "<script>" not in plots.histogram([("<script>", 1)], "x")
    assert "polyline" in plots.sparkline([1, 2, 3], "升")
    assert "polyline" not in plots.sparkline([], "无")


def test_labels_of_a_histogram_do_not_run_into_each_other():
    narrow = plots.histogram([("1", 1), ("2", 1)], "x")
    wide = plots.histogram([("三十天以上", 1), ("2", 1)], "x")

    assert 'width="96" height="92"' in narrow
    assert 'width="140" height="92"' in wide


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_of_all_components_is_public_and_in_both_languages(client, language):
    response = client.get(reverse("ui:components"), headers={"accept-language": language})

    assert response.status_code == 200
    assert ("组件一览" in response.text) is (language == "zh-hans")
    assert ("All components" in response.text) is (language == "en")


@pytest.mark.parametrize(("code", "words"), [("404", "没有这个页面"), ("403", "没有得到允许")])
def test_error_pages_say_what_to_do(client, rf, code, words):
    from django.template.loader import render_to_string

    html = render_to_string(f"{code}.html", request=rf.get("/"))

    assert words in html
    assert 'href="/"' in html


def test_a_missing_page_is_ours(client):
    response = client.get("/no/such/page/")

    assert response.status_code == 404
    assert "没有这个页面" in response.text


def test_the_page_of_a_broken_system_needs_nothing_to_work():
    from django.template.loader import get_template

    html = get_template("500.html").render()

    assert "系统出错了" in html
    assert "Something broke" in html
    assert "static" not in html
