"""Double-blind marks, and satisfaction that shows no share of a few."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core.talent import book, graded, share

MARK = st.integers(0, 100)


@pytest.mark.parametrize(
    ("marks", "mark", "third"),
    [
        ([], None, False),
        ([80], None, False),
        ([80, 70], 75, False),
        ([80, 65], 72.5, False),  # just at the threshold
        ([80, 64], None, True),
        ([80, 64, 66], 66, True),
        ([80, 64, 100], 80, True),
        ([80, 64, 10], 64, True),
        ([80, 70, 0], 75, False),  # a third mark nobody needed does not count
    ],
)
def test_a_mark_is_the_mean_or_after_a_third_reader_the_median(marks, mark, third):
    found = graded(marks, 15)
    assert (found.mark, found.third) == (mark, third)


@given(MARK, MARK, MARK, st.integers(1, 40))
def test_the_order_of_the_two_readers_does_not_matter(one, two, three, threshold):
    found = graded([one, two, three], threshold)
    assert found.mark == graded([two, one, three], threshold).mark
    assert min(one, two, three) <= found.mark <= max(one, two, three)


def test_few_answers_show_only_n():
    assert share([5, 1, 4, 2], 5).content is None
    assert share([5, 1, 4, 2, 3], 5).content == 2
    assert share([], 5).n == 0


def test_every_audience_is_asked_something():
    asked = {name for one in book().questions.values() for name in one.audiences}
    assert asked == set(book().audiences)
    assert "hard-case" in book().tasks
