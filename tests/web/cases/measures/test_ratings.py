"""Satisfaction is what proposers said of the answers, read from the ledger alone."""

from datetime import date

from jingyi.core import rulebook
from jingyi.core.measures.figures import Period
from jingyi.core.measures.rows import HIT, MISS, OUT
from jingyi.web.cases.measures import counting, listing
from jingyi.web.ledger import actions as ledger
from tests.web.cases import course

MEASURE = rulebook.measures()["satisfaction"]
ON = date(2026, 11, 20)
SATISFIED = {"satisfaction": "satisfied"}


def act(office, number, kind, facts, by, day):  # noqa: PLR0917 -- read like a row
    ledger.append(
        kind=kind, subject=f"proposal:{number}", facts=facts, by=by, at=course.noon(day), office=office,
    )  # fmt: skip


def asked(known="now", on=ON):
    return counting.Asked(on, Period(date(2026, 1, 1), on), known)


def results(code, **how):
    mine = counting.count([code], asked(**how))
    rows = mine.rows(MEASURE)
    names = mine.names(MEASURE)
    return {names[unit]: int(result) for unit, result in zip(rows.unit, rows.result, strict=True)}


def test_each_rating_counts_as_it_stands(city, alice):
    office = city.office
    act(office, 1, "proposal.rate", SATISFIED, alice, "2026-09-01")
    act(office, 2, "proposal.rate", {"satisfaction": "mostly"}, alice, "2026-09-02")
    act(office, 3, "proposal.rate", {"satisfaction": "not"}, alice, "2026-09-03")
    act(
        office, 4, "proposal.rate", {"words": "谢谢"}, alice, "2026-09-03"
    )  # of before it was noted
    act(office, 5, "proposal.rate", SATISFIED, alice, "2026-09-04")
    act(office, 5, "proposal.undone", {"step": "rate", "reason": "点错"}, alice, "2026-09-10")
    act(office, 1, "proposal.undone", {"step": "answer", "reason": "错"}, alice, "2026-09-11")
    act(city.elsewhere, 6, "proposal.rate", SATISFIED, alice, "2026-09-04")

    stands = {"1": HIT, "2": HIT, "3": MISS, "4": OUT}
    assert results(office.code) == results(office.code, known="then") == stands
    before = results(office.code, known="then", on=date(2026, 9, 5))
    assert before == stands | {"5": HIT}  # it was taken back later
    assert results(office.code, on=date(2026, 9, 2)) == {"1": HIT, "2": HIT}


def test_a_row_says_what_was_said_and_links_where_the_reader_may_go(city, alice):
    act(city.office, 7, "proposal.rate", {"satisfaction": "not"}, alice, "2026-09-03")
    mine = counting.count([city.office.code], asked())
    rows = listing.chosen(mine, MEASURE, "miss")

    (line,) = listing.lines(alice, mine, MEASURE, rows, range(len(rows)))

    assert str(line.why) == "2026-09-03 提出人评价：不满意"
    assert line.url == "/proposals/7/"
    assert results(city.elsewhere.code) == {}
