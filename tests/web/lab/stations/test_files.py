"""Files of readings: columns guessed, confirmed and remembered; every row that is not taken is named."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jingyi.web.evidence.actions import seal
from jingyi.web.lab.actions import filling, measuring
from jingyi.web.lab.stations import actions, importing
from jingyi.web.lab.stations.models import Profile, Reading, ResultFile
from tests.factories import AT
from tests.web.lab import bench
from tests.web.lab.bench import ON

pytestmark = pytest.mark.django_db
WIDE = """断面名称,监测时间,氨氮(mg/L),pH(无量纲),溶解氧(mg/L),备注
东津河三号桥站,2026-08-01 00:00,0.4,7.2,6.1,
东津河三号桥站,2026-08-01 04:00,--,*,5.9,维护
东津河三号桥站,2026-08-01 00:00,0.4,7.2,6.1,重复
不知道的站,2026-08-01 00:00,0.4,7.2,6.1,
东津河三号桥站,昨天,0.4,7.2,6.1,
东津河三号桥站,2026-08-01 08:00,很多,7.2,6.1,
"""


@pytest.fixture
def station(city, analyst):
    return actions.set_up(
        office=city.office, code="S1", name="东津河三号桥站", standard="gb3838-2002",
        conditions={"body": "river"}, level=2, minutes=240, by=analyst, at=AT,
    )  # fmt: skip


def begun(office, by, text=WIDE):
    blob = seal(chunks=[text.encode()], media_type="text/csv", at=AT)
    names = text.splitlines()[0].split(",")
    columns = importing.guess(office, names)
    return importing.begin(office=office, blob=blob, name="水质.csv", columns=columns, by=by, at=AT)


def test_a_wide_file_as_it_comes(city, station, analyst):
    file = importing.run(begun(city.office, analyst), now=lambda: AT)
    assert (file.new, file.known, file.refused) == (7, 3, 3), "a row is refused once, not each cell"
    assert file.ended_at
    said = [str(why) for _, why in [(n, importing.Sentence.from_json(w)) for n, w in file.rejected]]
    assert any("不知道的站" in one for one in said)
    assert any("昨天" in one for one in said)
    assert any("很多" in one for one in said)
    assert Reading.objects.get(item="ammonia-nitrogen", text="--").number is None
    again = importing.run(begun(city.office, analyst), now=lambda: AT)
    assert again.new == 0


def test_killed_in_the_middle_it_goes_on(city, station, analyst, monkeypatch):
    monkeypatch.setattr(importing, "PIECE", 2)
    file, calls = begun(city.office, analyst), []

    class KilledError(Exception):
        pass

    whole = importing._piece

    def piece(*args):
        calls.append(1)
        if len(calls) == 2:
            raise KilledError
        return whole(*args)

    monkeypatch.setattr(importing, "_piece", piece)
    with pytest.raises(KilledError):
        importing.run(file, now=lambda: AT)
    file.refresh_from_db()
    assert file.done == 2
    done = importing.run(file, now=lambda: AT)
    assert (done.done, done.new) == (6, 7)


def test_the_columns_are_confirmed_once_and_remembered(client, city, station, analyst):
    client.force_login(analyst)
    data = WIDE.replace("氨氮(mg/L)", "NH3N 浓度").encode()
    upload = SimpleUploadedFile("水质.csv", data, "text/csv")
    answer = client.post(reverse("stations:upload"), {"file": upload})
    page = client.get(answer.url)
    assert "NH3N 浓度" in page.content.decode()
    given = {
        "site": "断面名称",
        "time": "监测时间",
        "item_2": "ammonia-nitrogen",
        "unit_2": "furlong",
    }
    assert client.post(answer.url, given).status_code == 422
    assert client.post(answer.url, {**given, "unit_2": "mg/L"}).status_code == 303
    assert ResultFile.objects.get().columns["items"] == {"NH3N 浓度": ["ammonia-nitrogen", "mg/L"]}
    names = data.decode().splitlines()[0].split(",")
    assert importing.guess(city.office, names).items == {"NH3N 浓度": ("ammonia-nitrogen", "mg/L")}
    assert Profile.objects.count() == 1
    assert (
        client.get(reverse("stations:file", args=[ResultFile.objects.get().pk])).status_code == 200
    )


def test_an_instruments_file_fills_a_worksheet(tmp_path, method, device, taken, analyst):
    bench.hand(taken, taken[0].first, analyst)
    sheet = measuring.begin(
        method=method, device=device, kit=None, on=ON, samples=taken, intact=True, by=analyst, at=AT
    )
    path = tmp_path / "out.csv"
    rows = [
        f"{taken[0].number},1600",
        f"{taken[1].number},<25",
        "ZZZZZZZ,1",
        f"{taken[2].number},高",
    ]
    path.write_text("样品编号,氨氮(μg/L)\n" + "\n".join(rows) + "\n")
    wrong = filling.fill(sheet=sheet, path=path, by=analyst, at=AT)
    assert [one.text for one in sheet.results.order_by("position")] == ["1.6", "<0.025", ""]
    assert len(wrong) == 2
