"""A file's page: its chain, the next act, and what its own data says."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from jingyi.web.accounts.models import Notice
from jingyi.web.cases.custody.urls import urlpatterns
from jingyi.web.cases.documents.actions import add_exhibit
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.custody.models import Link, Metadata
from jingyi.web.ledger.models import Entry
from tests import factories
from tests.core.bytes_of import GPS_HERE, photo
from tests.web.cases import course

pytestmark = pytest.mark.django_db
TAKEN = {0x9003: "2026:08:03 12:00:05", 0x9011: "+08:00"}
FIRST = {0x010F: "HUAWEI", 0x0110: "P60"}
SAID = {
    "second": "ben", "happened_at": "2026-08-03T12:00", "lon": "117.02345", "lat": "33.65432",
    "accuracy_m": "8", "datum": "WGS-84", "device": "华为 P60", "clock_offset_s": "2",
    "method": "手机拍摄", "purpose": "固定排污口现状", "seal": "F-001",
}  # fmt: skip


@pytest.fixture
def ben(city):
    return factories.person("ben", role="technician", office=city.office)


@pytest.fixture
def picture(case, alice):
    data = photo(inner=TAKEN, first=FIRST, gps=GPS_HERE)
    when = course.noon("2026-11-20")
    blob = seal(chunks=[data], media_type="image/jpeg", at=when)
    return add_exhibit(
        case=case,
        blob=blob,
        name="排污口.jpg",
        kind="recording",
        source="现场",
        by=alice,
        at=when,
    )


def address(case, picture, name="file", *more):
    return reverse(f"custody:{name}", args=[case.ref, f"exhibit-{picture.number}", *more])


def act(client, case, picture, kind, **data):
    return client.post(address(case, picture, "act", kind), data)


@pytest.fixture
def collected(as_alice, case, picture, ben):
    assert act(as_alice, case, picture, "collected", **SAID).status_code == 303
    return Link.objects.get()


def test_strangers_find_nothing(client, stranger, case, picture):
    client.force_login(stranger)
    for one in urlpatterns:
        more = ["collected"] if one.name == "act" else []
        method = client.post if one.name == "act" else client.get
        assert method(address(case, picture, one.name, *more)).status_code == 404, one.name
    assert not Link.objects.exists()


def test_nobody_is_asked_to_sign_in(client, case, picture):
    for one in urlpatterns:
        more = ["collected"] if one.name == "act" else []
        method = client.post if one.name == "act" else client.get
        assert method(address(case, picture, one.name, *more)).status_code == 302, one.name


def test_collecting_puts_down_all_that_was_said(collected, as_alice, case, picture, ben):
    assert (collected.second, collected.lon, collected.accuracy_m) == (ben, 117.02345, 8)
    assert (collected.device, collected.clock_offset_s, collected.seal) == ("华为 P60", 2, "F-001")
    assert timezone.localtime(collected.happened_at).hour == 12
    assert collected.files.get().pk == picture.blob_id
    page = as_alice.get(address(case, picture)).text
    for words in (
        "33.654320, 117.023450",
        "±8 m",
        "时钟快 2 秒",
        "固定排污口现状",
        "华为 P60",
        "F-001",
    ):
        assert words in page


def test_one_alone_cannot_collect_and_the_form_comes_back(as_alice, case, picture):
    answer = act(as_alice, case, picture, "collected", **SAID | {"second": ""})

    assert answer.status_code == 422
    assert "固定排污口现状" in answer.text
    assert not Link.objects.exists()


def test_a_hand_over_is_confirmed_by_the_other_side(collected, client, case, picture, ben):
    act(client, case, picture, "offered", to="ben", condition="封签完好")
    assert "移交给您" in str(Notice.objects.get(user=ben).sentence)
    assert "撤回移交" in client.get(address(case, picture)).text

    client.force_login(ben)
    page = client.get(address(case, picture)).text
    assert "接收" in page
    assert act(client, case, picture, "accepted", intact="yes").status_code == 303
    assert f"{ben.name} 保管" in client.get(address(case, picture)).text
    client.force_login(collected.by)
    assert act(client, case, picture, "opened", intact="yes").status_code == 422


def test_a_technician_may_not_begin_a_chain(client, case, picture, ben, alice):
    client.force_login(ben)
    answer = act(client, case, picture, "collected", **SAID | {"second": alice.username})

    assert answer.status_code == 404
    assert "F-001" not in client.get(address(case, picture)).text


def test_a_broken_seal_is_put_down_with_what_was_seen(collected, client, case, picture, ben):
    act(client, case, picture, "offered", to="ben")
    client.force_login(ben)

    assert "状况" in act(client, case, picture, "accepted", intact="no").text
    assert (
        act(client, case, picture, "accepted", intact="no", condition="右下角破口").status_code
        == 303
    )
    assert "发现封签不完好：右下角破口" in client.get(address(case, picture)).text


def test_an_unknown_act_is_none(as_alice, case, picture):
    assert act(as_alice, case, picture, "stolen").status_code == 404


def test_what_fits_is_said_to_fit_and_prove_nothing(collected, as_alice, case, picture):
    page = as_alice.get(address(case, picture, "capture"), headers={"HX-Request": "true"}).text

    assert "没有发现对不上的地方" in page
    assert "不证明文件是真的" in page
    assert "2026-08-03 12:00:05" in page
    assert "<html" not in page


def test_another_claim_is_held_against_the_file(collected, as_alice, case, picture):
    there = address(case, picture, "capture") + "?at=2026-08-03T23:30&lon=117.1&lat=33.7&light=day"
    page = as_alice.get(there).text

    assert "<html" in page
    assert "对不上" in page
    assert "超过两者的误差" in page
    assert "地平线下" in page
    assert Link.objects.count() == 1, "asked, not kept"


def test_a_file_is_read_once(collected, as_alice, case, picture, django_assert_max_num_queries):
    as_alice.get(address(case, picture, "capture"))
    read_at = Metadata.objects.get().read_at
    with django_assert_max_num_queries(20):
        as_alice.get(address(case, picture, "capture"))
    assert Metadata.objects.get().read_at == read_at


def test_a_file_that_changed_is_not_compared(as_alice, case, picture):
    picture.blob.failed_at = timezone.now()
    picture.blob.save()

    assert "与封存时不一致" in as_alice.get(address(case, picture, "capture")).text


def test_what_is_no_photograph_cannot_be_told(as_alice, case, alice):
    blob = seal(chunks=[b"a contract"], media_type="text/plain", at=course.noon("2026-11-20"))
    paper = add_exhibit(case=case, blob=blob, name="合同.txt", kind="document", source="", by=alice, at=course.noon("2026-11-20"))  # fmt: skip
    page = as_alice.get(address(case, paper, "capture")).text

    assert "不能判断" in page
    assert "对不上</span>" not in page


def test_three_links_ask_the_database_no_more_than_one(collected, as_alice, case, picture, django_assert_max_num_queries):  # fmt: skip
    with django_assert_max_num_queries(18):
        as_alice.get(address(case, picture))
    for kind, data in (
        ("opened", {"intact": "yes"}),
        ("tested", {"method": "比对"}),
        ("sealed", {"seal": "F-002"}),
    ):
        assert act(as_alice, case, picture, kind, **data).status_code == 303
    with django_assert_max_num_queries(18):
        as_alice.get(address(case, picture))


def test_the_sheet_names_gaps_and_findings(collected, as_alice, case, picture):
    Link.objects.filter(kind="collected").update(
        happened_at=timezone.now() - timedelta(days=9), at=timezone.now()
    )
    page = as_alice.get(address(case, picture, "print")).text

    assert "小时才登记" in page
    assert "对不上" in page
    assert "<form" not in page


def test_each_act_is_a_leaf_under_the_files_own_name(collected, case, picture):
    assert (
        Entry.objects.get(kind="custody.collected").subject
        == f"exhibit:{case.ref}/exhibit-{picture.number}"
    )


def test_the_page_speaks_english(collected, as_alice, case, picture):
    with translation.override("en"):
        as_alice.cookies["django_language"] = "en"
        pages = [
            as_alice.get(address(case, picture, name)).text for name in ("file", "capture", "print")
        ]
    for page in pages:
        main = re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1].split("</main", 1)[0])
        left = set(re.findall(r"[\u4e00-\u9fff]{2,}", main))
        assert left <= {"华为", "手机拍摄", "固定排污口现状", "排污口"} | set(
            re.findall(r"[\u4e00-\u9fff]{2,}", f"{case.title} 中文")
        )


def test_the_lists_lead_here(as_alice, case, picture):
    assert address(case, picture) in as_alice.get(reverse("reading:list", args=[case.ref])).text
