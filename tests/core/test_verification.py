"""A suggestion passes if and only if every duty is settled."""

from hypothesis import given
from hypothesis import strategies as st

from jingyi.core.verification import FINDINGS, SETTLED, duties, passes, still_open

ASKS = ["封堵暗管", "查处违法排污", "公示结果"]
ROUND = st.dictionaries(
    st.sampled_from([(n, w) for n, w in enumerate(ASKS, 1)]), st.sampled_from(FINDINGS)
)


@given(st.lists(ROUND, max_size=4))
def test_it_passes_if_and_only_if_the_last_look_at_each_duty_settled_it(rounds):
    last = {key: found for one in rounds for key, found in one.items()}

    of = duties(ASKS, rounds)

    assert passes(of) == (len(last) == len(ASKS) and all(f in SETTLED for f in last.values()))
    assert passes(of) == (not still_open(of))


def test_a_reply_alone_settles_nothing():
    assert not passes(duties(ASKS, []))


def test_without_duties_nothing_passes():
    assert not passes(duties([], []))


def test_an_amended_duty_is_a_new_one():
    (duty,) = still_open(duties(["封堵暗管和明渠"], [{(1, "封堵暗管"): "fixed"}]))

    assert duty.findings == ()
