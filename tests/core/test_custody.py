"""The chain of custody: who may do what when, table by table, and no way around it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingyi.core import evidence_book
from jingyi.core.custody import Act, Kind, allow, gaps, open_to, stand
from jingyi.core.refusal import Refusal

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine

NOON = datetime(2026, 8, 3, 4, 0, tzinfo=UTC)
ANN, BEN, CAI = 1, 2, 3
LIMITS = evidence_book.custody()


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
        ([FIRST, GIVEN], act("refused", by=CAI, intact=True, hours=2), "理由"),
        ([FIRST, GIVEN], act("accepted", by=CAI, intact=False, hours=2), "状况"),
        ([FIRST, GIVEN], act("accepted", by=CAI, intact=False, condition="破口", hours=2), ""),
        ([FIRST, GIVEN], act("withdrawn", hours=2), ""),
        ([FIRST, GIVEN], act("withdrawn", by=CAI, hours=2), "现在的保管人"),
        ([FIRST], act("withdrawn"), "没有等待接收"),
        ([FIRST, GIVEN], act("offered", to=BEN, hours=2), "等待接收人"),
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
    condition=st.sampled_from(["", "破口"]),
    device=st.sampled_from(["", "手机"]),
    clock_offset_s=st.sampled_from([None, 0.0, 300.0]),
)


@CALM
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


def said(chain, hours=0.0):
    return [str(one) for one in gaps(chain, NOON + timedelta(hours=hours), LIMITS)]


OPENED = act("opened", intact=True, hours=10)


@pytest.mark.parametrize(
    ("chain", "now", "expected"),
    [
        pytest.param([FIRST], 900, [], id="sealed-and-held"),
        pytest.param([act("collected", second=BEN)], 1, ["没有登记过封签"], id="never-sealed"),
        pytest.param([FIRST, GIVEN], 20, [], id="waiting-less-than-a-day"),
        pytest.param([FIRST, GIVEN], 26, ["25 小时还没有人确认"], id="waiting"),
        pytest.param([FIRST, GIVEN, act("accepted", by=CAI, intact=True, hours=40)], 41, ["39 小时才有人确认"], id="late"),
        pytest.param([FIRST, GIVEN, act("accepted", by=CAI, intact=False, condition="破口", hours=2)], 3, ["不完好：破口"], id="broken"),
        pytest.param([FIRST, GIVEN, act("refused", by=CAI, intact=True, reason="无标签", hours=2)], 3, ["拒收：无标签"], id="refused"),
        pytest.param([FIRST, OPENED], 12, [], id="just-opened"),
        pytest.param([FIRST, OPENED], 40, ["30 小时没有封存"], id="open"),
        pytest.param([FIRST, OPENED, act("sealed", seal="F2", hours=12)], 99, [], id="sealed-again"),
        pytest.param([FIRST, OPENED, act("sealed", seal="F2", hours=50)], 99, ["40 小时没有封存"], id="sealed-late"),
        pytest.param([FIRST, OPENED, act("disposed", second=BEN, reason="到期", hours=11)], 99, [], id="disposed"),
        pytest.param([FIRST, OPENED, act("offered", to=CAI, hours=11)], 12, ["移交时没有封签"], id="moved-open"),
        pytest.param([act("collected", second=BEN, seal="F1", entered=NOON + timedelta(hours=30))], 31, ["30 小时才登记"], id="entered-late"),
        pytest.param([act("collected", second=BEN, seal="F1", device="手机")], 1, ["没有核对设备"], id="clock-unknown"),
        pytest.param([act("collected", second=BEN, seal="F1", device="手机", clock_offset_s=12.0)], 1, [], id="clock-good"),
        pytest.param([act("collected", second=BEN, seal="F1", device="手机", clock_offset_s=-3600.0)], 1, ["相差 -3600 秒"], id="clock-off"),
    ],
)  # fmt: skip
def test_what_a_court_would_ask_about(chain, now, expected):
    found = said(chain, now)

    assert len(found) == len(expected)
    assert all(words in one for words, one in zip(expected, found, strict=True))


@CALM
@given(st.lists(acts, max_size=25), st.integers(0, 900))
def test_gaps_can_always_be_told(tried, now):
    assert all(said(tried, now))
