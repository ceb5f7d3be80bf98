"""An organ's own file: seen before it is taken in, taken in once, and taken back."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse
from openpyxl import Workbook

from jingyi.core.refusal import Refusal
from jingyi.web.ledger.models import Entry
from jingyi.web.station.shared import preview
from jingyi.web.station.shared.actions import uploads
from jingyi.web.station.shared.models import Due, Headings, Row, Upload
from tests.web.station.shared.conftest import AT, HEADS, ROWS, as_csv


def state():
    rows = sorted((row.key, str(sorted(row.values.items()))) for row in Row.objects.all())
    dues = sorted(Due.objects.values_list("row__key", "rule", "due_on", "open"))
    return rows, dues


def test_a_file_becomes_rows_with_their_last_days(taken, city):
    assert (taken.new, taken.changed, taken.same, taken.refused) == (3, 0, 0, [])
    row = Row.objects.get(number="沚水罚〔2026〕1号")
    assert row.values["party"] == "王小明"
    assert row.dues.get(rule="enforcement.apply").due_on == date(2026, 10, 30)
    assert not Row.objects.get(number="沚水罚〔2026〕2号").dues.get(rule="enforcement.apply").open
    assert Row.objects.get(number="沚水罚〔2026〕3号").dues.get(rule="penalty.decide").open


def test_the_same_file_again_changes_nothing(take):
    take()
    before = state()
    again = take(at=AT + timedelta(days=1))

    assert (again.new, again.changed, again.same) == (0, 0, 3)
    assert state() == before


def test_a_later_file_changes_only_what_it_says_otherwise_and_can_be_undone(take, tang):
    take()
    before = state()
    paid = [[*ROWS[0][:9], "2026-09-10", ""], *ROWS[1:], ["沚水罚〔2026〕4号", "赵六", *[""] * 9]]
    later = take(paid, at=AT + timedelta(days=10))

    assert (later.new, later.changed, later.same) == (1, 1, 2)
    assert not Due.objects.get(row__number="沚水罚〔2026〕1号", rule="enforcement.apply").open
    uploads.undo(upload=later, by=tang, at=AT + timedelta(days=11))
    assert state() == before
    assert Upload.objects.get(pk=later.pk).state == "undone"


def test_what_a_later_file_changed_is_undone_first(take, tang):
    first = take()
    later = take([[*ROWS[0][:9], "2026-09-10", ""]], at=AT + timedelta(days=1))

    with pytest.raises(Refusal, match="先撤销后来的"):
        uploads.undo(upload=first, by=tang, at=AT)
    uploads.undo(upload=later, by=tang, at=AT)
    uploads.undo(upload=first, by=tang, at=AT)
    assert not Row.objects.exists()
    with pytest.raises(Refusal, match="已经撤销"):
        uploads.undo(upload=first, by=tang, at=AT)


def test_the_columns_a_person_confirmed_are_remembered_for_these_headings(take, city, tang):
    heads = ["甲", "乙", "丙"]
    made = uploads.look_at(
        organ=city.water, kind="penalty", chunks=[as_csv([["1号", "王", "2026-01-05"]], heads)],
        name="a.csv", by=tang, at=AT,
    )  # fmt: skip
    assert made.mapping == {}
    chosen = {"number": "甲", "party": "乙", "filed_on": "丙"}
    uploads.take_in(upload=made, mapping=chosen, by=tang, at=AT)
    again = uploads.look_at(
        organ=city.water, kind="penalty", chunks=[as_csv([["2026-01-06", "2号", "李"]], ["丙", "甲", "乙"])],
        name="b.csv", by=tang, at=AT,
    )  # fmt: skip

    assert again.remembered
    assert again.mapping == chosen
    assert Headings.objects.count() == 1


def test_each_row_that_cannot_be_taken_says_why_before_and_after(take, city, tang):
    rows = [
        ROWS[0], ["5号", "", *[""] * 9], ["6号", "赵", "", "", "", "很多", *[""] * 5],
        ["7号", "钱", "", "", "", "", "2026-13-40", *[""] * 4],
        ["8号", "孙", "", "", "", "", "2026-05-01", "2026-04-01", "", "", ""],
        [ROWS[0][0], "另一个人", *[""] * 9], [""] * 11,
    ]  # fmt: skip
    made = uploads.look_at(
        organ=city.water, kind="penalty", chunks=[as_csv(rows)], name="a.csv", by=tang, at=AT
    )
    before = preview.of(made, made.mapping)

    assert [row.number for row in before.wrong] == [3, 4, 5, 6, 7]
    assert before.new == 1
    assert not Row.objects.exists()
    done = uploads.take_in(upload=made, mapping=made.mapping, by=tang, at=AT)
    said = " ".join(str(why["text"]) for _row, why in done.refused)
    for words in ("是空的", "不是金额", "不是日期", "早于", "编号相同"):
        assert words in said


def test_workbooks_tens_of_thousands_and_written_dates_are_read(take, client, tang, city):
    book = Workbook()
    book.active.append(["案号", "当事人", "罚款（万元）", "送达时间"])
    book.active.append(["1号", "王", "2.5", "2026年1月5日"])
    data = BytesIO()
    book.save(data)
    made = uploads.look_at(
        organ=city.water, kind="penalty", chunks=[data.getvalue()], name="a.xlsx", by=tang, at=AT
    )
    uploads.take_in(upload=made, mapping=made.mapping, by=tang, at=AT)

    assert Row.objects.get().values == {
        "number": "1号", "party": "王", "amount": "25000", "served_on": "2026-01-05"
    }  # fmt: skip


def test_only_the_organ_imports_and_undoes(taken, city, shen, alice, chief):
    for stranger in (shen, alice, chief):
        with pytest.raises(Http404):
            uploads.look_at(
                organ=city.water, kind="penalty", chunks=[as_csv()], name="a", by=stranger, at=AT
            )
        with pytest.raises(Http404):
            uploads.undo(upload=taken, by=stranger, at=AT)


def test_every_act_on_a_file_is_in_the_ledger(taken, tang):
    uploads.undo(upload=taken, by=tang, at=AT)

    kinds = list(Entry.objects.order_by("index").values_list("kind", flat=True))
    assert kinds == ["station.ledger-sent", "station.ledger-imported", "station.ledger-undone"]


def test_a_file_is_sent_checked_confirmed_and_undone_on_the_pages(client, tang, city):
    client.force_login(tang)
    file = SimpleUploadedFile("台账.csv", as_csv())
    sent = client.post(
        reverse("shared:uploads"), {"organ": city.water.code, "kind": "penalty", "file": file}
    )
    assert sent.status_code == 303
    upload = Upload.objects.get()
    page = client.get(upload.get_absolute_url())
    assert "沚水罚〔2026〕1号" in page.text
    bad = client.post(upload.get_absolute_url(), {"act": "import", "number": HEADS[0]})
    assert bad.status_code == 422
    assert "当事人" in bad.text
    done = client.post(upload.get_absolute_url(), {"act": "import", **upload.mapping})
    assert done.status_code == 303
    assert Row.objects.count() == 3
    assert "撤销这次导入" in client.get(upload.get_absolute_url()).text
    client.post(reverse("shared:upload_undo", args=[upload.pk]))
    assert not Row.objects.exists()


def test_what_is_no_table_is_refused_with_a_sentence(client, tang, city):
    client.force_login(tang)
    for name, data in (
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 99),
        ("a.exe", b"MZ"),
    ):
        form = {"organ": city.water.code, "kind": "penalty", "file": SimpleUploadedFile(name, data)}
        assert client.post(reverse("shared:uploads"), form).status_code == 422
    assert not Upload.objects.exists()
