"""A case cites what was in force on the days of its fact, and nothing else."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core import domains, rulebook
from jingyi.core.basis import Facts, basis_of
from jingyi.core.refusal import Refusal

TODAY = date(2026, 11, 20)
CODE = date(2026, 8, 15)
PAIRS = [(one, track) for one in rulebook.every_domain() for track in one.procedures]
days = st.dates(date(2015, 1, 1), date(2027, 6, 1))


def asked(began, ended, domain="eco-env", procedure="administrative"):
    return basis_of(
        rulebook.domain(domain), procedure, rulebook.statutes(), Facts(began, ended),
        rulebook.instruments(), TODAY,
    )  # fmt: skip


def cited(found):
    return [*found.opens, *(one for _, held in found.topics for one in held)]


def test_acts_before_the_code_cite_the_old_statutes_and_later_ones_the_code():
    before = {one.source.instrument.id for one in cited(asked(date(2026, 3, 1), date(2026, 8, 14)))}
    after = {one.source.instrument.id for one in cited(asked(CODE, date(2026, 9, 1)))}

    assert {"environmental-protection-law", "water-pollution-law"} <= before
    assert "ecological-code" not in before
    assert "ecological-code" in after
    assert not {name for name in after if name.endswith("pollution-law")}


def test_a_repealed_article_says_what_took_its_place():
    old = asked(date(2026, 3, 1), date(2026, 3, 1))

    notes = {str(one.note) for one in cited(old) if one.source.instrument.id == "solid-waste-law"}
    assert notes == {"自 2026-08-15 起由《生态环境法典》代替；此后的事实不能引用"}


def test_a_fact_that_outlasts_a_law_names_both_and_how_it_is_read():
    found = asked(date(2026, 3, 1), None)

    (change,) = found.changes
    assert "《噪声污染防治法》" in str(change)
    assert "《生态环境法典》" in str(change)
    assert str(rulebook.statutes().change.sentence) in str(change)
    assert rulebook.statutes().change.status == "assumed"


def test_a_fact_wholly_on_one_side_needs_no_such_word():
    assert asked(date(2026, 3, 1), date(2026, 3, 9)).changes == ()
    assert asked(CODE, None).changes == ()


def test_the_end_is_not_before_the_beginning():
    with pytest.raises(Refusal, match="早于开始日"):
        Facts(date(2026, 3, 2), date(2026, 3, 1))


@given(st.sampled_from(PAIRS), days, st.integers(0, 1500) | st.none())
def test_nothing_is_cited_outside_its_force_or_outside_the_fact(pair, began, length):
    domain, track = pair
    ended = None if length is None else began + timedelta(days=length)
    facts = Facts(began, ended)

    for one in cited(asked(began, ended, domain.slug, track)):
        law = one.source.instrument
        assert law.in_force(one.since)
        assert law.in_force(one.until)
        assert began <= one.since <= one.until <= facts.last(TODAY)


@given(
    st.sampled_from(rulebook.every_domain()),
    st.sampled_from(["administrative", "civil"]),
    st.sampled_from(["county", "city", "province"]),
    days,
)
def test_a_domain_opens_on_a_statute_in_force_or_is_refused_with_the_article(
    domain, track, level, fact_on
):
    refused = ""
    opening = None
    try:
        opening = domains.may_open(domain, track, level, fact_on=fact_on)
    except domains.MayNotOpen as refusal:
        refused = str(refusal)
    if opening is None:
        assert "《" in refused or "自 " in refused
    else:
        assert opening.bases
        assert all(basis.source.instrument.in_force(fact_on) for basis in opening.bases)
