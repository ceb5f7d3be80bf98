"""Limits an office loads: whole or not at all, listed with their days, judged by."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse

from jingyi.core.lab import judging
from jingyi.core.lab.judging import Reading
from jingyi.core.lab.values import parse
from jingyi.core.refusal import Refusal
from jingyi.core.rulebook import UnknownRule
from jingyi.web.lab import verdicts
from jingyi.web.lab.limits import actions, library
from jingyi.web.lab.limits.models import OwnLimit, OwnTable
from jingyi.web.lab.models import Request
from jingyi.web.lab.stations.actions import Sent, set_up, take_in
from jingyi.web.ledger.models import Entry
from tests import factories
from tests.factories import AT
from tests.web.lab import bench

pytestmark = pytest.mark.django_db
START = date(2021, 9, 3)
FILE = """农药名称,食品类别/名称,最大残留限量(mg/kg),依据
毒死蜱,韭菜,0.02,4.1
毒死蜱,大白菜,10,4.1
啶虫脒,韭菜,0.05*,4.2
"""


def load(office, by, text=FILE, **given):
    values = {"number": "GB 2763-2021", "title": "农药最大残留限量", "start": START} | given
    return actions.load(
        office=office, chunks=[text.encode()], file_name="limits.csv", **values, by=by, at=AT
    )


@pytest.fixture
def keeper(city):
    return factories.person("keeper", role="technician", office=city.office)


def level(table, item, food, text):
    of = next(one for one in table.limits if str(one.item.title) == item)
    found = judging.assess(table, [Reading(of.item, parse(text), of.unit)], table.settled({"food": food}))  # fmt: skip
    return table.level(found.level)


def test_a_file_becomes_a_standard(city, keeper):
    made = load(city.office, keeper)
    table = library.standard(made.name, city.office, date(2026, 9, 1))
    assert level(table, "毒死蜱", "韭菜", "0.03") == "超标"
    assert level(table, "毒死蜱", "大白菜", "0.03") == "合格"
    assert "≤10 mg/kg" in str(
        judging.assess(
            table, [Reading(table.limits[1].item, parse("12"), table.limits[1].unit)],
            table.settled({"food": "大白菜"}),
        ).because[0]
    )  # fmt: skip
    assert made.limits.get(row=4).temporary
    assert Entry.objects.filter(kind="lab.limits", subject=f"limits:{made.pk}").count() == 1


def test_an_office_below_judges_by_it_and_one_beside_does_not(city, keeper):
    made = load(city.office, keeper)
    assert library.has(made.name, city.east)
    assert not library.has(made.name, city.elsewhere)
    with pytest.raises(UnknownRule):
        library.standard(made.name, city.elsewhere)
    below = load(city.east, factories.person("east", role="technician", office=city.east))
    assert not library.has(below.name, city.office)


@pytest.mark.parametrize("name", ["own-", "own-0", "own--1", "own-99999999999999999", "own-１", "nothing"])  # fmt: skip
def test_a_name_that_is_none_is_refused(city, name):
    assert not library.has(name, city.office)
    with pytest.raises(UnknownRule):
        library.standard(name, city.office)


def test_one_wrong_row_and_nothing_is_loaded(city, keeper):
    text = FILE + "毒死蜱,韭菜,0.01,4.1\n乐果,菠菜,少量,4.3\n,菠菜,1,4.3\n"
    with pytest.raises(actions.WrongRows, match="有 3 行") as wrong:
        load(city.office, keeper, text)
    assert [n for n, _ in wrong.value.rows] == [5, 6, 7]
    assert not OwnTable.objects.exists()
    assert not Entry.objects.filter(kind="lab.limits").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"number": " "}, "标准号"),
        ({"end": date(2020, 1, 1)}, "早于"),
        ({"text": "甲,乙\n1,2\n"}, "看不出"),
        ({"text": "项目,限值\n镉,0.05\n"}, "1 行"),
        ({"text": "项目,限值,单位\n"}, "没有限值"),
    ],
)
def test_what_cannot_be_loaded_says_why(city, keeper, given, said):
    with pytest.raises(Refusal, match=said):
        load(city.office, keeper, **given)
    assert not OwnTable.objects.exists()


def test_the_new_one_ends_the_old_one_the_day_before(city, keeper):
    old = load(city.office, keeper)
    newer = FILE.replace("0.02", "0.01")
    made = load(city.office, keeper, newer, number="GB 2763-2026", start=date(2026, 10, 1), replaces=old)  # fmt: skip
    old.refresh_from_db()
    assert (old.in_force_to, old.replaced_by) == (date(2026, 9, 30), made)
    with pytest.raises(UnknownRule, match="2026-09-30"):
        library.standard(old.name, city.office, date(2026, 10, 1))
    before = library.standard(old.name, city.office, date(2026, 9, 30))
    after = library.standard(made.name, city.office, date(2026, 10, 1))
    assert level(before, "毒死蜱", "韭菜", "0.015") == "合格"
    assert level(after, "毒死蜱", "韭菜", "0.015") == "超标"
    names = [one.id for one in library.standards(city.office, date(2026, 10, 1))]
    assert made.name in names
    assert old.name not in names


def test_rows_have_days_of_their_own(city, keeper):
    text = "项目,食品,限值,单位,施行日期,失效日期\n镉,大米,0.2,mg/kg,2021-09-03,2025-12-31\n镉,大米,0.1,mg/kg,2026-01-01,\n"  # fmt: skip
    made = load(city.office, keeper, text)
    for day, said in ((date(2025, 12, 31), "合格"), (date(2026, 1, 1), "超标")):
        assert level(library.standard(made.name, city.office, day), "镉", "大米", "0.15") == said


def test_only_the_laboratory_s_keeper_loads_and_ends(city, keeper, alice):
    with pytest.raises(Http404):
        load(city.office, alice)
    made = load(city.office, keeper)
    with pytest.raises(Http404):
        actions.finish(table=made, last=date(2026, 9, 1), by=alice, at=AT)
    with pytest.raises(Refusal, match="早于"):
        actions.finish(table=made, last=date(2021, 1, 1), by=keeper, at=AT)
    actions.finish(table=made, last=date(2026, 9, 1), by=keeper, at=AT)
    with pytest.raises(Refusal, match="已经到"):
        actions.finish(table=made, last=date(2026, 9, 2), by=keeper, at=AT)


def test_the_pages_load_list_and_end(client, city, keeper, django_assert_max_num_queries):
    client.force_login(keeper)
    path = reverse("limits:new")
    given = {"number": "GB 2763-2021", "title": "农药最大残留限量", "start": "2021-09-03"}
    bad = SimpleUploadedFile("a.csv", (FILE + "乐果,菠菜,少量,4.3\n").encode())
    answer = client.post(path, {**given, "file": bad})
    assert answer.status_code == 422
    assert "第 5 行" in answer.content.decode()
    good = SimpleUploadedFile("a.csv", FILE.encode())
    answer = client.post(path, {**given, "file": good})
    made = OwnTable.objects.get()
    assert (answer.status_code, answer.url) == (303, made.get_absolute_url())
    page = client.get(made.get_absolute_url(), {"q": "韭菜"}).content.decode()
    assert "啶虫脒" in page
    assert "≤10" not in page
    assert (
        client.post(reverse("limits:finish", args=[made.pk]), {"last": "没有"}).status_code == 422
    )
    client.post(reverse("limits:finish", args=[made.pk]), {"last": "2026-09-01"})
    load(city.office, keeper)
    load(city.office, keeper)
    with django_assert_max_num_queries(12):
        assert "已经失效" in client.get(reverse("limits:list")).content.decode()


ROUTES = [("list", False), ("new", False), ("table", True), ("finish", True)]


@pytest.mark.parametrize(("name", "one"), ROUTES)
def test_a_stranger_finds_nothing(client, city, keeper, name, one):
    made = load(city.office, keeper)
    path = reverse(f"limits:{name}", args=[made.pk] if one else [])
    charlie = factories.person("charlie", role="volunteer", office=city.office)
    bob = factories.person("bob2", role="technician", office=city.elsewhere)
    client.force_login(charlie)
    assert {client.get(path).status_code, client.post(path).status_code} <= {404, 405}
    client.force_login(bob)
    answers = [client.get(path), client.post(path, {"last": "2026-09-01"})]
    if one:
        assert {answer.status_code for answer in answers} <= {404, 405}
    else:
        assert all("GB 2763" not in answer.content.decode().replace("例如 GB 2763-2021", "").replace("GB 2763 等", "") for answer in answers)  # fmt: skip
    assert OwnLimit.objects.count() == 3


@pytest.fixture
def samplers(alice, second):
    return alice, second


def test_a_request_a_worksheet_and_a_verdict_by_an_own_limit(as_alice, case, keeper, samplers, device):  # fmt: skip
    """Chlorpyrifos in leek: asked for on the page, measured by an own method, screened as suspect."""
    made = load(case.office, keeper)
    path = f"{reverse('lab:new')}?case={case.ref}"
    assert "GB 2763-2021" in as_alice.get(path).content.decode()
    item = "own:mass-fraction:毒死蜱"
    given = {
        "standard": made.name, "purpose": "lead", "question": "韭菜里有没有", "level": "0",
        "items": [item], "when_food": "韭菜",
    }  # fmt: skip
    answer = as_alice.post(f"{path}&standard={made.name}", given)
    assert answer.status_code == 303, answer.context["form"].errors
    wanted = Request.objects.get()
    assert (wanted.standard, wanted.conditions) == (made.name, {"food": "韭菜"})
    page = as_alice.get(wanted.get_absolute_url()).content.decode()
    assert "毒死蜱" in page
    assert "0.02" in page
    how = bench.method(
        case.office, keeper, item=item, unit="mg/kg", name="气相色谱", lod=Decimal("0.001")
    )
    taken = bench.samples(bench.point(wanted, samplers[0]), *samplers)
    sheet = bench.sheet(how, device, taken, keeper, ("0.05", "0.051", "<0.001"), blank="<0.001")
    (line, *_) = verdicts.judge(sheet).lines
    assert line.limit.startswith("0.02")
    assert line.verdict.state == "screen_suspect", line.because
    assert sheet.ref in as_alice.get(sheet.get_absolute_url()).content.decode()
    actions.finish(table=made, last=date(2026, 9, 1), by=keeper, at=AT)
    (line, *_) = verdicts.judge(sheet).lines
    assert line.limit.startswith("0.02"), "what was asked for in its time is judged by it"
    assert as_alice.get(reverse("lab:requests")).status_code == 200


def test_a_method_of_an_own_item_is_registered_on_its_page(client, city, keeper):
    load(city.office, keeper)
    client.force_login(keeper)
    page = client.get(reverse("lab:new_method")).content.decode()
    assert "own:mass-fraction:毒死蜱" in page


def test_a_station_keeps_an_own_limit(city, keeper):
    text = "项目,限值,单位\n氨氮,0.8,mg/L\n"
    made = load(city.office, keeper, text, number="DB 99/1-2026", title="本地排放限值")
    station = set_up(
        office=city.office, code="S1", name="三号桥", standard=made.name, conditions={}, level=0,
        minutes=60, by=keeper, at=AT,
    )  # fmt: skip
    taken = take_in(
        station=station, at=AT,
        sent=[Sent("氨氮", AT - timedelta(hours=n), text, "mg/L") for n, text in enumerate(["0.7", "0.9"], 1)],
    )  # fmt: skip
    assert taken.new == 2
    assert sorted(station.readings.values_list("over", flat=True)) == [False, True]
