"""Results as they are written, and rounding."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core.lab.values import (
    NotAResult,
    Value,
    parse,
    rounded,
    significant,
    to_fifth,
    to_half,
)


@pytest.mark.parametrize(
    ("text", "number", "mark"),
    [
        ("0.12", "0.12", ""),
        (" 7 ", "7", ""),
        (".5", "0.5", ""),
        ("1.2E-3", "0.0012", ""),
        ("１２．５", "12.5", ""),
        ("1,234.5", "1234.5", ""),
        ("-3", "-3", ""),
        ("<0.02", "0.02", "<"),
        ("＜0.02", "0.02", "<"),
        ("0.02L", "0.02", "<"),
        ("≤0.02", "0.02", "<"),
        (">16000", "16000", ">"),
    ],
)
def test_a_result_is_read(text, number, mark):
    assert parse(text) == Value(Decimal(number), mark)


@pytest.mark.parametrize("text", ["", "--", "*", " - ", "/", "NaN", "未测"])
def test_a_gap_is_no_result(text):
    assert parse(text) is None


def test_not_seen_without_a_limit_of_detection_is_no_number():
    assert parse("未检出") == Value(None, "<")


@pytest.mark.parametrize("text", ["1,5", "约0.2", "0.1~0.3", "=1+1", "1e", "9" * 40])
def test_anything_else_is_refused_with_the_cell(text):
    with pytest.raises(NotAResult) as refused:
        parse(text)
    assert text[:10] in str(refused.value)


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [
        # GB/T 8170-2008, 3.2: a lone five goes to the even digit; no rounding twice
        ("12.1498", 0, "12"),
        ("12.1498", 1, "12.1"),
        ("10.5002", 0, "11"),
        ("11.500", 0, "12"),
        ("4.500", 0, "4"),
        ("1.050", 1, "1.0"),
        ("0.35", 1, "0.4"),
        ("15.4546", 0, "15"),
        ("-35.5", 0, "-36"),
    ],
)
def test_rounding_goes_to_the_even_digit_once(number, places, expected):
    assert rounded(Decimal(number), places) == Decimal(expected)


@pytest.mark.parametrize(
    ("function", "number", "places", "expected"),
    [
        (to_half, "60.25", 0, "60.0"),
        (to_half, "60.38", 0, "60.5"),
        (to_half, "60.28", 0, "60.5"),
        (to_half, "-60.75", 0, "-61.0"),
        (to_fifth, "830", -2, "840"),
        (to_fifth, "842", -2, "840"),
        (to_fifth, "832", -2, "840"),
        (to_fifth, "-930", -2, "-920"),
    ],
)
def test_rounding_to_half_and_to_a_fifth_of_a_unit(function, number, places, expected):
    """The figures of GB/T 8170-2008, 3.3."""
    assert function(Decimal(number), places) == Decimal(expected)


@given(st.decimals(-1000, 1000, places=6), st.integers(1, 5))
def test_significant_digits_move_a_figure_by_half_a_unit_at_most(number, digits):
    found = significant(number, digits)
    if number:
        assert abs(found - number) <= Decimal(1).scaleb(number.adjusted() - digits + 1) / 2
