"""When closed cases are visited again, and what a new matter may be a relapse of."""

from datetime import date

import pytest

from jingyi.core import rulebook, verification_book
from jingyi.core.lookback import Matter, near, visits

BOOK = verification_book.lookback()
HOME = (117.0, 33.6)
OLD = Matter("2026-0001", "eco-env", date(2026, 3, 1), "zy-water", HOME)


def lead(**values):
    return Matter(
        **({"ref": "L1", "domain": "eco-env", "on": date(2026, 9, 1), "where": HOME} | values)
    )


def test_every_domain_has_a_rule_and_its_visits_come_after_the_closing():
    for domain in rulebook.every_domain():
        days = visits(BOOK.rule(domain.slug), date(2026, 11, 30))
        assert days == tuple(sorted(days))
        assert days[0] > date(2026, 11, 30)


def test_the_environment_is_visited_after_three_months_and_a_year():
    assert visits(BOOK.rule("eco-env"), date(2026, 11, 30)) == (
        date(2027, 2, 28),
        date(2027, 11, 30),
    )


def test_only_what_was_rectified_is_visited_again():
    assert BOOK.follows("case.terminated", "ground.rectified")
    assert not BOOK.follows("case.terminated", "ground.no-breach")
    assert BOOK.follows("case.concluded", "")


def test_a_lead_at_the_place_of_a_closed_case_is_offered_with_the_reason():
    (found,) = near(lead(where=(117.002, 33.6)), [OLD], BOOK)

    assert found.closed is OLD
    assert "相距 185 米" in str(found.because)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"where": (117.01, 33.6)}, id="too far"),
        pytest.param({"where": None}, id="place unknown"),
        pytest.param({"domain": "heritage"}, id="another domain"),
        pytest.param({"organ": "zy-market"}, id="another organ"),
        pytest.param({"on": date(2026, 2, 1)}, id="before the closing"),
        pytest.param({"on": date(2031, 3, 2)}, id="years later"),
        pytest.param({"ref": "2026-0001"}, id="the case itself"),
    ],
)
def test_anything_else_is_not(values):
    assert near(lead(**values), [OLD], BOOK) == []
