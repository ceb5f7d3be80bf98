"""Limits an office loads itself: rows read, or refused with what is wrong; made a standard."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core.lab import book, judging, own
from jingyi.core.lab.judging import Reading
from jingyi.core.lab.values import parse
from jingyi.core.refusal import Refusal

START = date(2021, 9, 3)
HEAD = own.Head("GB 2763-2021", "农药最大残留限量", START, None, date(2026, 9, 1))


def row(item="毒死蜱", food="韭菜", limit="0.02", unit="mg/kg", **more):
    cells = {"item": item, "food": food, "limit": limit, "unit": unit, **more}
    return own.read_row(cells, book.names(), START, None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0.05", (None, "0.05", False, False)),
        ("≤0.05", (None, "0.05", False, False)),
        ("<0.05", (None, "0.05", True, False)),
        ("０．０５*", (None, "0.05", False, True)),
        ("≥0.3", ("0.3", None, False, False)),
        ("6.5～8.5", ("6.5", "8.5", False, False)),
        ("不得检出", (None, "0", False, False)),
    ],
)
def test_a_limit_is_read_as_it_is_written(text, found):
    low, high = (None if one is None else Decimal(one) for one in found[:2])
    assert own.figures(text) == (low, high, *found[2:])


@pytest.mark.parametrize("text", ["", "-", "约0.05", "0.05mg", "8.5~6.5", "1e9x"])
def test_what_is_no_limit_is_refused(text):
    with pytest.raises(own.NotALimit):
        own.figures(text)


@given(st.text(max_size=30))
def test_any_text_is_a_limit_or_a_refusal(text):
    try:
        low, high, _, _ = own.figures(text)
    except own.NotALimit:
        return
    assert low is not None or high is not None


def test_an_item_nobody_knows_becomes_the_office_s_own():
    made = row()
    assert made.item.id == "own:mass-fraction:毒死蜱"
    assert book.names().items[made.item.id] == made.item
    assert str(made.item.title) == "毒死蜱"
    with pytest.raises(KeyError):
        book.names().items["nothing"]


def test_a_known_item_in_another_kind_of_unit_is_another_item():
    assert row("镉", unit="mg/kg").item.id == "own:mass-fraction:镉"
    assert row("镉", unit="mg/L").item.id == "cadmium"
    assert row("pH", unit="").item.id == "ph"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"item": ""}, "空的"),
        ({"item": "长" * 31}, "太长"),
        ({"unit": ""}, "单位"),
        ({"unit": "斤"}, "斤"),
        ({"limit": "少量"}, "少量"),
        ({"from": "去年"}, "去年"),
        ({"to": "2020-01-01"}, "早于"),
    ],
)
def test_a_bad_row_says_what_is_wrong(cells, said):
    with pytest.raises(Refusal, match=said):
        row(**cells)


def test_days_of_a_row_go_before_the_table_s():
    one = row(**{"from": "2022年1月1日", "to": "2023/12/31"})
    assert one.holds(date(2023, 12, 31))
    assert not one.holds(date(2024, 1, 1))
    assert not one.holds(START)


def test_a_sample_is_judged_by_the_limit_of_its_food():
    table = own.standard("own-1", HEAD, [row(), row(food="大白菜", limit="0.1"), row("镉", limit="0.05*")])  # fmt: skip
    item, unit = table.limits[0].item, table.limits[0].unit

    def level(food, text):
        found = judging.assess(table, [Reading(item, parse(text), unit)], table.settled({"food": food}))  # fmt: skip
        return table.level(found.level)

    assert level("韭菜", "0.02") == "合格"
    assert level("韭菜", "0.05") == "超标"
    assert level("大白菜", "0.05") == "合格"
    assert table.limits[2].status == "assumed", "a provisional limit is marked"
    with pytest.raises(Refusal, match="食品"):
        table.settled({})


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "没有有效"),
        ([row(), row()], "两个"),
        ([row(), row(food="")], "有的行"),
    ],
)
def test_a_table_that_says_two_things_is_refused(rows, said):
    with pytest.raises(Refusal, match=said):
        own.standard("own-1", HEAD, rows)
