"""A national network's file as it comes: no year in its times, nobody has entered its stations."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from jingyi.web.evidence.actions import seal
from jingyi.web.lab.stations import classes, importing
from jingyi.web.lab.stations.models import Exceedance, Reading, ResultFile, Station
from tests.factories import AT

pytestmark = pytest.mark.django_db
WATER = Path(__file__).parents[5] / "shared/data/water/surface_water_auto_2021-04_1698stations.csv"
FILE = """断面名称,监测时间,水质类别,氨氮(mg/L),总磷(mg/L),藻密度(cells/L)
甲河大桥,04-01 12:00,Ⅱ,0.4,0.08,*
甲河大桥,*,*,--,--,*
甲河大桥,04-01 16:00,Ⅲ,0.9,--,*
乙库（湖库）,04-01 12:00,Ⅳ,0.4,0.08,120000
甲河大桥,04-01 12:00,Ⅱ,0.4,0.08,*
"""


def taken_in(office, by, text, **said):
    blob = seal(chunks=[text.encode()], media_type="text/csv", at=AT)
    columns = importing.guess(office, text.splitlines()[0].split(","))
    file = importing.begin(office=office, blob=blob, name="水.csv", columns=replace(columns, **said), by=by, at=AT)  # fmt: skip
    return importing.run(file, now=lambda: AT)


def said(file):
    return [(n, str(importing.Sentence.from_json(why))) for n, why in file.rejected]


def test_stations_are_entered_from_the_file(city, analyst):
    file = taken_in(city.office, analyst, FILE, year=2021, make=("gb3838-2002", 2))
    assert {one.name: one.conditions["body"] for one in Station.objects.all()} == {
        "甲河大桥": "river", "乙库（湖库）": "lake",
    }  # fmt: skip
    assert (file.new, file.known, file.refused) == (7, 2, 1)
    assert said(file) == [(3, "“*”不是时间，可写 2026-08-03 12:00。")]
    river, lake = Station.objects.get(name="甲河大桥"), Station.objects.get(name="乙库（湖库）")
    found = classes.of(river, river.readings.all())
    assert [one.level for one in found] == ["Ⅲ", "Ⅱ"]
    assert any("总磷" in one and "未参评" in one for one in found[0].because)
    assert [(one.level, one.worst) for one in classes.of(lake, lake.readings.all())] == [("Ⅳ", "总磷")]  # fmt: skip


def test_a_time_without_a_year_and_a_station_nobody_entered_are_said(city, analyst):
    none = taken_in(city.office, analyst, FILE, year=2021)
    assert none.new == 0
    assert [n for n, why in said(none) if "没有登记过站点" in why] == [2, 4, 5, 6]
    made = taken_in(city.office, analyst, FILE, make=("gb3838-2002", 2))
    assert made.new == 0
    assert any("没有写年份" in why for _, why in said(made))
    assert not Station.objects.exists(), "a station without a reading is not entered"


def test_stations_of_one_name_are_told_apart_by_where_they_are(city, analyst):
    text = "省份,断面名称,监测时间,氨氮(mg/L)\n甲省,大桥,2021-04-01 12:00,0.4\n乙省,大桥,2021-04-01 12:00,0.9\n"  # fmt: skip
    file = taken_in(city.office, analyst, text, make=("gb3838-2002", 2))
    assert (file.new, file.refused) == (2, 0)
    assert sorted(Station.objects.values_list("name", flat=True)) == ["乙省大桥", "甲省大桥"]


def test_another_value_for_the_same_time_is_said_and_the_first_kept(city, analyst):
    text = "断面名称,监测时间,氨氮(mg/L)\n大桥,2021-04-01 12:00,0.4\n大桥,2021-04-01 12:00,0.4\n大桥,2021-04-01 12:00,0.9\n"  # fmt: skip
    file = taken_in(city.office, analyst, text, make=("gb3838-2002", 2))
    assert (file.new, file.known, file.refused) == (1, 1, 1)
    again = taken_in(city.office, analyst, text.replace(",0.4", ",0.5"), make=("gb3838-2002", 2))
    assert (again.new, again.known, again.refused) == (0, 0, 3)
    assert Reading.objects.get().text == "0.4"
    assert all("先收的" in why for _, why in said(again))


def test_what_is_long_over_opens_no_lead(city, analyst):
    text = "站点,时间,氨氮(mg/L)\n丙站,{},9\n"
    late = taken_in(city.office, analyst, text.format("2021-04-01 12:00"), make=("gb3838-2002", 2))
    assert late.new == 1
    assert Exceedance.objects.get().report is None
    taken_in(city.office, analyst, text.format("2026-08-31 12:00"), make=("gb3838-2002", 2))
    assert Exceedance.objects.exclude(report=None).count() == 1


def test_year_and_stations_are_said_on_the_page(client, city, analyst):
    client.force_login(analyst)
    answer = client.post(reverse("stations:upload"), {"file": SimpleUploadedFile("水.csv", FILE.encode())})  # fmt: skip
    given = {
        "site": "断面名称", "time": "监测时间", "item_3": "ammonia-nitrogen", "unit_3": "mg/L",
        "year": "2021", "make": "gb3838-2002:2",
    }  # fmt: skip
    assert "GB 3838-2002 Ⅲ类" in client.get(answer.url).content.decode()
    assert client.post(answer.url, {**given, "make": "gb3838-2002:9"}).status_code == 422
    assert client.post(answer.url, given).status_code == 303
    columns = ResultFile.objects.get().columns
    assert (columns["year"], columns["make"]) == (2021, ["gb3838-2002", 2])
    again = importing.guess(city.office, FILE.splitlines()[0].split(","))
    assert (again.year, again.make) == (None, ("gb3838-2002", 2)), "another file, another year"
    importing.run(ResultFile.objects.get(), now=lambda: AT)
    page = client.get(Station.objects.get(name="甲河大桥").get_absolute_url()).content.decode()
    assert "水质类别" in page


@pytest.mark.slow
@pytest.mark.shared_data
@pytest.mark.skipif(not WATER.exists(), reason="../shared/data is not here")
def test_the_network_s_own_file(city, analyst):
    """The first 6,000 rows: every reading kept once, the official class of 97 in 100 and more."""
    lines = WATER.read_text("utf-8-sig").splitlines(keepends=True)[:6001]
    file = taken_in(city.office, analyst, "".join(lines), year=2021, make=("gb3838-2002", 2))
    rows = list(csv.DictReader(lines))
    first, other = {}, 0
    for row in rows:
        for name, cell in row.items() if row["监测时间"] != "*" else ():
            if "(" in name and cell not in {"", "*"}:
                key = row["省份"], row["断面名称"], row["监测时间"], name
                other += first.setdefault(key, cell) != cell
    timeless = sum(row["监测时间"] == "*" for row in rows)
    assert other, "the network itself sends two values for one time"
    assert (file.new, file.refused) == (len(first), timeless + other)
    assert Reading.objects.count() == file.new
    official = {(row["省份"] + row["断面名称"], row["监测时间"]): row["水质类别"] for row in reversed(rows)}  # fmt: skip
    same = count = 0
    for station in Station.objects.all():
        for one in classes.of(station, station.readings.all()):
            said = official[station.name, f"{timezone.localtime(one.at):%m-%d %H:%M}"]
            if said not in {"*", "--", ""}:
                count, same = count + 1, same + (said == one.level)
    assert count > 4000
    assert same / count >= 0.97
