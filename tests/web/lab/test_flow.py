"""From a request to a confirmed exceedance: what is held, what is repeated, who may do what."""

from datetime import timedelta

import pytest
from django.http import Http404

from jingyi.core.refusal import Refusal
from jingyi.web.cases.documents.actions import enter_fact
from jingyi.web.evidence.actions import seal
from jingyi.web.lab.actions import commissioning, measuring, verifying
from jingyi.web.lab.models import Result, Worksheet
from jingyi.web.ledger.models import Entry
from tests.web.lab import bench
from tests.web.lab.bench import AT, ON

pytestmark = pytest.mark.django_db
TEXTS = ("1.60", "1.55", "<0.025")


def verified(sheet, analyst, verifier):
    measuring.submit(sheet=sheet, by=analyst, at=AT)
    return verifying.verify(sheet=sheet, by=verifier, at=AT)


def test_a_good_batch_is_suspect_with_a_probability(method, device, taken, analyst, verifier):
    sheet = bench.sheet(method, device, taken, analyst, TEXTS)
    judged = verified(sheet, analyst, verifier)
    assert judged.held == 0
    first = judged.lines[0]
    assert first.result.state == "screen_suspect"
    assert first.result.probability > 0.999
    assert "不作为认定是否超标的证据" in str(first.words)
    assert "1 mg/L" in str(first.words)
    assert len(judged.lines) == 2, "the field blank is a control, not a result"


def test_a_failed_blank_holds_everything_and_says_which(method, device, taken, analyst, verifier):
    sheet = bench.sheet(method, device, taken, analyst, TEXTS, blank="0.04")
    judged = verified(sheet, analyst, verifier)
    assert judged.held == 2
    for line in judged.lines:
        assert line.result.state == "invalid"
        assert "方法空白" in str(line.because)
    again = bench.sheet(method, device, taken, analyst, TEXTS)
    assert [one.repeats_id for one in again.results.all()] == list(
        sheet.results.values_list("pk", flat=True)
    )
    assert verified(again, analyst, verifier).lines[0].result.state == "screen_suspect"
    assert Result.objects.filter(worksheet=sheet, state="invalid").count() == 2, "it stays"


def test_what_is_missing_makes_it_wait(method, device, taken, analyst, verifier):
    sheet = measuring.begin(method=method, device=device, kit=None, on=ON, by=analyst, at=AT)
    bench.hand(taken, taken[0].first, analyst)
    placed = measuring.place(sheet=sheet, samples=taken, intact=True, by=analyst, at=AT)
    texts = {one.pk: text for one, text in zip(placed, TEXTS, strict=True)}
    measuring.write(sheet=sheet, texts=texts, by=analyst, at=AT)
    judged = verified(sheet, analyst, verifier)
    assert {line.result.state for line in judged.lines} == {"pending"}
    held = "".join(str(one) for one in judged.lines[0].holds)
    assert "方法空白" in held
    assert "校准核查" in held


@pytest.mark.parametrize("until", ["2026-08-31", "2027-01-01"])
def test_an_instrument_out_of_calibration_holds_its_batch(city, method, taken, analyst, until):
    from datetime import date

    device = bench.device(city.office, analyst, until=date.fromisoformat(until))
    judged = measuring.submit(
        sheet=bench.sheet(method, device, taken, analyst, TEXTS), by=analyst, at=AT
    )
    assert (judged.held > 0) is (until < ON.isoformat())


def test_a_late_sample_is_marked_and_not_hidden(method, device, point, alice, second, analyst, verifier):  # fmt: skip  # noqa: PLR0917
    late = bench.sample(point, alice, second, taken_at=AT - timedelta(hours=30))
    twin = bench.sample(point, alice, second, kind="duplicate", twin=late, taken_at=AT - timedelta(hours=30))  # fmt: skip
    blank = bench.sample(point, alice, second, kind="field-blank")
    sheet = bench.sheet(method, device, (late, twin, blank), analyst, TEXTS)
    line = verified(sheet, analyst, verifier).lines[0]
    assert line.result.state == "screen_suspect"
    assert "超过保存时限 24 小时" in str(line.late[0])
    assert line.result.late


def test_nobody_verifies_their_own_work(method, device, taken, analyst, alice, second):  # noqa: PLR0917
    sheet = bench.sheet(method, device, taken, analyst, TEXTS)
    measuring.submit(sheet=sheet, by=analyst, at=AT)
    with pytest.raises(Refusal, match="检测人本人"):
        verifying.verify(sheet=sheet, by=analyst, at=AT)
    for who in (alice, second):
        with pytest.raises(Http404):
            verifying.verify(sheet=sheet, by=who, at=AT)
    assert Worksheet.objects.get().state == "submitted"


def test_nobody_takes_a_sample_alone(point, alice, second, bob):
    with pytest.raises(Refusal, match="两人"):
        bench.sample(point, alice, alice)
    with pytest.raises(Http404):
        bench.sample(point, bob, alice)
    with pytest.raises(Refusal, match="封签"):
        bench.sample(point, alice, second, seal=" ")


def test_a_sheet_is_changed_by_its_analyst_while_it_is_open(method, device, taken, analyst, verifier):  # fmt: skip
    sheet = bench.sheet(method, device, taken, analyst, TEXTS)
    one = sheet.results.first()
    with pytest.raises(Refusal, match="本人"):
        measuring.write(sheet=sheet, texts={one.pk: "0.1"}, by=verifier, at=AT)
    measuring.write(sheet=sheet, texts={one.pk: "1.61"}, by=analyst, at=AT)
    entry = Entry.objects.filter(kind="lab.written").last()
    assert entry.body["facts"]["results"][0]["was"] == "1.60"
    measuring.submit(sheet=sheet, by=analyst, at=AT)
    sheet.refresh_from_db()
    with pytest.raises(Refusal, match="不能再修改"):
        measuring.write(sheet=sheet, texts={one.pk: "0.1"}, by=analyst, at=AT)
    back = verifying.give_back(sheet=sheet, reason="加标量写错", by=verifier, at=AT)
    measuring.write(sheet=back, texts={one.pk: "1.62"}, by=analyst, at=AT)


def test_a_control_that_failed_is_not_made_to_go_away(method, device, taken, analyst):
    sheet = bench.sheet(method, device, taken, analyst, TEXTS, blank="0.04")
    failed = sheet.controls.get(kind="method-blank")
    assert failed.passed is False
    with pytest.raises(Refusal, match="写明"):
        measuring.drop_control(control=failed, reason=" ", by=analyst, at=AT)
    measuring.drop_control(control=failed, reason="读数抄错", by=analyst, at=AT)
    assert sheet.controls.filter(dropped="读数抄错").exists(), "it stays to be read"


def test_only_a_report_confirms_and_only_it_can_be_cited(case, wanted, taken, alice, method, device, analyst, verifier):  # fmt: skip  # noqa: PLR0917
    verified(bench.sheet(method, device, taken, analyst, TEXTS), analyst, verifier)
    blob = seal(chunks=[b"%PDF-1.7 record"], media_type="application/pdf", at=AT)
    quick = commissioning.file_sheet(request=wanted, blob=blob, by=alice, at=AT)
    fact = {"case": case, "kind": "harm", "text": "氨氮超过Ⅲ类", "on": ON, "articles": [], "by": alice, "at": AT}  # fmt: skip
    with pytest.raises(Refusal):
        enter_fact(exhibits=[f"exhibit:{quick.number}"], **fact)
    sent = commissioning.commission(
        sample=taken[0], item="ammonia-nitrogen", body="沚阳市环境监测中心", sent_on=ON, by=alice, at=AT
    )  # fmt: skip
    with pytest.raises(Refusal, match="没有收到"):
        commissioning.cite(commission=sent, by=alice, at=AT)
    paper = seal(chunks=[b"%PDF-1.7 report"], media_type="application/pdf", at=AT)
    given = {"commission": sent, "issued_on": ON, "over": True, "value": "1.58", "unit": "mg/L", "u": 0.05, "blob": paper, "by": alice, "at": AT}  # fmt: skip
    with pytest.raises(Refusal, match="CMA"):
        commissioning.report(number="沚监2026-118", cma=" ", **given)
    verdict = commissioning.report(number="沚监2026-118", cma="211234567890", **given)
    assert verdict.state == "confirmed_over"
    shown = commissioning.cite(commission=sent, by=alice, at=AT)
    enter_fact(exhibits=[f"exhibit:{shown.number}"], **fact)
    assert commissioning.cite(commission=sent, by=alice, at=AT) == shown, "once"
