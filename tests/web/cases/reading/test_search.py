"""Search in the pages of a case's files."""

import pytest

from jingyi.web.cases.reading import search
from jingyi.web.cases.reading.models import Page
from tests.web.cases.reading.conftest import add_read

pytestmark = pytest.mark.django_db


def found(text):
    return [(page.number, len(hits)) for page, _, hits in search.search(Page.objects.all(), text)]


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("排污口", [(1, 1)]),
        ("超标三倍", [(1, 1)]),  # across a line's end
        ("管", [(2, 1)]),  # one character
        ("cod120", [(2, 1)]),
        ("120", [(2, 1)]),  # the beginning of a longer word
        ("暗管 笔录", [(2, 2)]),
        ("暗管 排污口", []),  # on two pages, not on one
        ("污染", []),
        ("' OR 1 --", []),
        ('"采样日期"', [(1, 1)]),
        ("   ", []),
    ],
)
def test_words_are_found_where_they_stand(file, text, pages):
    assert found(text) == pages


def test_the_index_only_narrows(case, alice):
    """All pairs stand on the page, the phrase does not."""
    add_read(case, alice, texts=(("排污", "污口在此", "口排污"),))

    assert found("排污口") == []
    assert found("排污污口") == [(1, 1)]
