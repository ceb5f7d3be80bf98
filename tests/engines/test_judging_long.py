"""Readings one a row: judged by columns, and each says what it says alone."""

import random

import pyarrow as pa
import pytest

from jingyi.core.lab import book
from jingyi.engines.judging import judge

CELLS = ("0.1", "<0.02", "--", "*", "5", "7.2", "300", "坏", "<50", " 0.15 ")
ITEMS = (("氨氮", "mg/L"), ("总磷", "mg/L"), ("pH", ""), ("不认识的", ""))


def table(rows):
    columns = zip(*rows, strict=True)
    return pa.table(
        dict(
            zip(
                ("id", "item", "unit", "value"),
                (pa.array(one, pa.string()) for one in columns),
                strict=True,
            )
        )
    )


def judged(rows, **said):
    return judge(table(rows), book.standard("gb3838-2002"), said).table.to_pylist()


def test_rows_in_any_order_say_what_each_says_alone():
    chance = random.Random(7)
    rows = [("s", "氨氮", "mg/L", "0.1")]
    rows += [(str(chance.randrange(20)), *chance.choice(ITEMS), chance.choice(CELLS)) for _ in range(150)]  # fmt: skip
    for row, found in zip(rows, judged(rows, body="river"), strict=True):
        assert found["id"] == row[0]
        if row[1] == "不认识的":
            assert (found["class"], found["because"]) == (None, ["没有认得的项目，不能评价。"])
            continue
        (alone,) = judged([row], body="river")
        assert (found["class"], found["worst"]) == (alone["class"], alone["worst"])
        more = found["because"][len(alone["because"]) :]
        assert found["because"][: len(alone["because"])] == alone["because"]
        assert len(more) <= 1
        assert all(one.startswith("同一样品合计为") for one in more)


def test_the_whole_is_the_worst_of_its_sample():
    rows = [
        ("a", "氨氮", "mg/L", "1.2"), ("b", "总磷", "mg/L", "0.5"), ("a", "总磷", "mg/L", "0.12"),
        ("b", "氨氮", "mg/L", "0.1"), ("a", "pH", "", "--"), ("c", "氨氮", "mg/L", "9"),
    ]  # fmt: skip
    last = [one["because"][-1] for one in judged(rows, body="river")]
    assert last[0] == last[2] == "同一样品合计为Ⅳ类（氨氮）"
    assert last[1] == last[3] == "同一样品合计为劣Ⅴ（总磷）"
    assert "同一样品" not in last[4]
    assert "同一样品" not in last[5], "a sample of one reading has no other whole"


def test_a_lake_takes_the_lake_s_phosphorus_row_by_row():
    rows = [("a", "总磷", "mg/L", "0.04"), ("b", "总磷", "mg/L", "0.04")]
    assert [one["class"] for one in judged(rows, body="river")] == ["Ⅱ", "Ⅱ"]
    assert [one["class"] for one in judged(rows, body="lake")] == ["Ⅲ", "Ⅲ"]


@pytest.mark.parametrize("unit", ["ppm", "mg/kg"])
def test_a_unit_that_is_none_of_the_item_is_refused(unit):
    with pytest.raises(Exception, match=unit):
        judged([("a", "氨氮", unit, "1")])
