"""Which limit a result has to keep, in the unit of the method."""

import pytest

from jingyi.core.lab import book
from jingyi.core.lab.ruling import as_written, bound_of, read
from jingyi.core.lab.uncertainty import Interval
from jingyi.core.lab.values import NotAResult, parse
from jingyi.core.lab.verdicts import Sign
from jingyi.core.refusal import Refusal


def bound(standard, item, unit, level, **said):
    names = book.names()
    of, table = names.items[item], book.standard(standard)
    return bound_of(table, of, names.unit(of, unit), table.settled(said), level)


@pytest.mark.parametrize(
    ("item", "unit", "level", "interval", "shown"),
    [
        ("ammonia-nitrogen", "mg/L", 2, Interval(upper=1.0), "1 mg/L"),
        ("ammonia-nitrogen", "μg/L", 2, Interval(upper=1000.0), "1000 μg/L"),
        ("dissolved-oxygen", "mg/L", 2, Interval(lower=5.0), "≥ 5 mg/L"),
        ("ph", "", 2, Interval(6, 9), "6～9"),
    ],
)
def test_a_limit_in_the_unit_of_the_method(item, unit, level, interval, shown):
    found = bound("gb3838-2002", item, unit, level, body="river")
    assert (found.interval, found.shown) == (interval, shown)


def test_river_and_lake_differ():
    assert bound("gb3838-2002", "total-phosphorus", "mg/L", 2, body="river").interval.upper == 0.2
    assert bound("gb3838-2002", "total-phosphorus", "mg/L", 2, body="lake").interval.upper == 0.05


def test_no_limit_is_no_verdict():
    with pytest.raises(Refusal, match="没有规定"):
        bound("gb3838-2002", "nickel", "mg/L", 2, body="river")


def test_what_an_analyst_writes():
    assert read("<0.02", sign_only=False) == parse("<0.02")
    assert read("阳性", sign_only=True) is Sign.POSITIVE
    assert read("", sign_only=True) is None
    with pytest.raises(NotAResult, match="阴性"):
        read("0.4", sign_only=True)
    unit = book.names().unit(book.names().items["cod"], "mg/L")
    assert as_written(parse("31"), unit) == "31 mg/L"
    assert as_written(Sign.NEGATIVE, unit) == "阴性"
