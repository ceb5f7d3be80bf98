"""Samples against standards; one sample and whole columns say the same."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core.lab import book, columns, judging
from jingyi.core.lab.columns import ABOVE, BELOW, SEEN, Column
from jingyi.core.lab.judging import Reading
from jingyi.core.lab.limits import NotChosen
from jingyi.core.lab.values import Value, parse
from jingyi.core.rulebook import UnknownRule

WATER = book.standard("gb3838-2002")


def reading(item, text, unit="mg/L"):
    known = book.names().item(item)
    return Reading(known, parse(text), book.names().unit(known, unit))


def level(standard, readings, **said):
    found = judging.assess(standard, readings, standard.settled(said))
    return None if found.level is None else standard.level(found.level)


@pytest.mark.parametrize(
    ("item", "text", "expected"),
    [
        ("氨氮", "0.15", "Ⅰ"),  # equal to the limit is within it
        ("氨氮", "0.1500001", "Ⅱ"),
        ("氨氮", "2.0", "Ⅴ"),
        ("氨氮", "2.01", "劣Ⅴ"),
        ("溶解氧", "7.5", "Ⅰ"),
        ("溶解氧", "7.49", "Ⅱ"),
        ("溶解氧", "1.9", "劣Ⅴ"),
        ("pH", "6", "Ⅰ"),
        ("pH", "9.01", "劣Ⅴ"),
        ("铜", "1.0", "Ⅱ"),  # Ⅱ to Ⅴ share a limit: the best of them
        ("汞", "<0.00004", "Ⅰ"),
        ("汞", "<0.0002", None),  # seen only from above the limit of class Ⅰ on
        ("氨氮", "未检出", None),
        ("氨氮", ">3", "劣Ⅴ"),
        ("溶解氧", ">20", "Ⅰ"),
    ],
)
def test_an_item_has_a_class(item, text, expected):
    unit = "" if item == "pH" else "mg/L"
    assert level(WATER, [reading(item, text, unit)]) == expected


def test_the_class_of_a_water_is_that_of_its_worst_item_and_says_which():
    found = judging.assess(
        WATER, [reading("氨氮", "0.1"), reading("总磷", "0.25")], WATER.settled({})
    )
    assert WATER.level(found.level) == "Ⅳ"
    assert found.decisive.id == "total-phosphorus"
    assert str(found.because[0]) == "总磷 0.25 mg/L，不符合Ⅲ类限值 ≤0.2 mg/L，符合Ⅳ类限值 ≤0.3 mg/L"


def test_phosphorus_has_other_limits_in_lakes():
    assert level(WATER, [reading("总磷", "0.15")], body="river") == "Ⅲ"
    assert level(WATER, [reading("总磷", "0.15")], body="水库") == "Ⅴ"


def test_total_nitrogen_stands_apart():
    both = [reading("总氮", "9"), reading("氨氮", "0.1")]
    assert level(WATER, both, body="lake") == "Ⅰ"
    found = judging.assess(WATER, both, WATER.settled({"body": "lake"}))
    assert [one.worst for one in found.findings if one.limit.apart] == [5]


def test_a_unit_is_converted_exactly_before_it_is_compared():
    """70 μg/L is 0.07 mg/L, which is no double; the limit of 0.1 mg/L is 100 μg/L, which is."""
    assert level(WATER, [reading("砷", "100", "μg/L")]) == "Ⅳ"
    assert level(WATER, [reading("砷", "100.0001", "μg/L")]) == "劣Ⅴ"


def test_nothing_to_go_by_says_so():
    found = judging.assess(WATER, [], WATER.settled({}))
    assert found.level is None
    assert "GB 3838-2002" in str(found.because[0])


@pytest.mark.parametrize(("ph", "expected"), [("5.5", "可能存在风险"), ("6.6", "可能存在风险"), ("7.6", "风险低")])  # fmt: skip
def test_the_limit_of_a_soil_follows_its_ph(ph, expected):
    soil = book.standard("gb15618-2018")
    sample = [reading("土壤pH", ph, ""), reading("土壤镉", "0.6", "mg/kg")]
    assert level(soil, sample, land="other") == expected


def test_a_soil_without_its_ph_cannot_be_judged():
    soil = book.standard("gb15618-2018")
    assert level(soil, [reading("土壤镉", "0.6", "mg/kg")], land="other") is None


def test_a_condition_without_a_default_must_be_said():
    with pytest.raises(NotChosen, match="一级"):
        book.standard("gb8978-1996-4").settled({})


def test_half_inhibited_is_positive():
    strip = book.standard("gbt5009.199-2003")
    assert level(strip, [reading("抑制率", "50", "%")]) == "阳性"
    assert level(strip, [reading("抑制率", "49.9", "%")]) == "阴性"
    assert level(strip, [reading("抑制率", "<50", "%")]) == "阴性"


def test_a_standard_is_used_in_its_own_time():
    assert book.standard("gb5749-2006", date(2023, 3, 31))
    with pytest.raises(UnknownRule, match="gb5749-2022"):
        book.standard("gb5749-2006", date(2023, 4, 1))
    with pytest.raises(UnknownRule, match="施行期间"):
        book.standard("gb5749-2022", date(2023, 3, 31))


@pytest.mark.parametrize("standard", book.standards().values(), ids=lambda one: one.id)
def test_levels_only_get_laxer(standard):
    """A worse class never asks for more than a better one."""
    for limit in standard.limits:
        high = [end for end in limit.high if end is not None]
        low = [end for end in limit.low if end is not None]
        assert high == sorted(high)
        assert low == sorted(low, reverse=True)


TEXTS = st.one_of(
    st.decimals(0, 12, places=4).map(str),
    st.sampled_from(["0.15", "0.5", "1.0", "6", "9", "7.5", "<0.02", "<0.3", ">2", "未检出", "--"]),
)
ITEMS = ("氨氮", "总磷", "溶解氧", "pH", "铜", "汞", "总氮")


@given(
    st.dictionaries(st.sampled_from(ITEMS), TEXTS, min_size=1),
    st.sampled_from(["river", "lake"]),
    st.booleans(),
)
def test_columns_say_what_a_single_sample_says(cells, body, micro):
    readings, held = [], []
    for item, text in cells.items():
        unit = "" if item == "pH" else ("μg/L" if micro else "mg/L")
        value = parse(text)
        known = book.names().item(item)
        found = book.names().unit(known, unit)
        number = np.nan if value is None or value.number is None else float(value.number)
        mark = {"<": BELOW, ">": ABOVE, "": SEEN}[value.mark if value else ""]
        held.append(Column(known, found, np.array([number]), np.array([mark], np.int8)))
        if value:
            readings.append(Reading(known, value, found))
    one = judging.assess(WATER, readings, WATER.settled({"body": body}))
    option = WATER.choice("body").index(body)
    many = columns.assess(WATER, held, {"body": np.array([option], np.int8)}, 1)
    told = many.best[0] == many.worst[0] and many.worst[0] >= 0
    assert (int(many.worst[0]) if told else None) == one.level


@given(st.decimals("0.001", 100, places=3), st.sampled_from(["氨氮", "总磷", "汞", "铜"]))
def test_a_result_below_detection_is_never_judged_worse_than_one_at_it(number, item):
    known = book.names().item(item)
    unit = book.names().unit(known, "mg/L")
    at, below = (
        judging.assess(
            WATER, [Reading(known, Value(Decimal(number), mark), unit)], WATER.settled({})
        )
        for mark in ("", "<")
    )
    assert below.findings[0].worst <= at.findings[0].worst
    assert below.findings[0].best == 0
