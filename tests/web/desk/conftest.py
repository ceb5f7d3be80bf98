"""A day with something late, something due and something waiting."""

import pytest

from tests.web.cases import course


@pytest.fixture
def served_case(city, chief, alice):
    """Alice's case: the suggestion was received on 1 August 2026, recorded in time."""
    case = course.case(city.office, chief, alice, organ=city.water)
    course.served(case, chief)
    course.step(case, "suggestion.recorded", "2026-08-05", alice)
    return case
