"""Names of items and units, and conversion."""

from fractions import Fraction

import pytest

from jingyi.core.lab import book
from jingyi.core.lab.units import UnknownUnit, factor, heading


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("氨氮(mg/L)", "ammonia-nitrogen"),
        ("NH3-N", "ammonia-nitrogen"),
        ("氨氮（以N计）", "ammonia-nitrogen"),
        ("pH(无量纲)", "ph"),
        ("铬(六价)", "chromium-6"),
        ("Cr6+", "chromium-6"),
        ("叶绿素α(mg/L)", "chlorophyll-a"),
        ("高锰酸盐指数 (mg/L)", "permanganate-index"),
        ("总　磷", "total-phosphorus"),
    ],
)
def test_an_item_is_known_by_its_heading(name, item):
    assert book.names().item(name).id == item


def test_what_nobody_knows_is_no_item():
    assert book.names().item("备注") is None


@pytest.mark.parametrize("micro", ["μg/L", "µg/L", "ug/l", "微克/升"])
def test_both_signs_of_micro_and_the_letter_are_one_unit(micro):
    item = book.names().item("砷")
    assert book.names().unit(item, micro).id == "μg/L"


@pytest.mark.parametrize(
    ("item", "of", "to", "by"),
    [
        ("砷", "μg/L", "mg/L", Fraction(1, 1000)),
        ("砷", "ng/L", "μg/L", Fraction(1, 1000)),
        ("土壤镉", "g/kg", "mg/kg", Fraction(1000)),
        ("粪大肠菌群", "MPN/100mL", "个/L", Fraction(10)),
        ("氨氮", "μmol/L", "mg/L", Fraction("0.014007")),
        ("电导率", "mS/m", "μS/cm", Fraction(10)),
    ],
)
def test_units_are_converted_exactly(item, of, to, by):
    names = book.names()
    known = names.item(item)
    assert factor(known, names.unit(known, of), names.unit(known, to)) == by


@pytest.mark.parametrize(("item", "unit"), [("氨氮", "ppm"), ("氨氮", ""), ("高锰酸盐指数", "mmol/L"), ("土壤镉", "mg/L")])  # fmt: skip
def test_a_unit_that_would_have_to_be_guessed_is_refused(item, unit):
    names = book.names()
    with pytest.raises(UnknownUnit, match="可用"):
        names.unit(names.item(item), unit)


def test_a_heading_is_a_name_and_a_unit():
    assert heading("总磷(mg/L)") == ("总磷", "mg/L")
    assert heading("pH") == ("pH", "")
