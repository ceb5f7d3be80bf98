"""An instrument's file into a worksheet: only its item, in its unit, each sample once."""

import pytest

from jingyi.core.refusal import Refusal
from jingyi.web.lab.actions import filling, measuring
from tests.web.lab import bench
from tests.web.lab.bench import AT, ON

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(method, device, taken, analyst):
    bench.hand(taken, taken[0].first, analyst)
    return measuring.begin(
        method=method, device=device, kit=None, on=ON, samples=taken, intact=True, by=analyst, at=AT
    )


def fill(sheet, tmp_path, text):
    numbers = [one.sample.number for one in sheet.results.order_by("position")]
    path = tmp_path / "out.csv"
    path.write_text(text.format(*numbers))
    wrong = filling.fill(sheet=sheet, path=path, by=sheet.analyst, at=AT)
    return [one.text for one in sheet.results.order_by("position")], [str(one) for one in wrong]


def test_rows_of_other_items_are_left_and_units_of_the_row_count(sheet, tmp_path):
    text = "样品编号,项目,结果,单位\n{0},总磷,9,mg/L\n{0},氨氮,1600,μg/L\n{1},NH3-N,<25,ug/L\n{2},氨氮,1.50,mg/L\n"
    texts, wrong = fill(sheet, tmp_path, text)
    assert texts == ["1.6", "<0.025", "1.50"]
    assert wrong == []


def test_what_is_not_taken_is_named_by_its_row(sheet, tmp_path):
    text = "样品编号,结果,单位\n{0},1.6,mg/L\n{0},1.6,mg/L\n{0},1.7,mg/L\n{1},--,mg/L\n{2},1,ppm\nZZZZZZZ,1,mg/L\n"  # fmt: skip
    texts, wrong = fill(sheet, tmp_path, text)
    assert texts == ["1.6", "", ""]
    assert [one.partition("：")[0] for one in wrong] == ["第 4 行", "第 5 行", "第 6 行", "第 7 行"]
    for said, one in zip(("1.7", "没有结果", "ppm", "不在这份记录"), wrong, strict=True):
        assert said in one


@pytest.mark.parametrize("text", ["编号二,氨氮\nA,1\n", "样品编号,备注\n{0},1\n", "样品编号,氨氮(mg/L)\nZZ,1\n"])  # fmt: skip
def test_a_file_that_is_of_something_else_is_refused(sheet, tmp_path, text):
    with pytest.raises(Refusal):
        fill(sheet, tmp_path, text)
    assert not sheet.results.exclude(text="").exists()
