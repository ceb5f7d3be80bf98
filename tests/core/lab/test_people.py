"""Who may take, measure and verify: every pair of roles once."""

import pytest

from jingyi.core.lab.people import Hands, corrects, samplers, verifies
from jingyi.core.refusal import Refusal

HANDS = Hands(samplers=frozenset({1, 2}), analyst=3)


@pytest.mark.parametrize(
    ("who", "may_verify", "may_correct"),
    [(1, False, False), (2, False, False), (3, False, True), (4, True, False)],
    ids=["first sampler", "second sampler", "analyst", "another"],
)
def test_nobody_verifies_what_they_had_a_hand_in(who, may_verify, may_correct):
    for allowed, guard in ((may_verify, verifies), (may_correct, corrects)):
        if allowed:
            guard(HANDS, who)
        else:
            with pytest.raises(Refusal):
                guard(HANDS, who)


def test_two_take_a_sample():
    samplers(1, 2)
    with pytest.raises(Refusal, match="两人"):
        samplers(1, 1)
