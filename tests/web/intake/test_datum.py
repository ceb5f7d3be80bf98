"""Coordinates come in any datum; they are kept in WGS-84 and as they came."""

import numpy as np
import pytest
from django.urls import reverse

from jingyi.core import datum
from jingyi.core.refusal import Refusal
from jingyi.web.intake.actions import imports
from jingyi.web.intake.actions.reports import receive
from jingyi.web.intake.forms import imports as forms
from jingyi.web.intake.models import Report, Sender
from tests import factories
from tests.web.intake.reporting import TEXT

HEAD = "编号,内容,经度,纬度,坐标系\n"
SPOT = (116.8, 33.97)
pytestmark = pytest.mark.django_db


def shifted(system):
    lon, lat = datum.from_wgs84(np.array([SPOT[0]]), np.array([SPOT[1]]), system)
    return float(lon[0]), float(lat[0])


@pytest.fixture
def take(city, at):
    def take(content, **said):
        sender = imports.name_sender(office=city.office, name="热线", by=None, at=at)
        batch = imports.start_import(
            sender=sender, chunks=[content.encode()], file_name="a.csv", by=None, at=at
        )
        batch = imports.confirm_import(
            batch=batch, mapping=batch.mapping | said, by=None, at=at, queue=False
        )
        return imports.run_import(batch=batch, at=at)

    return take


def line(number, system, words):
    lon, lat = shifted(system)
    return f"{number},东津河边有暗管排黑水第{number}处,{lon},{lat},{words}\n"


def test_each_row_says_its_datum(take):
    take(HEAD + line(1, "GCJ-02", "高德") + line(2, "BD-09", "bd09ll") + line(3, "CGCS2000", ""))

    amap, baidu, plain = Report.objects.order_by("external_id")
    for report in (amap, baidu, plain):
        assert (report.lon, report.lat) == pytest.approx(SPOT, abs=1e-9)
    assert (amap.datum, baidu.datum, plain.datum) == ("GCJ-02", "BD-09", "WGS-84")
    assert (amap.given_lon, amap.given_lat) == pytest.approx(shifted("GCJ-02"))
    assert plain.given_lon is None


def test_one_datum_for_the_whole_file_is_remembered(take):
    batch = take(
        "编号,内容,经度,纬度\n" + line(1, "GCJ-02", "").replace(",\n", "\n"), datum="GCJ-02"
    )

    assert Report.objects.get().datum == "GCJ-02"
    assert (Report.objects.get().lon, Report.objects.get().lat) == pytest.approx(SPOT, abs=1e-9)
    assert Sender.objects.get().mapping["datum"] == "GCJ-02"
    assert batch.rejected == 0


def test_a_datum_nobody_knows_leaves_the_spot_open_and_keeps_what_came(take):
    take(HEAD + line(1, "GCJ-02", "西安80") + line(2, "GCJ-02", "高德"))

    unknown = Report.objects.get(external_id="1")
    assert (unknown.lon, unknown.datum) == (None, "")
    assert unknown.given_lon == pytest.approx(shifted("GCJ-02")[0])


def test_a_datum_nobody_knows_for_a_whole_file_is_refused(take):
    with pytest.raises(Refusal, match="西安80"):
        take(HEAD + line(1, "GCJ-02", "高德"), datum="西安80")


def test_swapped_coordinates_are_turned_as_meant(take):
    lon, lat = shifted("GCJ-02")
    take(HEAD + f"1,东津河边有暗管排黑水,{lat},{lon},高德\n2,又一处暗管排黑水,{lon},{lat},高德\n")

    swapped = Report.objects.get(external_id="1")
    assert (swapped.lon, swapped.lat) == pytest.approx(SPOT, abs=1e-9)


def test_the_form_offers_headings_and_whole_datums():
    form = forms.MappingForm({"text": "内容", "datum": "BD-09"}, names=("内容", "坐标系"))

    assert form.is_valid()
    assert ("坐标系", "坐标系") in form.fields["datum"].choices
    assert ("BD-09", "全部是 BD-09") in form.fields["datum"].choices


def test_the_page_says_where_the_coordinates_come_from(client, city, at):
    lon, lat = shifted("GCJ-02")
    report, _ = receive(
        office=city.office, source="casework", text=TEXT, lon=lon, lat=lat, datum="GCJ-02", at=at
    )
    client.force_login(factories.person("alice", role="prosecutor", office=city.office))

    page = client.get(reverse("intake:report_detail", args=[report.ref])).text

    assert (report.lon, report.lat) == pytest.approx(SPOT, abs=1e-9)
    assert f"由 GCJ-02 {lon:.5f}, {lat:.5f} 换算" in page
