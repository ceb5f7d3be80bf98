"""A sender's file comes in once, row by row, and what cannot come in is given back."""

import csv
import io

import pytest

from jingyi.core.refusal import Refusal
from jingyi.web.evidence import vault
from jingyi.web.intake.actions import imports
from jingyi.web.intake.importing.refused import as_csv
from jingyi.web.intake.models import Batch, Report
from jingyi.web.intake.queries.imports import changed
from jingyi.web.ledger.queries import verify

HEAD = "留言编号,留言用户,留言主题,留言时间,留言详情,点赞数\n"
ROWS = [
    "7,张三,河水发黑,2019/2/28 11:25:05,东津河排污口整夜排黑水气味刺鼻,3\n",
    "8,李四,烟囱冒烟,2019年3月1日,西陵砖厂昼夜冒黑烟窗台一层灰,0\n",
    "9,张三,路灯不亮,43891.5,中山路一整排路灯坏了半个月,\n",
]


def file_of(*rows, encoding="utf-8"):
    return (HEAD + "".join(rows)).encode(encoding)


@pytest.fixture
def take(city, at):
    """Import bytes into the city's office, as the command line does."""

    def take(content, *, name="messages.csv", sender="12345热线", office=city.office, **said):
        named = imports.name_sender(office=office, name=sender, by=None, at=at)
        batch = imports.start_import(sender=named, chunks=[content], file_name=name, by=None, at=at)
        batch = imports.confirm_import(
            batch=batch, mapping=batch.mapping | said, by=None, at=at, queue=False
        )
        return imports.run_import(batch=batch, at=at)

    return take


def counts(batch):
    return batch.rows, batch.new, batch.known, batch.rejected


def lost_rows(batch, settings):
    content = b"".join(vault.read(batch.rejected_file_id, folder=settings.VAULT))
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_rows_become_reports_with_the_hotlines_time_and_no_name(take):
    batch = take(file_of(*ROWS))

    assert counts(batch) == (3, 3, 0, 0)
    first, second, third = Report.objects.order_by("pk")
    assert (first.external_id, first.title, first.likes) == ("7", "河水发黑", 3)
    assert first.happened_at.isoformat() == "2019-02-28T03:25:05+00:00"
    assert first.received_at == first.happened_at
    assert second.happened_at.isoformat() == "2019-02-28T16:00:00+00:00"
    assert third.happened_at.isoformat() == "2020-03-01T04:00:00+00:00"
    assert first.reporter_key == third.reporter_key != second.reporter_key
    assert "张三" not in first.reporter_key
    assert verify().problem is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_same_file_again_adds_nothing(take, encoding):
    take(file_of(*ROWS))

    assert counts(take(file_of(*ROWS, encoding=encoding))) == (3, 0, 3, 0)
    assert Report.objects.count() == 3


def test_a_file_without_numbers_is_known_by_what_it_says(take):
    content = (
        "标题,内容\n黑水,东津河有人排黑水\n黑水,东津河有人排黑水\n黑烟,西陵砖厂冒黑烟\n".encode()
    )

    assert counts(take(content, text="内容", title="标题")) == (3, 2, 1, 0)
    assert counts(take(content, text="内容", title="标题")) == (3, 0, 3, 0)


def test_two_offices_and_two_senders_each_take_their_own(take, city):
    assert take(file_of(*ROWS)).new == 3
    assert take(file_of(*ROWS), sender="网上信箱").new == 3
    assert take(file_of(*ROWS), office=city.east).new == 3


def test_a_broken_row_is_given_back_with_its_reason_and_the_rest_goes_in(take, settings):
    broken = ["10,王五,=1+1,2019/3/2,,0\n", f"11,赵六,太长,2019/3/2,{'长' * 400_000},0\n"]
    batch = take(file_of(ROWS[0], *broken, "12,钱七,多了一格,2019/3/2,话,0,又一格\n", ROWS[1]))

    assert counts(batch) == (5, 2, 0, 3)
    lost = lost_rows(batch, settings)
    assert [row["所在行"] for row in lost] == ["3", "4", "5"]
    assert "没有正文" in lost[0]["未导入的原因"]
    assert "1 MB" in lost[1]["未导入的原因"]
    assert lost[0]["留言主题"] == "'=1+1"


def test_one_number_for_two_different_messages_loses_neither(take, settings):
    batch = take(file_of(ROWS[0], ROWS[1].replace("8,", "7,", 1)))

    assert counts(batch) == (2, 1, 0, 1)
    assert "编号 7" in lost_rows(batch, settings)[0]["未导入的原因"]


def test_a_row_sent_again_with_other_words_stays_as_it_came_and_is_named(take):
    take(file_of(*ROWS))

    batch = take(file_of(ROWS[0], ROWS[1].replace("冒黑烟", "已停产"), ROWS[2]))

    assert counts(batch) == (3, 0, 3, 0)
    assert changed(batch) == [3]
    assert "冒黑烟" in Report.objects.get(external_id="8").text
    assert changed(take(file_of(*ROWS))) == []


def test_a_date_nobody_can_read_loses_no_report(take, at):
    batch = take(file_of("7,张三,河水,去年冬天,东津河排污口整夜排黑水,1\n"), time="留言时间")

    assert counts(batch) == (1, 1, 0, 0)
    report = Report.objects.get()
    assert report.happened_at is None
    assert report.received_at == at


def test_a_senders_columns_are_remembered(take, city, at):
    content = "甲,乙\n河水发黑,东津河排污口整夜排黑水\n".encode()
    take(content, text="甲", title="乙")

    sender = imports.name_sender(office=city.office, name="12345热线", by=None, at=at)
    again = imports.start_import(
        sender=sender, chunks=[content], file_name="next.csv", by=None, at=at
    )

    assert again.mapping == {"text": "甲", "title": "乙"}


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "empty.csv", "空"),
        (b"\x00\x01\x02" * 99, "noise.csv", "noise.csv"),
        (b"PK\x03\x04 not a workbook", "broken.xlsx", "broken.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old.xls", "加密"),
    ],
)
def test_what_is_no_table_is_refused_and_not_kept(take, settings, content, name, says):
    with pytest.raises(Refusal, match=says):
        take(content, name=name)

    assert not Batch.objects.exists()
    assert not settings.VAULT.exists()


def test_a_file_too_large_for_the_page_is_refused(city, alice, at, settings):
    settings.IMPORT_MAX_BYTES = 100
    sender = imports.name_sender(office=city.office, name="12345热线", by=alice, at=at)

    with pytest.raises(Refusal, match="超过"):
        imports.start_import(
            sender=sender, chunks=[file_of(*ROWS)], file_name="big.csv", by=alice, at=at
        )


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"text": "没有这一列"}, "没有名为"),
        ({"text": "", "title": ""}, "哪一列是正文"),
        ({"text": "留言主题"}, "只能选一次"),
    ],
)
def test_a_wrong_choice_of_columns_is_refused(take, said, says):
    with pytest.raises(Refusal, match=says):
        take(file_of(*ROWS), **said)

    assert not Report.objects.exists()


def test_confirming_twice_is_refused_and_running_twice_does_nothing(take, at):
    batch = take(file_of(*ROWS))

    with pytest.raises(Refusal, match="已经确认"):
        imports.confirm_import(batch=batch, mapping=batch.mapping, by=None, at=at, queue=False)
    assert counts(imports.run_import(batch=batch, at=at)) == (3, 3, 0, 0)


def test_formulas_are_written_as_text_and_numbers_as_they_are():
    content = as_csv(["a"], [(2, "why", ["=A1"]), (3, "why", ["-5.2"]), (4, "why", ["@x"])])

    assert [row[0] for row in csv.reader(io.StringIO(content.decode("utf-8-sig")))] == [
        "a",
        "'=A1",
        "-5.2",
        "'@x",
    ]
