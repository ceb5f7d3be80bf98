"""What the room's pages show and do: list, page, search, notes, dates."""

import csv
import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jingyi.web.cases.documents.models import Exhibit, Fact
from jingyi.web.cases.reading import queries
from jingyi.web.cases.reading.actions import dates, files
from jingyi.web.cases.reading.files import file_for, files_of
from jingyi.web.cases.reading.models import Dated, Item, Note
from jingyi.web.ledger.models import Entry
from tests.engines.reading.scans import paper
from tests.web.cases import course
from tests.web.cases.reading.conftest import TEXTS, add_read

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"reading:{name}", args=args)


# ---------------------------------------------------------------- the list


def test_several_files_are_uploaded_at_once_and_a_bad_one_does_not_hold_up_the_rest(as_alice, case):
    uploads = [
        SimpleUploadedFile("一.pdf", paper("第一份材料，水样超标")),
        SimpleUploadedFile("坏.pdf", paper()[:-300]),
        SimpleUploadedFile("空.txt", b""),
        SimpleUploadedFile("录音.mp3", b"ID3 sound"),
    ]
    response = as_alice.post(
        at("add", case.ref), {"files": uploads, "kind": "document"}, follow=True
    )

    assert response.redirect_chain[0][1] == 303
    assert [one.name for one in files_of(case)] == ["一.pdf", "录音.mp3"]
    assert "坏.pdf：这个文件不完整" in response.text
    assert "空.txt：这是一个空文件" in response.text


def test_uploading_nothing_is_said_at_the_field(as_alice, case):
    response = as_alice.post(at("add", case.ref), {"kind": "document"})

    assert response.status_code == 422
    assert not Exhibit.objects.exists()


def test_the_order_is_changed_by_buttons_and_kept(as_alice, case, alice):
    for name in ("甲", "乙", "丙"):
        add_read(case, alice, name=name)
    as_alice.post(at("move", case.ref), {"key": "exhibit-3", "to": 1})
    as_alice.post(at("move", case.ref), {"key": "exhibit-1", "to": 99})

    assert [one.name for one in files_of(case)] == ["丙", "乙", "甲"]
    assert Entry.objects.filter(kind="evidence.ordered").count() == 2


def test_groups_stand_together_and_change_places_whole(as_alice, case, alice):
    for name, group in (("甲", "一"), ("乙", "二"), ("丙", "一"), ("丁", "二")):
        file = add_read(case, alice, name=name)
        files.describe(
            case=case, file=file, said={"group": group}, by=alice, at=course.noon("2026-11-21")
        )
    assert [(one.number, one.name) for one in files_of(case)] == [
        (1, "甲"), (2, "丙"), (3, "乙"), (4, "丁"),
    ]  # fmt: skip

    as_alice.post(at("move", case.ref), {"key": "exhibit-4", "to": 3})
    assert [one.name for one in files_of(case)] == ["甲", "丙", "丁", "乙"]
    as_alice.post(at("move", case.ref), {"key": "exhibit-4", "to": 2})
    assert [one.name for one in files_of(case)] == ["丁", "乙", "甲", "丙"]


def test_what_the_list_says_is_kept_beside_what_was_sealed(as_alice, case, file):
    said = {
        "group": "第一组", "kind": "survey", "purpose": "证明超标排放", "source": "市监测站",
        "collected_by": "周楠", "collected_on": "2026-03-02",
    }  # fmt: skip
    assert as_alice.post(at("describe", case.ref, file.key), said).status_code == 303

    found = file_for(case, file.key)
    assert (found.purpose, found.group, found.kind) == ("证明超标排放", "第一组", "survey")
    assert Exhibit.objects.get().kind == "appraisal"  # the exhibit itself is never changed
    page = as_alice.get(at("list", case.ref)).text
    assert "证明超标排放" in page
    assert "第一组" in page


def test_a_day_ahead_is_no_day_of_collection(as_alice, case, file):
    said = {"kind": "survey", "collected_on": "2099-01-01"}

    assert as_alice.post(at("describe", case.ref, file.key), said).status_code == 422
    assert not Item.objects.filter(collected_on__isnull=False).exists()


def test_the_list_is_taken_out_without_formulas_and_the_ledger_knows(as_alice, case, alice):
    add_read(case, alice, name="=cmd|' /C calc'!A1.pdf")

    data = as_alice.get(at("taken", case.ref, "csv")).content.decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(data)))[1]
    assert row[1].startswith("'=cmd")
    paper_ = docx.Document(io.BytesIO(as_alice.get(at("taken", case.ref, "docx")).content))
    assert paper_.tables[0].rows[1].cells[1].text == "=cmd|' /C calc'!A1.pdf"
    assert Entry.objects.filter(kind="reading.exported").count() == 2


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_a_bounded_number_of_questions(
    as_alice, case, alice, count, django_assert_max_num_queries
):
    for n in range(count):
        add_read(case, alice, name=f"{n}")
    with django_assert_max_num_queries(22):
        as_alice.get(at("list", case.ref))
    with django_assert_max_num_queries(26):
        as_alice.get(at("page", case.ref, "exhibit-1", 1))


# ---------------------------------------------------------------- the page


def test_a_page_is_shown_with_its_text_and_marks_without_inline_style(as_alice, case, file):
    text = as_alice.get(at("page", case.ref, file.key, 1), {"words": "超标三倍"}).text

    assert text.count('class="mark-hit"') == 2  # it goes over a line's end
    assert "采样地点" in text
    assert "style=" not in text


def test_beyond_the_last_page_there_is_nothing(as_alice, case, file):
    assert as_alice.get(at("page", case.ref, file.key, 3)).status_code == 404
    assert as_alice.get(at("page", case.ref, file.key, 0)).status_code == 404


@pytest.mark.parametrize("box", ["0.1,0.2,0.3,0.1", "nonsense", "1,2,3,4", "nan,0,1,1", ""])
def test_a_box_asked_for_is_shown_or_left_out(as_alice, case, file, box):
    text = as_alice.get(at("page", case.ref, file.key, 1), {"box": box}).text

    assert ("mark-asked" in text) == (box == "0.1,0.2,0.3,0.1")


def test_words_are_found_in_all_files_of_the_case_and_in_no_other(
    as_alice, case, file, other, alice
):
    add_read(other, alice, name="别的案子.pdf", texts=(("暗管也在这里",),))

    text = as_alice.get(at("search", case.ref), {"words": "暗管"}).text
    assert "1 页有" in text
    assert "第 2 页" in text
    assert "别的案子" not in text


# ---------------------------------------------------------------- notes


def test_a_note_is_written_by_choosing_lines_without_a_script(as_alice, case, file):
    given = {"text": "超标的直接证据", "first": "2", "last": "3"}
    response = as_alice.post(at("write_note", case.ref, file.key, 1), given)

    note = Note.objects.get()
    assert response.status_code == 303
    assert note.quote == "\n".join(TEXTS[0][2:4])
    assert (note.y, round(note.h, 3)) == (0.15, 0.09)
    assert "超标的直接证据" in as_alice.get(response["Location"]).text


def test_a_drawn_box_quotes_the_lines_inside_it(as_alice, case, file):
    given = {"text": "看这里", "box": "0.05,0.09,0.9,0.06"}
    as_alice.post(at("write_note", case.ref, file.key, 1), given)

    assert Note.objects.get().quote == TEXTS[0][1]


@pytest.mark.parametrize(
    "given", [{"text": " "}, {"text": "x", "box": "0,0,9,9"}, {"text": "x", "first": "99"}]
)
def test_a_note_that_says_nothing_or_lies_nowhere_is_refused(as_alice, case, file, given):
    assert as_alice.post(at("write_note", case.ref, file.key, 1), given).status_code == 422
    assert not Note.objects.exists()


def test_a_changed_note_keeps_what_it_said_and_one_taken_back_stays(as_alice, case, file):
    as_alice.post(at("write_note", case.ref, file.key, 1), {"text": "第一稿"})
    note = Note.objects.get()
    change = at("change_note", case.ref, note.pk)
    assert as_alice.post(change, {"text": "第二稿", "version": 1}).status_code == 303
    stale = as_alice.post(change, {"text": "第三稿", "version": 1})
    assert (stale.status_code, "已有第 2 版" in stale.text) == (422, True)

    assert as_alice.post(at("take_back", case.ref, note.pk), {"reason": " "}).status_code == 422
    as_alice.post(at("take_back", case.ref, note.pk), {"reason": "引错了"})
    text = as_alice.get(at("page", case.ref, file.key, 1)).text
    assert ("第一稿" in text, "第二稿" in text, "引错了" in text) == (True, True, True)
    assert as_alice.post(change, {"text": "又改", "version": 2}).status_code == 422


def test_a_note_becomes_a_fact_that_its_file_proves(as_alice, case, file):
    as_alice.post(at("write_note", case.ref, file.key, 1), {"text": "损害", "first": "2"})
    address = at("note_fact", case.ref, Note.objects.get().pk)
    kind = next(iter(as_alice.get(address).context["form"].fields["kind"].choices))[0]
    given = {
        "kind": kind, "text": "东津河水质超标三倍。", "on": "2026-03-01",
        "articles": "《水污染防治法》第八十五条",
    }  # fmt: skip
    response = as_alice.post(address, given)

    assert response.status_code == 303, response.text
    assert Fact.objects.get().exhibits == [file.cited]
    assert Note.objects.get().fact == Fact.objects.get()


# ---------------------------------------------------------------- the chronology


def decide(client, case, file, page, n=0, **more):
    given = {
        "key": file.key,
        "page": page.number,
        "start": page.dates[n][1],
        "verdict": "confirm",
        **more,
    }
    return client.post(at("decide", case.ref), given)


def test_only_confirmed_days_enter_the_chronology(as_alice, case, file, page):
    before = as_alice.get(at("chronology", case.ref))
    assert [str(row.on) for row in before.context["rows"] if row.dated] == []
    assert before.context["waiting_count"] == 2

    assert decide(as_alice, case, file, page, says="监测站采样").status_code == 303
    assert decide(as_alice, case, file, page, 1, verdict="reject").status_code == 303

    after = as_alice.get(at("chronology", case.ref))
    assert after.context["waiting_count"] == 0
    assert [(str(row.on), row.what) for row in after.context["rows"] if row.dated] == [
        ("2026-03-01", "监测站采样")
    ]
    days = [row.on for row in after.context["rows"]]
    assert days == sorted(days)
    assert "监测站采样" in as_alice.get(at("chronology_taken", case.ref, "csv")).content.decode()
    assert "监测报告.pdf，第 1 页" in as_alice.get(at("chronology_print", case.ref)).text


def test_a_day_without_a_year_is_confirmed_with_the_one_given(as_alice, case, file, page):
    assert page.dates[1][3] is False
    decide(as_alice, case, file, page, 1, says="复查", on="2025-03-08")

    assert str(Dated.objects.get().on) == "2025-03-08"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"says": " "}, "请写明"),
        ({"says": "x", "start": 999}, "没有日期"),
        ({"says": "x", "on": "2099-01-01"}, "还没有到"),
    ],
)
def test_what_cannot_be_confirmed_is_refused(as_alice, file, page, more, why):
    case = Exhibit.objects.get().case
    response = decide(as_alice, case, file, page, **more)

    assert (response.status_code, why in response.text) == (422, True)
    assert not Dated.objects.exists()


def test_a_decision_taken_back_makes_the_day_a_candidate_again(as_alice, case, file, page):
    decide(as_alice, case, file, page, says="采样")
    assert decide(as_alice, case, file, page, says="再来").status_code == 422
    as_alice.post(at("undo", case.ref, Dated.objects.get().pk), {"reason": "看错了"})

    assert len(queries.candidates(files_of(case))) == 2
    assert decide(as_alice, case, file, page, says="采样").status_code == 303


def test_a_foreign_address_to_go_on_to_is_not_followed(as_alice, case, file, page):
    response = decide(as_alice, case, file, page, says="采样", next="https://example.org/")

    assert response["Location"] == at("chronology", case.ref)


def test_a_file_read_for_one_case_keeps_its_decisions_apart_from_another(
    alice, case, other, page, file
):
    when = course.noon("2026-11-21")
    files.add_exhibit(case=other, blob=file.blob, name="同一份", kind="document", by=alice, at=when)
    dates.decide(
        case=case, file=file, page=page, start=page.dates[0][1], confirmed=True, says="采样",
        by=alice, at=when,
    )  # fmt: skip

    assert len(queries.candidates(files_of(other))) == 2


def test_what_was_read_is_sealed_as_a_transcript_that_points_to_its_file(as_alice, case, file):
    answer = as_alice.get(reverse("reading:transcript", args=[case.ref, file.key]))

    text = b"".join(answer.streaming_content).decode()
    assert text.count("\f") == 1  # two pages
    assert "暗管直径三十厘米" in text
    assert answer["Content-Disposition"].startswith("attachment")
    assert file.blob.derivatives.get(kind="transcript").parent == file.blob
