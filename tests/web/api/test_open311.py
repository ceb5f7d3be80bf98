"""Open311: handed in once, told only to whoever handed it in, in JSON and XML, with comments."""

import io
from base64 import b64encode
from xml.etree import ElementTree as ET

import pytest
from georeport import GeoReport
from PIL import Image

from jingyi.core.words import say
from jingyi.web.api import tokens
from jingyi.web.intake.actions import reports
from jingyi.web.intake.models import Report
from tests import factories
from tests.factories import AT
from tests.web.api.conftest import key

ASK = "/api/open311/v2/requests.json"
UPDATES = "/api/open311/v2/servicerequestupdates.json"
SENT = {
    "service_code": "eco-env",
    "description": "桥下暗管排黑水",
    "lat": "33.61",
    "long": "122.91",
}


def test_open311_takes_a_request_once_and_tells_its_status(client, alice, city):
    head = key(alice, "open311.read", "open311.write")
    services = client.get("/api/open311/v2/services.json").json()
    assert "eco-env" in {one["service_code"] for one in services}
    assert client.get("/api/open311/v2/services/eco-env.json").status_code == 200
    for _ in range(2):
        answer = client.post(ASK, SENT | {"client_id": "17"}, headers=head)
        assert answer.status_code == 201
    ref = answer.json()[0]["service_request_id"]
    assert Report.objects.count() == 1
    told = client.get(f"/api/open311/v2/requests/{ref}.json", headers=head).json()[0]
    assert (told["status"], told["lat"]) == ("open", 33.61)
    assert [
        one["service_request_id"]
        for one in client.get(ASK, {"status": "open", "bbox": "122,33,123,34"}, headers=head).json()
    ] == [ref]
    assert client.get(ASK, {"status": "closed"}, headers=head).json() == []
    assert client.get(ASK, {"start_date": "soon"}, headers=head).status_code == 400


def test_a_program_sees_only_what_it_handed_in(client, alice, city):
    mine, other = key(alice, "open311.read", "open311.write"), key(alice, "open311.read")
    ref = client.post(ASK, SENT, headers=mine).json()[0]["service_request_id"]
    factories.report(city.office)
    assert client.get(ASK, headers=other).json() == []
    assert client.get(f"/api/open311/v2/requests/{ref}.json", headers=other).status_code == 404
    assert len(client.get(ASK, headers=mine).json()) == 1
    assert client.post(ASK, SENT, headers=other).status_code == 403


@pytest.mark.parametrize(
    "wrong", [{"service_code": "x"}, {"description": ""}, {"description": "长" * 4001},
              {"lat": "x", "address_string": ""}, {"lat": "99", "long": "200"}]
)  # fmt: skip
def test_a_request_that_cannot_be_is_refused_in_the_standards_way(client, alice, wrong):
    answer = client.post(ASK, SENT | wrong, headers=key(alice, "open311.write"))
    assert answer.status_code == 400
    assert answer.json()[0]["code"] == 400
    assert not Report.objects.exists()


def test_stages_and_letters_are_told_both_ways(client, alice, city):
    head = key(alice, "open311.read", "open311.write")
    ref = client.post(ASK, SENT, headers=head).json()[0]["service_request_id"]
    report = Report.objects.get(ref=ref)
    reports.tell_reporter(report=report, stage="filed", sentence=say("已经立案。"), by=alice, at=AT)
    comment = {"service_request_id": ref, "description": "今天又排了"}
    assert client.post(UPDATES, comment, headers=head).status_code == 201
    reports.answer_reporter(report=report, text="已到现场", by=alice, at=AT)
    rows = client.get(UPDATES, headers=head).json()
    assert {row["status"] for row in rows} == {"open", "in_progress", ""}
    assert {row.get("from") for row in rows} == {None, "reporter", "office"}
    assert {row["description"] for row in rows} >= {"今天又排了", "已到现场"}
    late = client.get(UPDATES, {"start_date": "2999-01-01T00:00:00Z"}, headers=head)
    assert late.json() == []
    other = key(alice, "open311.read", "open311.write")
    assert client.get(UPDATES, headers=other).json() == []
    assert client.post(UPDATES, comment, headers=other).status_code == 404
    assert client.post(UPDATES, comment | {"description": " "}, headers=head).status_code == 400


def test_a_picture_comes_along_and_what_is_none_is_refused(client, alice, city):
    head = key(alice, "open311.write")
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "JPEG")
    for data, status in ((drawn.getvalue(), 201), (b"MZ no picture", 400)):
        media = io.BytesIO(data)
        media.name = "a.jpg"
        assert client.post(ASK, SENT | {"media": media}, headers=head).status_code == status
    assert Report.objects.get().attachments.count() == 1


def test_xml_says_the_same_and_holds_whatever_was_written(client, alice, city):
    head = key(alice, "open311.read", "open311.write")
    words = "a<b>&\x01 𠮷"
    client.post(ASK, SENT | {"description": words}, headers=head)
    answer = client.get(ASK.replace("json", "xml"), headers=head)
    (row,) = ET.fromstring(answer.content)
    assert row.findtext("description") == "a<b>&\ufffd 𠮷"
    for path in ("services.xml", "services/eco-env.xml", "servicerequestupdates.xml"):
        assert (
            ET.fromstring(client.get(f"/api/open311/v2/{path}", headers=head).content) is not None
        )
    wrong = client.post(ASK.replace("json", "xml"), {}, headers=head)
    assert ET.fromstring(wrong.content).findtext("error/code") == "400"


def test_a_key_may_come_as_a_basic_password_but_not_in_an_address(client, alice):
    made, _token = tokens.make(person=alice, name="k", scopes=["open311.read"], at=AT)
    basic = b64encode(f"any:{made}".encode()).decode()
    assert client.get(ASK, headers={"Authorization": f"Basic {basic}"}).status_code == 200
    assert client.get(ASK, headers={"Authorization": "Basic ???"}).status_code == 401
    assert client.get(ASK, {"api_key": made}).status_code == 401


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_client_that_others_wrote_reads_it(live_server, alice, tmp_path, monkeypatch, form):
    office = alice.posts.first().procuratorate
    made, token = tokens.make(person=alice, name="k", scopes=["open311.read"], at=AT)
    for n in range(2):
        report, _code = reports.receive(office=office, source="sharing", text=f"黑水{n}", at=AT)
        token.sent.create(report=report, at=AT)
    (tmp_path / "netrc").write_text(f"default login any password {made}\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    client = GeoReport(f"{live_server.url}/api/open311/v2", output_format=form)
    codes = {one["service_code"] for one in client.get_service_list()}
    assert "eco-env" in codes
    assert client.get_service_definition("eco-env")["service_code"] == "eco-env"
    found = client.get_service_requests(status="open")
    assert {one["description"] for one in found} == {"黑水0", "黑水1"}
    one = client.get_service_request(found[0]["service_request_id"])
    assert one["status"] == "open"
