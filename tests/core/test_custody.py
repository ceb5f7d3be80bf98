"""The chain of custody: who may do what when, table by table, and no way around it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core.custody import Act, Kind, allow, gaps, open_to, stand
from jingyi.core.refusal import Refusal

NOON = datetime(2026, 8, 3, 4, 0, tzinfo=UTC)
ANN, BEN, CAI = 1, 2, 3


def act(kind, by=ANN, hours=0.0, **values):
    return Act(Kind(kind), by, NOON + timedelta(hours=hours), **values)


FIRST = act("collected", second=BEN, seal="F1")
GIVEN = act("offered", to=CAI, hours=1)
TAKEN = act("accepted", by=CAI, intact=True, hours=2)


@pytest.mark.parametrize(
    ("before", "after", "refused"),
    [
        ([], FIRST, ""),
        ([], act("collected"), "两人"),
        ([], act("collected", second=ANN), "两人"),
        ([], act("opened", intact=True), "没有登记提取"),
        ([FIRST], FIRST, "已经登记过"),
        ([FIRST], GIVEN, ""),
        ([FIRST], act("offered", to=ANN), "自己"),
        ([FIRST], act("offered", by=BEN, to=CAI), "现在的保管人"),
        ([FIRST], act("accepted", by=CAI, intact=True), "没有等待接收"),
        ([FIRST, GIVEN], TAKEN, ""),
        ([FIRST, GIVEN], act("accepted", by=BEN, intact=True, hours=2), "写明的接收人"),
        ([FIRST, GIVEN], act("accepted", by=CAI, hours=2), "封签是否完好"),
        ([FIRST, GIVEN], act("refused", by=CAI, intact=False, hours=2), "理由"),
        ([FIRST, GIVEN], act("opened", intact=True, hours=2), "等待接收人"),
        ([FIRST, GIVEN, TAKEN], act("opened", intact=True, hours=3), "现在的保管人"),
        ([FIRST, GIVEN, TAKEN], act("opened", by=CAI, intact=True, hours=3), ""),
        ([FIRST, GIVEN, TAKEN], act("opened", by=CAI, hours=3), "封签是否完好"),
        ([FIRST, GIVEN, TAKEN], act("opened", by=CAI, intact=True, hours=0), "早于上一环节"),
        ([FIRST], act("tested"), "没有登记拆封"),
        ([FIRST], act("sealed", seal="F2"), "已经封存"),
        ([FIRST], act("disposed", second=BEN), "理由"),
        ([FIRST], act("disposed", reason="到期"), "两人"),
        ([FIRST], act("disposed", second=BEN, reason="到期"), ""),
        ([FIRST, act("disposed", second=BEN, reason="到期")], act("tested"), "已经结束"),
    ],
)
def test_what_is_allowed_after_what(before, after, refused):
    if refused:
        with pytest.raises(Refusal, match=refused):
            allow(stand(before), after)
    else:
        allow(stand(before), after)


acts = st.builds(
    act,
    st.sampled_from(list(Kind)),
    by=st.sampled_from([ANN, BEN, CAI]),
    hours=st.integers(0, 30),
    second=st.sampled_from([None, ANN, BEN]),
    to=st.sampled_from([None, ANN, BEN, CAI]),
    seal=st.sampled_from(["", "F1"]),
    intact=st.sampled_from([None, True, False]),
    reason=st.sampled_from(["", "到期"]),
)


@given(st.lists(acts, max_size=25))
def test_somebody_always_answers_for_it_until_it_ends(tried):
    chain = []
    for one in tried:
        here = stand(chain)
        try:
            after = allow(here, one)
        except Refusal:
            continue
        assert one.kind in open_to(here, one.by), "what is allowed is offered"
        chain.append(one)
        assert after == stand(chain)
        assert (after.holder is None) is after.ended
        if one.kind is not Kind.ACCEPTED and here.holder is not None and not after.ended:
            assert after.holder == here.holder, "only the receiver's word moves it"


def test_what_a_court_would_ask_about():
    late = act("accepted", by=CAI, intact=False, hours=40)
    said = [str(one) for one in gaps([FIRST, GIVEN, late], NOON)]
    assert len(said) == 2
    assert "39 小时" in said[0]
    assert "封签不完好" in said[1]
    bare = act("collected", second=BEN)
    assert "没有封存过" in str(gaps([bare], NOON)[0])


def test_an_open_hand_over_shows_after_a_day():
    assert not [
        one for one in gaps([FIRST, GIVEN], NOON + timedelta(hours=20)) if "移交" in str(one)
    ]
    assert [one for one in gaps([FIRST, GIVEN], NOON + timedelta(hours=26)) if "移交" in str(one)]
