"""Files as they really come, and files made to hurt: taken in, or refused in one sentence."""

import csv
import io
import zipfile
from datetime import datetime

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jingyi.core.refusal import Refusal
from jingyi.web.evidence import vault
from jingyi.web.evidence.models import Blob
from jingyi.web.intake.actions import imports
from jingyi.web.intake.models import Batch, Report

HEAD = ["留言编号", "留言主题", "留言时间", "留言详情"]
TEXT = "东津河三号桥下游有暗管排黑水，气味刺鼻。"
MIB = 2**20


@pytest.fixture
def take(city, at):
    def take(content, name):
        sender = imports.name_sender(office=city.office, name="热线", by=None, at=at)
        batch = imports.start_import(
            sender=sender, chunks=[content], file_name=name, by=None, at=at
        )
        imports.confirm_import(batch=batch, mapping=batch.mapping, by=None, at=at, queue=False)
        return imports.run_import(batch=Batch.objects.get(pk=batch.pk), at=at)

    return take


@pytest.fixture
def as_alice(client, alice):
    client.force_login(alice)
    return client


def workbook(*rows, change=None):
    """A workbook with our headings; `change` gets its sheet before it is saved."""
    book = openpyxl.Workbook()
    for row in (HEAD, *rows):
        book.active.append(row)
    if change:
        change(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(content, name, data):
    """The same archive with one part more, or another in its place."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, data)
    return out.getvalue()


def test_macros_are_carried_but_never_run(take):
    content = with_part(workbook([1, "黑水", "2019/3/1", TEXT]), "xl/vbaProject.bin", b"Sub Open")

    assert take(content, "messages.xlsm").new == 1


def test_a_formula_counts_as_the_value_stored_with_it_and_without_one_as_empty(take, settings):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEAD, *([n, "黑水", "2019/3/1", ""] for n in (1, 2, 3))]):
            sheet.write_row(number, 0, row)
        sheet.write_string("D2", TEXT)
        sheet.write_formula("D3", '=CONCAT("东津河","黑了")', value="东津河黑了")
        sheet.write_formula("D4", '=HYPERLINK("http://192.0.2.1")', value="")

    batch = take(out.getvalue(), "formula.xlsx")

    assert (batch.new, batch.rejected) == (2, 1)
    assert set(Report.objects.values_list("text", flat=True)) == {TEXT, "东津河黑了"}
    data = b"".join(vault.read(batch.rejected_file_id, folder=settings.VAULT)).decode("utf-8-sig")
    assert "没有正文" in data


def test_text_that_looks_like_a_formula_is_kept_as_it_was_said(take):
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, ["1", "=1+1", "2019/3/1", "=cmd|' /C calc'!A0 在河边"]])

    assert take(out.getvalue().encode(), "messages.csv").new == 1
    assert Report.objects.get().text == "=cmd|' /C calc'!A0 在河边"


def test_merged_cells_count_for_each_row_and_dates_may_be_numbers(take):
    def change(sheet):
        sheet.merge_cells("C2:C3")

    content = workbook([1, "黑水", 43524.5, TEXT], [2, "又黑了", None, TEXT], change=change)

    assert take(content, "merged.xlsx").new == 2
    assert {str(day.date()) for day in Report.objects.values_list("happened_at", flat=True)} == {
        "2019-02-28"
    }


def test_dates_may_be_dates(take):
    written = datetime.fromisoformat("2019-02-28 11:25")  # a spreadsheet knows no time zone
    take(workbook([1, "黑水", written, TEXT]), "dates.xlsx")

    assert Report.objects.get().happened_at.isoformat() == "2019-02-28T03:25:00+00:00"


def test_a_banner_and_empty_rows_over_the_table_do_no_harm(take):
    def change(sheet):
        sheet.insert_rows(1, 3)
        sheet["A1"] = "某市12345热线2019年2月工单"

    assert take(workbook([1, "黑水", "2019/3/1", TEXT], change=change), "banner.xlsx").new == 1


@pytest.mark.parametrize(
    ("name", "encoding"), [("messages.csv", "gb18030"), ("messages.xls", "utf-16")]
)
def test_the_encoding_is_found_and_the_name_is_not_believed(take, name, encoding):
    rows = f"{','.join(HEAD)}\n1,黑水,2019/3/1,㐂姓居民：{TEXT}\n"

    assert take(rows.encode(encoding), name).new == 1
    assert Report.objects.get().text.startswith("㐂姓居民")


def test_a_workbook_named_csv_is_read_as_a_workbook(take):
    assert take(workbook([1, "黑水", "2019/3/1", TEXT]), "messages.csv").new == 1


def far_cell(sheet):
    sheet["XFD1048576"] = "far"


def bomb():
    sheet = b"<worksheet>" + b" " * (200 * MIB)
    return with_part(workbook(), "xl/worksheets/sheet1.xml", sheet)


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    ("make", "name", "says"),
    [
        pytest.param(bomb, "bomb.xlsx", "压缩炸弹", id="zip-bomb"),
        pytest.param(
            lambda: workbook([1, "黑水", "2019/3/1", TEXT], change=far_cell),
            "far.xlsx",
            "离数据很远",
            id="far-cell",
        ),
        pytest.param(lambda: b"", "empty.xlsx", "是空的", id="nothing"),
        pytest.param(
            lambda: workbook([1, "黑水", "2019/3/1", TEXT])[:900], "cut.xlsx", "损坏", id="cut-off"
        ),
        pytest.param(
            lambda: with_part(zip_of("a.txt"), "b.txt", b"b"), "files.xlsx", "压缩包", id="zip"
        ),
        pytest.param(lambda: b"%PDF-1.7\n" + bytes(500), "a.csv", "不是可以读的表格", id="pdf"),
        pytest.param(lambda: b"PAR1" + bytes(50) + b"PAR1", "a.parquet", "a.parquet", id="parquet"),
    ],
)
def test_what_would_hurt_is_refused_in_a_sentence_and_the_page_says_it(
    as_alice, take, make, name, says
):
    content = make()
    with pytest.raises(Refusal, match=says):
        take(content, name)
    assert not Blob.objects.exists()

    file = SimpleUploadedFile(name, content)
    given = {"name": "热线二", "office": "zy", "source": "hotline", "file": file}
    response = as_alice.post(reverse("intake:imports"), given)

    assert response.status_code == 422
    assert says in response.text
    assert not Batch.objects.exists()


def zip_of(name):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    "rows",
    [
        "一级分类,二级分类,三级分类\n城乡建设,安全生产,事故处理\n城乡建设,安全生产,其他\n",
        "省份,断面名称,水质类别,pH\n上海市,七效港西桥,Ⅲ,7.9\n上海市,急水港桥,Ⅱ,8.0\n",
    ],
    ids=["categories", "stations"],
)
def test_a_table_without_messages_asks_for_the_column_that_holds_them(take, rows):
    with pytest.raises(Refusal, match="还没有指明哪一列是正文"):
        take(rows.encode(), "table.csv")

    assert not Report.objects.exists()


def test_titles_alone_are_messages_when_they_say_something(take):
    rows = (
        "主题,一级标签\n东津河三号桥下游夜里有人排黑水,环保\n西陵砖厂昼夜冒黑烟，窗台一层灰,环保\n"
    )

    assert take(rows.encode(), "titles.csv").new == 2


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("citizen/label_tree_517.xlsx", "还没有指明哪一列是正文"),
        ("water/surface_water_auto_2021-04_1698stations.csv", "还没有指明哪一列是正文"),
    ],
)
def test_real_tables_that_are_no_messages(take, shared, file, says):
    path = shared / file
    with pytest.raises(Refusal, match=says):
        take(path.read_bytes(), path.name)


@pytest.mark.slow
@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("file", "rows"),
    [("citizen/messages_4326.xlsx", 4326), ("citizen/messages_with_replies_2816.xlsx", 2816)],
)
def test_real_messages_come_in_whole_and_once(take, shared, file, rows):
    path = shared / file

    first = take(path.read_bytes(), path.name)
    again = take(path.read_bytes(), path.name)

    assert (first.rows, first.new, first.rejected) == (rows, rows, 0)
    assert (again.new, again.known) == (0, rows)
    assert Report.objects.count() == rows
