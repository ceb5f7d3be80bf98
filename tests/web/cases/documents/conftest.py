"""A case whose investigation is over, with exhibits and facts, and the suggestion made of them."""

from datetime import date

import pytest

from jingyi.core import rulebook
from jingyi.core.law import Source
from jingyi.web.cases.documents import actions
from jingyi.web.evidence.actions import seal
from tests.web.cases import course

NOW = course.noon("2026-11-20")
FOUND = (
    ("harm", "东津河下游三百米水体发黑，氨氮超标。", ("exhibit:1", "exhibit:2"), ()),
    ("duty", "你单位负责本市排水设施的监督管理。", (), ("第一千零七十六条",)),
    ("breach", "接到群众反映后四十日未予查处。", ("exhibit:1",), ("第一千零七十六条",)),
    ("ask", "封堵暗管", (), ()),
    ("ask", "查处违法排污行为", (), ()),
)


def law(article, instrument="ecological-code"):
    return Source(rulebook.instruments()[instrument], article)


def exhibit(case, by, name="现场勘验笔录.pdf", kind="survey"):
    blob = seal(chunks=[name.encode()], media_type="application/pdf", at=NOW)
    return actions.add_exhibit(case=case, blob=blob, name=name, kind=kind, by=by, at=NOW)


def fact(case, by, kind, text, exhibits=(), articles=(), *, on=date(2026, 8, 18)):  # noqa: PLR0917 -- read like a row
    return actions.enter_fact(
        case=case, kind=kind, text=text, on=on, exhibits=exhibits,
        articles=[law(article) for article in articles], by=by, at=NOW,
    )  # fmt: skip


@pytest.fixture
def investigated(case, alice):
    """The case of Alice with its investigation concluded, and nothing found yet."""
    course.step(case, "case.served", "2026-07-03", alice)
    course.step(case, "investigation.planned", "2026-07-06", alice)
    course.step(case, "investigation.concluded", "2026-08-20", alice)
    return case


@pytest.fixture
def proved(investigated, alice):
    """The same with two exhibits and the facts that a suggestion needs."""
    exhibit(investigated, alice)
    exhibit(investigated, alice, "水质检测报告.pdf", "appraisal")
    for kind, text, exhibits, articles in FOUND:
        fact(investigated, alice, kind, text, exhibits, articles)
    return investigated


@pytest.fixture
def suggestion(proved, alice):
    """Its suggestion, first version."""
    return actions.draft_document(case=proved, kind="suggestion", by=alice, at=NOW)
