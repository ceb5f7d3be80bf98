"""The public's vote: counted from its file alone, changed files refused, bursts told with figures."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core.judging import ballots, bursts
from jingyi.core.judging.bursts import Vote
from jingyi.core.refusal import Refusal

ENTRIES = ("甲", "乙", "丙")


def cast(*choices):
    return [ballots.fill(ballots.mark_of(f"s{n}"), c, ENTRIES, 2) for n, c in enumerate(choices)]


@given(
    st.lists(st.lists(st.sampled_from(ENTRIES), min_size=1, max_size=2, unique=True), max_size=30)
)
def test_the_file_counts_what_was_cast_and_stands_under_its_root(choices):
    file, root = ballots.published(cast(*choices))
    tally = ballots.count(file, 2)
    assert tally.root == root
    assert tally.ballots == len(choices)
    for entry in ENTRIES:
        assert tally.votes.get(entry, 0) == sum(entry in one for one in choices)
    for n, chosen in enumerate(choices):
        assert ballots.found(file, f"s{n}").choices == tuple(sorted(chosen))
    assert ballots.found(file, "another") is None


@pytest.mark.parametrize("chosen", [[], ["甲", "甲"], ["甲", "乙", "丙"], ["丁"]])
def test_a_ballot_against_the_rules_is_refused(chosen):
    with pytest.raises(Refusal):
        ballots.fill(ballots.mark_of("s"), chosen, ENTRIES, 2)


def test_a_changed_file_is_refused_or_has_another_root():
    file, root = ballots.published(cast(["甲"], ["乙"], ["甲", "丙"]))
    lines = file.splitlines()
    for other in (lines[:2], [*lines, lines[0]], lines[::-1], [lines[0] + b" ", *lines[1:]]):
        try:
            assert ballots.count(b"\n".join(other), 2).root != root
        except Refusal:
            continue
    swapped = file.replace("甲".encode(), "乙".encode(), 1)
    assert ballots.count(swapped, 2).root != root


def test_two_ballots_of_one_voter_are_not_published():
    one = cast(["甲"])[0]
    with pytest.raises(Refusal, match="印记"):
        ballots.published([one, one])


def test_an_hour_that_breaks_out_is_told_and_a_quiet_vote_is_not():
    quiet = [Vote("甲", n % 48, secrets.token_hex(4)) for n in range(480)]
    assert not bursts.found(quiet, 48)
    script = [Vote("甲", 30, secrets.token_hex(4)) for _ in range(200)]
    struck = bursts.found(quiet + script, 48)
    assert [one.entry for one in struck] == ["甲"]
    assert "第 31 小时" in str(struck[0].why)
    assert len(struck[0].votes) == 210


def test_many_from_one_network_are_told():
    spread = [Vote("乙", n % 40, f"n{n}") for n in range(60)]
    same = [Vote("乙", n % 40, "one") for n in range(40)]
    struck = bursts.found(spread + same, 40)
    assert [str(one.why) for one in struck] == ["100 票中有 40 票来自同一个网络"]
