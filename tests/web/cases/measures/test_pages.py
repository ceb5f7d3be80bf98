"""The measures' pages: every number opens its rows, strangers see nothing, nobody is ranked."""

import csv
import io
import re
from pathlib import Path

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from jingyi.core import rulebook
from jingyi.web.cases.measures.forms import AskForm
from jingyi.web.cases.measures.urls import urlpatterns
from jingyi.web.cases.models import Case
from jingyi.web.ledger.models import Entry
from tests import factories
from tests.web.cases import course

pytestmark = pytest.mark.django_db
FIGURES = reverse("cases:figures")
ROOM = Path(__file__).parents[4] / "src/jingyi/web/cases"
HELD = [one for one in rulebook.measures().values() if not one.missing]
YEAR = {"since": "2026-01-01", "until": "2026-11-20", "on": "2026-11-20"}


@pytest.fixture
def year(city, chief, alice):
    """A suggestion answered late, another case just filed, and a declined lead."""
    one = course.case(city.office, chief, alice, organ=city.water, title="=1+1 暗管")
    course.served(one, chief)
    course.step(one, "suggestion.replied", "2026-10-20", chief)
    two = course.case(city.office, chief, alice, decided_on="2026-08-03")
    return one, two


def address(name, measure, *args, **query):
    words = "&".join(f"{key}={value}" for key, value in (YEAR | query).items())
    return f"{reverse(f'measures:{name}', args=[measure.id, *args])}?{words}"


def test_every_number_opens_as_many_rows(as_alice, year):
    text = as_alice.get(FIGURES, YEAR).text
    links = re.findall(r'href="([^"]+/rows/[^"]*)">(?:n = |不计入 )?(\d+)<', text)

    assert len(links) >= 2 * len(HELD) - 1
    assert sum(int(number) for _, number in links) > 0
    for href, number in links:
        opened = as_alice.get(href.replace("&amp;", "&")).text
        assert opened.count("<tr>") - (int(number) > 0) == int(number), href


@pytest.mark.parametrize("measure", rulebook.measures().values(), ids=lambda one: one.id)
def test_each_measure_says_what_it_counts_and_what_it_does_not_say(as_alice, year, measure):
    text = as_alice.get(address("measure", measure)).text

    for words in (measure.definition, measure.counted, measure.hit, measure.silent):
        assert words.values["zh"][:12] in text
    assert str(measure.source) in text
    if measure.missing:
        assert measure.missing.values["zh"] in text


def test_a_few_are_never_shown_as_a_rate(as_alice, year):
    page = as_alice.get(address("measure", rulebook.measures()["reply-rate"])).text

    assert "n 太小，不显示比率" in page
    assert re.search(r'measure-n">0 / 1<', page)
    assert not re.search(r"\d%</", page)


def test_rows_say_why_they_count(as_alice, year):
    replies = rulebook.measures()["reply-rate"]

    text = as_alice.get(address("rows", replies)).text

    assert "2026-10-08 到期，2026-10-20 才完成" in text
    assert year[0].get_absolute_url() in text
    assert "2026-10-20" not in as_alice.get(address("rows", replies, which="hit")).text


@pytest.mark.parametrize("measure", HELD, ids=lambda one: one.id)
def test_the_two_readings_agree_where_nothing_was_entered_since(as_alice, year, measure):
    today = {"on": "", "until": ""}

    def rows(known):
        text = as_alice.get(address("rows", measure, known=known, **today)).text
        return re.findall(r"<tr>.*?</tr>", text)

    assert rows("now") == rows("then")


def test_exports_hold_the_rows_and_run_no_formula(as_alice, year):
    replies = rulebook.measures()["reply-rate"]

    text = b"".join(as_alice.get(address("export", replies, "csv")).streaming_content)
    book = b"".join(as_alice.get(address("export", replies, "xlsx")).streaming_content)

    table = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert [row[:2] for row in table[1:]] == [[year[0].ref, "'=1+1 暗管"]]
    sheet = load_workbook(io.BytesIO(book)).active
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("=1+1 暗管", "s")
    facts = Entry.objects.filter(kind="cases.exported").last().body["facts"]
    assert facts["filters"]["measure"] == "reply-rate"


@pytest.mark.parametrize("room", ["measure", "rows"])
def test_a_stranger_sees_nothing_of_it(client, charlie, year, room):
    client.force_login(charlie)

    for measure in HELD:
        text = client.get(address(room, measure)).text
        assert year[0].ref not in text
        assert "2026-10-08" not in text


def test_who_may_not_read_cases_gets_404_and_nobody_gets_in_unsigned(client, city, year):
    measure = HELD[0]
    pages = [
        address("measure", measure),
        address("rows", measure),
        address("export", measure, "csv"),
    ]

    assert {client.get(page).status_code for page in pages} == {302}
    client.force_login(factories.person("liaison", role="liaison", organ=city.water))
    assert {client.get(page).status_code for page in pages} == {404}


def test_a_county_counts_its_own_and_the_city_both(client, city, chief, alice, year):
    bea = factories.person("bea", role="chief", office=city.east)
    course.case(city.east, bea, bea, decided_on="2026-09-01")
    filed = rulebook.measures()["consultation-rate"]

    def n(user, **query):
        client.force_login(user)
        text = client.get(address("rows", filed, **query)).text
        return len(re.findall(r'class="ref"', text))

    assert (n(alice), n(alice, scope="own"), n(bea)) == (3, 2, 1)
    assert n(alice, known="then", on="") == 3


def test_a_domain_and_a_track_narrow_the_cases(as_alice, city, chief, alice, year):
    course.case(city.office, chief, alice, domain="food-drug", decided_on="2026-08-03")
    filed = rulebook.measures()["consultation-rate"]

    def n(**query):
        return as_alice.get(address("rows", filed, **query)).text.count('class="ref"')

    assert (n(), n(domain="food-drug"), n(track="administrative"), n(track="civil")) == (3, 1, 3, 0)
    assert n(domain="nonsense") == 3


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"on": "2999-01-01"}, "这一天还没有到"),
        ({"on": "2026-05-01", "until": "2026-06-01"}, "时期不能超过"),
        ({"since": "2026-06-01", "until": "2026-05-01"}, "时期的首日晚于末日"),
    ],
)
def test_a_question_that_cannot_be_asked_is_said_beside_its_field(as_alice, query, why):
    text = as_alice.get(FIGURES, query).text

    assert why in text


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize("known", ["now", "then"])
def test_a_bounded_number_of_queries(  # noqa: PLR0917 -- fixtures
    as_chief, city, chief, many, known, django_assert_max_num_queries
):
    for _ in range(many):
        course.served(course.case(city.office, chief, chief, organ=city.water), chief)

    with django_assert_max_num_queries(45):
        as_chief.get(FIGURES, {"known": known})
    with django_assert_max_num_queries(25):
        as_chief.get(
            address("rows", rulebook.measures()["reply-rate"], known=known, on="", until="")
        )


def test_nothing_can_be_asked_by_person_office_or_department_nor_sorted_by_a_rate(as_alice, year):
    assert set(AskForm(today=None).fields) == {
        "since", "until", "on", "known", "track", "domain", "scope",
    }  # fmt: skip
    assert {pattern.name for pattern in urlpatterns} == {"measure", "rows", "export"}
    plain = as_alice.get(FIGURES, YEAR)
    for extra in ({"handler": "alice"}, {"office": "zy-dj"}, {"department": "1"}, {"sort": "rate"}):
        # the address is handed on in links, and changes nothing else
        asked = as_alice.get(FIGURES, YEAR | extra)
        for name in ("measures", "asked"):
            assert str(asked.context[name]) == str(plain.context[name]), extra


def test_no_page_of_the_measures_names_a_person_or_sets_office_beside_office():
    words = re.compile(r"handler|承办人|office|regroup|procuratorate|dictsort|排名表|排行")
    for path in (ROOM / "templates/cases/measures").glob("*.html"):
        assert not words.search(path.read_text("utf-8")), path.name
    core = Path(rulebook.__file__).parent / "measures"
    for path in core.glob("*.py"):
        assert not re.search(r"handler|office_of|by_office|person_id", path.read_text("utf-8"))
    assert Case._meta.get_field("handler")  # there is one, and it is not asked
