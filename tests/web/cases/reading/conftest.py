"""A case with files in its reading room, read once for the tests that only look."""

import pytest

from jingyi.core.reading.page import Box, Line
from jingyi.engines.reading.pages import PageRead
from jingyi.web.cases.documents.actions import add_exhibit
from jingyi.web.cases.reading.actions import pages
from jingyi.web.cases.reading.files import file_for
from jingyi.web.cases.reading.models import Reading
from jingyi.web.evidence.actions import seal
from tests.web.cases import course

TEXTS = (
    ("水质监测报告", "采样地点:东津河上游排污口。", "采样日期:2026年3月1日,超标三", "倍,3月8日复查仍在排放。"),
    ("现场勘验笔录", "暗管直径三十厘米,COD 120mg/L。"),
)  # fmt: skip


def read(number, lines):
    """A page as the engine reads it: a line each twentieth of the page."""
    return PageRead(
        number, 1400, 2000, "ocr",
        tuple(Line(text, Box(0.1, 0.05 * n, 0.8, 0.04), 0.98) for n, text in enumerate(lines, 1)),
        b"RIFF page %d" % number + str(lines).encode(), b"RIFF thumb %d" % number,
    )  # fmt: skip


def add_read(case, by, *, name="监测报告.pdf", texts=TEXTS, data=None, at="2026-11-20"):
    """An exhibit whose pages have been read."""
    when = course.noon(at)
    blob = seal(
        chunks=[data or f"{case.ref}{name}{texts}".encode()], media_type="application/pdf", at=when
    )
    found = add_exhibit(
        case=case, blob=blob, name=name, kind="appraisal", source="监测站", by=by, at=when
    )
    reading = Reading.objects.create(blob=blob, queued_at=when)
    pages.begin(reading=reading, pages=len(texts))
    for number, lines in enumerate(texts, 1):
        pages.keep_page(reading=reading, page=read(number, lines), seconds=2.0, at=when)
    pages.finish(reading=reading)
    return file_for(case, f"exhibit-{found.number}")


@pytest.fixture
def file(case, alice):
    return add_read(case, alice)


@pytest.fixture
def page(file):
    return file.reading.leaves.get(number=1)


@pytest.fixture
def other(city, chief, alice):
    """Another case of the same office."""
    return course.case(city.office, chief, alice, organ=city.water)
