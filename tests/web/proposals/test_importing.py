"""Files of items: tables of every make, papers, what is refused, and taking an import back."""

import io
from datetime import date

import docx
import pytest
from django.http import Http404
from xlsxwriter import Workbook

from jingyi.core.refusal import Refusal
from jingyi.web.evidence.actions import seal
from jingyi.web.proposals import files
from jingyi.web.proposals.actions import importing, steps
from tests.web.proposals.conftest import MARCH, TEXT

pytestmark = pytest.mark.django_db
HEAD = ["建议编号", "案由", "建议内容", "领衔代表", "承办单位", "交办日期", "是否公开"]


def xlsx(n, head=HEAD, **changes):
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, head)
        for k in range(n):
            row = [str(k + 1), f"关于第{k + 1}件事的建议", TEXT if k % 7 == 0 else "建议完善公共服务。", "张三、李四", "水务局", "2026-03-01", "公开" if k % 2 else "否"]  # fmt: skip
            sheet.write_row(k + 1, 0, changes.get(f"row_{k}", row))
    return stream.getvalue()


def imported(session, data, by, name="建议.xlsx"):
    sheet = files.sheet_of(data, name)
    columns = files.guess(sheet.names)
    return importing.take_in(
        session=session, read=files.rows(sheet, columns),
        blob=seal(chunks=[data], media_type="", at=MARCH), name=name, columns=columns,
        by=by, at=MARCH,
    )  # fmt: skip


def test_a_table_becomes_items_with_proposers(session, npc, deputy):
    batch = imported(session, xlsx(20), npc)

    assert (batch.new, batch.known, batch.rejected) == (20, 0, [])
    item = session.items.get(number="1")
    assert item.is_lead
    assert (item.assigned_on, item.public, item.organ_words) == (date(2026, 3, 1), False, "水务局")
    assert [one.name for one in item.proposers.all()] == ["张三", "李四"]
    assert not session.items.get(number="2").is_lead


def test_the_same_file_again_brings_nothing(session, npc):
    imported(session, xlsx(5), npc)
    again = imported(session, xlsx(6), npc)
    assert (again.new, again.known) == (1, 5)


def test_bad_rows_say_why_and_the_others_come(session, npc):
    rows = {
        "row_0": ["", "没有编号", TEXT, "", "", "", ""],
        "row_1": ["7", "坏日期", TEXT, "", "", "不知道", ""],
        "row_2": ["4", "编号重复", TEXT, "", "", "", ""],
    }
    batch = imported(session, xlsx(5, **rows), npc)
    assert batch.new == 2
    assert len(batch.rejected) == 3


def test_headings_of_other_words_are_guessed():
    assert files.guess(["提案号", "提案名称", "提案者", "主办单位"])["title"] == "提案名称"
    assert files.guess(["a", "b"]) == {}
    with pytest.raises(Refusal, match="编号"):
        files.rows(files.sheet_of(xlsx(1, head=list("abcdefg")), "x"), {})


def test_an_import_is_taken_back_unless_something_was_done(session, npc, alice):
    batch = imported(session, xlsx(3), npc)
    importing.undo(batch=batch, by=npc, at=MARCH)
    assert not session.items.exists()
    with pytest.raises(Refusal, match="已经撤销"):
        importing.undo(batch=batch, by=npc, at=MARCH)

    again = imported(session, xlsx(3), npc)
    steps.take(item=session.items.get(number="2"), kind="register", by=alice, at=MARCH)
    with pytest.raises(Refusal, match="开始办理"):
        importing.undo(batch=again, by=npc, at=MARCH)


def test_a_stranger_imports_nothing(session, charlie, deputy, cppcc):
    for stranger in (charlie, deputy, cppcc):
        with pytest.raises(Http404):
            imported(session, xlsx(1), stranger)


def test_a_paper_is_one_item():
    paper = docx.Document()
    for line in ("第 35 号", "关于保护汉代古井的建议", "提出人：张三、李四", TEXT):
        paper.add_paragraph(line)
    stream = io.BytesIO()
    paper.save(stream)

    read = files.paper(stream.getvalue(), "35.docx")

    assert (read.number, read.title) == ("35", "关于保护汉代古井的建议")
    assert read.proposers == ("张三", "李四")
    assert TEXT in read.text


@pytest.mark.parametrize("data", [b"PK\x03\x04broken", b"%PDF-broken", b"plain"])
def test_a_broken_paper_is_refused_with_a_sentence(data):
    with pytest.raises(Refusal):
        files.paper(data, "x.docx")


def test_a_session_is_registered_once(session, city, npc, alice):
    given = {"office": city.office, "organ": session.organ, "body": "npc", "name": "六届五次会议"}
    with pytest.raises(Refusal, match="已经登记"):
        importing.open_session(
            **given, first_on=date(2026, 2, 1), last_on=date(2026, 2, 5), by=npc, at=MARCH
        )
    with pytest.raises(Refusal, match="起止"):
        importing.open_session(
            **given | {"name": "七次"}, first_on=date(2026, 2, 5), last_on=date(2026, 2, 1),
            by=npc, at=MARCH,
        )  # fmt: skip
