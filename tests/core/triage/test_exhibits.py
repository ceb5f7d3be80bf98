"""One lead's rank taken apart: it adds up, more evidence never lowers it, and gains are what they say."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core import rulebook
from jingyi.core.triage import exhibits, rank
from jingyi.core.triage.exhibits import Facts
from jingyi.core.triage.rank import RankRules

RULES = RankRules.of(rulebook.raw("triage/rank.toml"))
TODAY = 20_000.0
facts = st.builds(
    Facts,
    lead=st.floats(0, 1),
    harm=st.floats(0, 1),
    reporters=st.integers(1, 200),
    likes=st.integers(0, 2000),
    lift=st.floats(1, 3),
    protected=st.booleans(),
    duty=st.booleans(),
    pinned=st.booleans(),
    named=st.booleans(),
    dated=st.booleans(),
    photos=st.integers(0, 9),
    last_day=st.none() | st.floats(TODAY - 4000, TODAY),
    span_days=st.floats(0, 3000),
)


def rank_of(one):
    return float(exhibits.ranks(RULES, [one], TODAY)[0])


@given(facts)
def test_the_shares_add_up_to_the_rank(one):
    told = exhibits.explained(RULES, one, TODAY)

    assert sum(share.points for share in told) == pytest.approx(rank_of(one), abs=1e-3)
    assert {share.id for share in told} == set(RULES.weights)
    assert all(0 <= share.points <= share.most + 1e-6 for share in told)


def more(one, other):
    """Everything known of two reports of one incident."""
    days = [day for day in (one.last_day, other.last_day) if day is not None]
    top = {
        field.name: max(getattr(one, field.name), getattr(other, field.name))
        for field in fields(Facts)
        if field.name not in {"last_day", "harm_word", "reporters"}
    }
    together = max(one.reporters, other.reporters)
    return replace(one, **top, last_day=max(days, default=None), reporters=together)


@given(facts, facts)
def test_whatever_evidence_is_added_the_rank_never_falls(one, other):
    assert rank_of(more(one, other)) >= rank_of(one) - 1e-4


@given(facts)
def test_a_gain_is_the_rank_after_minus_the_rank_before(one):
    gains = exhibits.next_exhibits(RULES, one, TODAY)

    assert [g.points for g in gains] == sorted((g.points for g in gains), reverse=True)
    for gain in gains:
        assert 0 < gain.points <= 100 - rank_of(one) + 1e-3
    done = {
        "photo": replace(one, photos=1),
        "party": replace(one, duty=True),
        "dated": replace(one, dated=True),
        "pinned": replace(one, pinned=True),
        "named": replace(one, named=True),
        "reporter": replace(one, reporters=one.reporters + 1),
    }
    for gain in gains:
        if gain.id in done:
            assert rank_of(done[gain.id]) - rank_of(one) == pytest.approx(gain.points, abs=1e-3)


def test_what_is_there_is_not_asked_for():
    whole = Facts(
        lead=1,
        reporters=30,
        protected=True,
        duty=True,
        pinned=True,
        named=True,
        dated=True,
        photos=2,
    )
    assert exhibits.next_exhibits(RULES, whole, TODAY) == ()
    asked = {gain.id for gain in exhibits.next_exhibits(RULES, Facts(lead=1), TODAY)}
    assert asked == {"reporter", "photo", "party", "pinned", "named", "dated", "protected"}


def test_every_reason_reads_in_chinese_with_its_gaps_filled():
    one = Facts(lead=1, harm=0.7, harm_word="偷排", pinned=True, photos=1, lift=1.4, last_day=TODAY)
    told = {share.id: str(share.because) for share in exhibits.explained(RULES, one, TODAY)}

    assert told["harm"] == "说到“偷排”"
    assert told["evidence"] == "有位置、有照片"
    assert told["reach"] == "1 人反映，0 人赞同；当地反映少，按 1.40 倍计"


@pytest.mark.parametrize(
    ("text", "share", "word"),
    [
        ("厂里偷排，住户中毒住院", 1.0, "中毒"),
        ("河边有垃圾", 0.35, "垃圾"),
        ("请问几点开门", 0.0, ""),
    ],
)
def test_the_gravest_harm_named_counts(text, share, word):
    assert exhibits.harm_in(RULES, text) == (share, word)


def test_many_incidents_at_once_rank_as_one_by_one():
    found = [Facts(lead=0.2 * k, reporters=k + 1, photos=k) for k in range(4)]

    together = exhibits.ranks(RULES, found, TODAY)
    assert together == pytest.approx(np.array([rank_of(one) for one in found]))
    assert together.dtype == np.float32
    assert rank.rank(RULES, np.zeros(0, np.float32), exhibits.shares(RULES, [], TODAY)).shape == (
        0,
    )
