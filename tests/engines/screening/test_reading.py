"""Bad tables: profiled, named, repaired by a stated rule or refused; never joined to nothing in silence."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from xlsxwriter import Workbook

from jingyi.core.refusal import Refusal
from jingyi.core.screening import book
from jingyi.engines.screening import reading, repair


@pytest.fixture
def pension():
    return book.model("pension-of-the-dead")


def csv(folder, name, *lines, encoding="utf-8"):
    path = folder / name
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def read(source, path, mapping=None):
    return reading.prepare(source, path, path.with_suffix(".prepared"), mapping)


def sound_id():
    from stdnum.cn import ric

    return "34060319400101121" + ric.calc_check_digit("34060319400101121")


@pytest.mark.parametrize(
    ("text", "kind", "value", "finding"),
    [
        ("340603400101121", "person-id", sound_id(), "id15"),
        (sound_id().lower(), "person-id", sound_id(), "spaces" if sound_id()[-1] == "X" else ""),
        (f" {sound_id()} ", "person-id", sound_id(), "spaces"),
        (f"'{sound_id()}", "person-id", sound_id(), "spaces"),
        ("３４０６０３４００１０１１２１", "person-id", sound_id(), "id15"),
        ("3.40603194001011E+17", "person-id", None, "scientific"),
        ("340603194001022000", "person-id", None, "cut"),
        ("340603194001011210", "person-id", "340603194001011210", "id-check"),
        ("3406031940", "person-id", None, "id-length"),
        ("91340603MA2N0K3C7X", "credit-code", "91340603MA2N0K3C7X", "code-check"),
        ("340600000012345", "credit-code", "340600000012345", "code15"),
        ("9.13406E+17", "credit-code", None, "scientific"),
        ("1234", "credit-code", None, "code-length"),
        ("2025-03-01", "date", date(2025, 3, 1), ""),
        ("2025/3/1", "date", date(2025, 3, 1), "date-form"),
        ("2025.3.1", "date", date(2025, 3, 1), "date-form"),
        ("20250301", "date", date(2025, 3, 1), "date-form"),
        ("2025年3月1日", "date", date(2025, 3, 1), "date-form"),
        ("45717", "date", date(2025, 3, 1), "serial"),
        ("25/3/2025", "date", date(2025, 3, 25), "date-form"),
        ("3/25/2025", "date", date(2025, 3, 25), "date-form"),
        ("3/4/2025", "date", None, "date-order"),
        ("2025-02-30", "date", None, "not-a-date"),
        ("去年", "date", None, "not-a-date"),
        ("202503", "month", date(2025, 3, 1), "date-form"),
        ("2025-03", "month", date(2025, 3, 1), ""),
        ("2025年3月", "month", date(2025, 3, 1), "date-form"),
        ("2025-03-15", "month", date(2025, 3, 1), "month-day"),
        ("1,200.50元", "number", Decimal("1200.5000"), "unit"),
        ("1.2E+03", "number", Decimal("1200.0000"), "scientific-number"),
        ("0.12345", "number", Decimal("0.1234"), "rounded"),
        ("很多", "number", None, "not-a-number"),
        ("NaN", "number", None, ""),
        ("12.5", "integer", None, "not-a-number"),
        ("12.0", "integer", 12, ""),
        ("—", "number", None, ""),
        ("", "text", None, ""),
    ],
)
def test_each_cell_is_kept_repaired_or_refused_by_a_named_rule(text, kind, value, finding):
    assert repair.read(text, kind) == (value, finding)
    assert not finding or finding in repair.FINDINGS
    assert (value is None and bool(finding)) == (finding in repair.REFUSED)


def test_a_credit_code_with_letters_for_digits_is_mended_only_where_the_check_digit_says_so():
    from stdnum.cn import uscc

    sound = "91340603MA2N0K3C7"
    sound += uscc.calc_check_digit(sound)
    assert repair.read(sound, "credit-code") == (sound, "")
    assert repair.read(sound.replace("0", "O"), "credit-code") == (sound, "letters")
    assert repair.read("91340603MAON0K3C77", "credit-code")[1] == "code-check"


def test_columns_are_found_by_what_agencies_call_them(pension, tmp_path):
    path = csv(
        tmp_path,
        "d.csv",
        "序号,身份证号码,姓名,死亡时间",
        f"1,{sound_id()},张某,2025/3/12",
        encoding="gb18030",
    )
    found = read(pension.source("death"), path)
    assert found.table.to_pylist() == [
        {"row": 2, "id_number": sound_id(), "person_name": "张某", "died_on": date(2025, 3, 12)}
    ]
    assert [str(one) for one in found.warnings] == [
        "死亡登记“死亡时间”：1 个单元格日期写法不一，已换算。"
    ]


def test_a_missing_column_is_refused_with_what_is_there(pension, tmp_path):
    path = csv(tmp_path, "d.csv", "身份证号,姓名", f"{sound_id()},张某")
    with pytest.raises(
        Refusal,
        match=r"缺少“死亡日期”列（从哪个月起不应发放）.*身份证号、姓名.*--column death.died_on",
    ):
        read(pension.source("death"), path)
    path = csv(tmp_path, "e.csv", "身份证号,姓名,没了的日子", f"{sound_id()},张某,2025-01-01")
    mapped = read(pension.source("death"), path, {"died_on": "没了的日子"})
    assert mapped.table["died_on"].to_pylist() == [date(2025, 1, 1)]


def test_rows_without_a_usable_key_are_set_aside_and_told(pension, tmp_path):
    path = csv(
        tmp_path, "d.csv", "身份证号,姓名,死亡日期",
        f"{sound_id()},张某,2025-01-01", ",李某,2025-01-01", "3.4E+17,王某,2025-01-01", f"{sound_id()},张某,2025-02-01",
    )  # fmt: skip
    found = read(pension.source("death"), path)
    assert found.table["row"].to_pylist() == [2]
    assert [(one.row, str(one.reason)) for one in found.aside] == [
        (3, "缺少可用的“公民身份号码”"),
        (4, "缺少可用的“公民身份号码”"),
        (5, "“死亡登记”中主键重复，保留第一行"),
    ]
    assert found.set_aside == 3
    assert any("科学计数法" in str(one) for one in found.warnings)


def test_a_table_without_one_usable_row_is_refused(pension, tmp_path):
    path = csv(tmp_path, "d.csv", "身份证号,姓名,死亡日期", "3.4E+17,王某,2025-01-01")
    with pytest.raises(Refusal, match="没有一行可用"):
        read(pension.source("death"), path)


def test_zeros_that_a_spreadsheet_took_are_given_back(tmp_path):
    source = book.model("uninspected-lifts").source("inspection")
    path = csv(
        tmp_path,
        "i.csv",
        "设备代码,检验日期,结论",
        "001234,2025-01-01,合格",
        "004321,2025-01-01,合格",
        "77,2025-01-01,合格",
    )
    found = read(source, path)
    assert found.table["device_code"].to_pylist() == ["001234", "004321", "000077"]
    assert "丢失的前导零" in str(found.warnings[-1])


def test_two_tables_without_one_common_identifier_are_not_joined_in_silence(pension, tmp_path):
    death = csv(tmp_path, "d.csv", "身份证号,姓名,死亡日期", f"{sound_id()},张某,2025-01-01")
    pay = csv(tmp_path, "p.csv", "身份证号,月份,金额", "340603195011113330,202502,100")
    both = {
        "death": read(pension.source("death"), death),
        "pay": read(pension.source("pay"), pay),
    }
    assert "没有一个相同的值" in str(reading.strangers(pension, both)[0])


def test_a_workbook_and_a_typed_parquet_file_read_alike(pension, tmp_path):
    with Workbook(tmp_path / "p.xlsx") as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["身份证号", "月份", "金额"])
        sheet.write_row(1, 0, [sound_id(), "2025-03", 100.5])
    typed = pa.table(
        {"id_number": [sound_id()], "month": pa.array([date(2025, 3, 1)]), "amount": [100.5]}
    )
    pq.write_table(typed, tmp_path / "p.parquet")
    source = pension.source("pay")
    one, other = (read(source, tmp_path / f"p.{kind}").table for kind in ("xlsx", "parquet"))
    assert one.drop(["row"]).equals(other.drop(["row"]))


def test_sound_identity_numbers_pass_whole_columns_at_once(pension):
    column = pension.source("pay").column("id_number")
    profile = reading.Profile(column, "x")
    sound = pa.chunked_array([[sound_id()] * 3, [sound_id()]])
    assert reading._read(column, sound, profile, None).to_pylist() == [sound_id()] * 4
    assert not profile.findings
    wrong = reading._read(
        column, pa.chunked_array([[sound_id(), "340603194001011210"]]), profile, None
    )
    assert wrong.to_pylist() == [sound_id(), "340603194001011210"]
    assert profile.findings == {"id-check": 1}


def test_a_parquet_file_is_read_in_pieces_with_the_same_result(tmp_path, pension, monkeypatch):
    ids = [f"34060319400101{n:03d}" for n in range(100)]
    from stdnum.cn import ric

    whole = [one + ric.calc_check_digit(one) for one in ids]
    rows = {
        "id_number": [*whole, whole[3], whole[97], None, "3.4E+17"],
        "person_name": ["张某"] * 104,
        "died_on": ["2025-03-12"] * 104,
    }
    pq.write_table(pa.table(rows), tmp_path / "death.parquet")
    at_once = read(pension.source("death"), tmp_path / "death.parquet")
    first = at_once.table
    monkeypatch.setattr(reading, "PIECE", 7)
    in_pieces = read(pension.source("death"), tmp_path / "death.parquet")
    assert in_pieces.table.equals(first)
    assert in_pieces.rows == 100
    assert [(one.row, str(one.reason)) for one in in_pieces.aside] == [
        (103, "缺少可用的“公民身份号码”"), (104, "缺少可用的“公民身份号码”"),
        (101, "“死亡登记”中主键重复，保留第一行"), (102, "“死亡登记”中主键重复，保留第一行"),
    ]  # fmt: skip
    assert at_once.aside == in_pieces.aside
    assert [one.findings for one in in_pieces.profiles] == [
        one.findings for one in at_once.profiles
    ]


def test_lost_zeros_are_told_by_the_whole_column_not_by_a_piece(tmp_path, monkeypatch):
    model = book.model("uninspected-lifts")
    source = model.source("lift")
    names = {one.name: str(one.title) for one in source.columns}
    count = 40
    rows = {title: ["x"] * count for title in names.values()}
    rows[names["device_code"]] = [
        *(f"{n:06d}" for n in range(100_000, 100_030)),
        "001234",
        *("77",) * 9,
    ]
    for one in source.columns:
        if one.stored == "date":
            rows[names[one.name]] = ["2025-01-01"] * count
    pq.write_table(pa.table(rows), tmp_path / "lift.parquet")
    monkeypatch.setattr(reading, "PIECE", 3)
    found = read(source, tmp_path / "lift.parquet")
    assert found.table["device_code"].to_pylist()[-1] == "000077"
