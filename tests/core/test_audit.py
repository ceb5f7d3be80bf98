"""The audit: a sample anyone can draw again, and an interval that holds what is true."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core import audit, rulebook
from jingyi.core.audit import AuditRules, Read, Stratum
from jingyi.core.refusal import Refusal

RULES = AuditRules(0.95, (Stratum(0.05, 20), Stratum(0.2, 10), Stratum(1.01, 10)))


def scores(n):
    return {f"i{k}": (k * 7 % 100) / 200 for k in range(n)}


def test_the_rulebook_has_strata_by_rising_score_and_reads_something_of_each():
    rules = AuditRules.of(rulebook.raw("triage/audit.toml"))

    assert [one.below for one in rules.strata] == sorted({one.below for one in rules.strata})
    assert rules.strata[-1].below > 1
    assert all(one.read > 0 for one in rules.strata)


def test_the_same_seed_draws_the_same_sample_whatever_the_order():
    given_ = scores(300)
    turned = dict(reversed(given_.items()))

    assert audit.draw(RULES, given_, "s") == audit.draw(RULES, turned, "s")
    assert audit.draw(RULES, given_, "s") != audit.draw(RULES, given_, "t")


def test_each_stratum_gives_what_the_rule_says_or_all_it_has():
    drawn = audit.draw(RULES, scores(300), "s")

    per = [sum(n == k for _, n in drawn.chosen) for k in range(3)]
    assert sum(drawn.sizes) == 300
    assert per == [
        min(rule.read, size) for rule, size in zip(RULES.strata, drawn.sizes, strict=True)
    ]
    few = audit.draw(RULES, {"a": 0.01, "b": 0.4}, "s")
    assert (few.sizes, len(few.chosen)) == ((1, 0, 1), 2)


def test_nothing_to_draw_from_is_refused():
    with pytest.raises(Refusal):
        audit.draw(RULES, {}, "s")


def test_every_incident_is_as_likely_to_be_drawn():
    names = {f"i{k}": 0.01 for k in range(60)}
    seen = dict.fromkeys(names, 0)
    for n in range(600):
        for name, _ in audit.draw(RULES, names, str(n)).chosen:
            seen[name] += 1

    # 600 draws of 20 of 60: each 200 times, give or take 11.5
    assert min(seen.values()) > 200 - 5 * 11.5
    assert max(seen.values()) < 200 + 5 * 11.5


def tail(size, read, leads, held):
    """P(at most `leads` of `read` drawn), by counting: the slow, honest way."""
    return sum(
        math.comb(held, k) * math.comb(size - held, read - k) for k in range(leads + 1)
    ) / math.comb(size, read)


strata = st.integers(0, 12).flatmap(
    lambda size: st.integers(0, size).flatmap(
        lambda read: st.integers(0, read).map(lambda leads: Read(size, read, leads))
    )
)


@settings(max_examples=60, deadline=None)
@given(st.lists(strata, min_size=1, max_size=3))
def test_the_bound_is_that_of_trying_every_way_the_leads_may_lie(found):
    def not_refuted(held):
        value, unsure = 1.0, 0
        for one, m in zip(found, held, strict=True):
            if one.read and not one.leads <= m <= one.size - one.read + one.leads:
                return False  # against what was seen
            if 0 < one.read < one.size:
                value *= tail(one.size, one.read, one.leads, m)
                unsure += 1
        t = -math.log(value)
        chance = math.exp(-t) * sum(t**j / math.factorial(j) for j in range(unsure))
        return not unsure or chance >= 0.025 - 1e-9

    ways = product(*(range(one.size + 1) for one in found))
    largest = max(sum(held) for held in ways if not_refuted(held))
    assert audit.most(found, 0.025) == largest


@settings(max_examples=100, deadline=None)
@given(st.lists(strata, min_size=1, max_size=4), st.integers(0, 50))
def test_the_interval_holds_the_estimate_and_what_was_seen(found, desk):
    told = audit.missed(found, found=desk, confidence=0.95)

    assert told.leads <= told.low <= told.estimate <= told.high
    assert told.high <= told.size - sum(one.read - one.leads for one in found)
    assert 0 <= told.share_low <= told.share_high <= 1


def test_all_read_is_known_exactly():
    told = audit.missed([Read(40, 40, 3), Read(5, 5, 5)], found=24, confidence=0.95)

    assert (told.low, told.estimate, told.high) == (8, 8, 8)
    assert told.share == pytest.approx(0.25)


def test_nothing_read_is_not_known_at_all():
    told = audit.missed([Read(40, 0, 0)], found=10, confidence=0.95)

    assert (told.low, told.high) == (0, 40)


@pytest.mark.parametrize(
    "truth",
    [
        pytest.param((0, 0, 0), id="none-missed"),
        pytest.param((5, 10, 20), id="more-where-the-score-is-high"),
        pytest.param((200, 0, 0), id="where-triage-was-sure"),
        pytest.param((60, 40, 25), id="everywhere"),
        pytest.param((1, 0, 0), id="one"),
    ],
)
def test_the_interval_covers_the_truth_at_least_as_often_as_it_says(truth):
    sizes, reads = (2000, 300, 100), (30, 20, 20)
    chance = np.random.default_rng(20261123)
    runs, covered, known = 1000, 0, {}
    drawn = [
        chance.hypergeometric(m, size - m, read, runs)
        for m, size, read in zip(truth, sizes, reads, strict=True)
    ]
    for leads in zip(*drawn, strict=True):
        if leads not in known:
            found = [Read(*one) for one in zip(sizes, reads, map(int, leads), strict=True)]
            known[leads] = audit.missed(found, found=100, confidence=0.95)
        covered += known[leads].low <= sum(truth) <= known[leads].high

    assert covered / runs >= 0.95
