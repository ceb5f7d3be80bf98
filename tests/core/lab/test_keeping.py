"""How long and how cold samples are kept, and what a late one is marked with."""

from datetime import UTC, date, datetime, timedelta

import pytest

from jingyi.core.lab import book
from jingyi.core.lab.keeping import wrong_with

TAKEN = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)
ON = date(2026, 8, 3)


@pytest.mark.parametrize(
    ("item", "hours", "temperature", "marks"),
    [
        ("cod", 24, 4, 0),
        ("cod", 24.1, 4, 1),
        ("cod", 25, 9.5, 2),
        ("cod", 2, None, 0),
        ("faecal-coliform", 6.5, 3, 1),
        ("lead", 330, 20, 0),
        ("dissolved-oxygen", 0.5, None, 0),
        ("dissolved-oxygen", 3, None, 1),
        ("cod", -1, 4, 1),
    ],
)
def test_what_was_kept_too_long_or_too_warm_is_marked(item, hours, temperature, marks):
    kept = book.keeping().of(item, "surface-water", ON)
    found = wrong_with(
        kept, taken_at=TAKEN, measured_at=TAKEN + timedelta(hours=hours), temperature=temperature
    )
    assert len(found) == marks
    assert all(str(one) for one in found)


def test_the_book_says_nothing_of_what_it_does_not_know():
    assert book.keeping().of("cod", "soil", ON) is None
    assert book.keeping().of("cod", "surface-water", date(2000, 1, 1)) is None


def test_the_shortest_time_comes_first():
    found = book.keeping().for_items(["lead", "faecal-coliform", "cod"], "surface-water", ON)
    assert [item for item, _ in found] == ["faecal-coliform", "cod", "lead"]
