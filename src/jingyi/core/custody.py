"""The chain of custody: who holds a piece of evidence, under which seal, and what may be done next.

What happened is a list of acts, never changed; where it stands follows from them. A hand-over has
two sides: until the receiver confirms it, the giver still answers for it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from jingyi.core.law import STATUSES, Instrument, Source, read_source
from jingyi.core.refusal import Refusal
from jingyi.core.tables import Table
from jingyi.core.words import Sentence, say


class Kind(StrEnum):
    """What can happen to a piece of evidence."""

    COLLECTED = "collected"
    SEALED = "sealed"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by the giver, before anybody confirmed
    OPENED = "opened"
    TESTED = "tested"
    RETURNED = "returned"
    DISPOSED = "disposed"


@dataclass(frozen=True, slots=True)
class Limits:
    """rulebook/custody.toml: beyond what a chain shows a gap."""

    unconfirmed: timedelta
    entered_late: timedelta
    open: timedelta
    clock_offset_s: int
    source: Source
    status: str


@dataclass(frozen=True, slots=True)
class Act:
    """One act. People by id; `second` where two have to be there; `intact`: the seal, as found.

    `entered` is when it was written down; `clock_offset_s` is the device's clock less the server's.
    """

    kind: Kind
    by: int
    at: datetime
    second: int | None = None
    to: int | None = None
    seal: str = ""
    intact: bool | None = None
    reason: str = ""
    condition: str = ""
    entered: datetime | None = None
    device: str = ""
    clock_offset_s: float | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a piece stands. `offered_to`: who has yet to confirm; `seal`: "" while it is open."""

    holder: int | None = None
    offered_to: int | None = None
    seal: str = ""
    ended: bool = False
    last: datetime | None = None


def stand(acts: Iterable[Act]) -> Standing:
    """Return where a piece stands after acts that were each allowed."""
    found = Standing()
    for act in acts:
        found = _after(found, act)
    return found


def allow(here: Standing, act: Act) -> Standing:  # noqa: C901, PLR0912 -- one case for each kind
    """Return where a piece stands after one more act.

    Raises:
        Refusal: it cannot be done now, not by this person, or without another.
    """
    _refuse_out_of_order(here, act)
    alone = act.second is None or act.second == act.by
    match act.kind:
        case Kind.COLLECTED:
            if alone:
                raise Refusal("提取证据要两人在场：请选另一个人。")
        case Kind.OFFERED:
            if act.to is None or act.to == act.by:
                raise Refusal("请选择移交给谁；不能移交给自己。")
        case Kind.ACCEPTED | Kind.REFUSED:
            _answer(here, act)
        case Kind.SEALED:
            if here.seal:
                raise Refusal("已经封存，封签号 {seal}。要重新封存，先登记拆封。", seal=here.seal)
            if not act.seal.strip():
                raise Refusal("请填写封签号。")
        case Kind.OPENED:
            if not here.seal:
                raise Refusal("没有封存，不需要登记拆封。")
            if act.intact is None:
                raise Refusal("请写明拆封时封签是否完好。")
        case Kind.TESTED:
            if here.seal:
                raise Refusal("封签 {seal} 还没有登记拆封，不能检验。", seal=here.seal)
        case Kind.RETURNED | Kind.DISPOSED:
            if alone:
                raise Refusal("发还和处置要两人在场：请选另一个人。")
            if not act.reason.strip():
                raise Refusal("请写明发还或者处置的理由。")
    return _after(here, act)


def open_to(here: Standing, who: int) -> list[Kind]:
    """Return what one person may do now."""
    if here.ended:
        return []
    if here.last is None:
        return [Kind.COLLECTED]
    if here.offered_to is not None:
        if who == here.offered_to:
            return [Kind.ACCEPTED, Kind.REFUSED]
        return [Kind.WITHDRAWN] if who == here.holder else []
    if who != here.holder:
        return []
    sealed = [Kind.OPENED] if here.seal else [Kind.SEALED, Kind.TESTED]
    return [Kind.OFFERED, *sealed, Kind.RETURNED, Kind.DISPOSED]


def read_limits(top: Table, instruments: dict[str, Instrument]) -> Limits:
    """Read rulebook/custody.toml."""
    limits = Limits(
        unconfirmed=timedelta(hours=top.number("unconfirmed_hours")),
        entered_late=timedelta(hours=top.number("entered_late_hours")),
        open=timedelta(hours=top.number("open_hours")),
        clock_offset_s=top.number("clock_offset_s"),
        source=read_source(top.table("source"), instruments),
        status=top.one_of("status", STATUSES),
    )
    top.text("reading")
    top.day("confirmed_on")
    top.done()
    return limits


Gap = tuple[datetime, Sentence]


def gaps(acts: Sequence[Act], now: datetime, limits: Limits) -> list[Sentence]:
    """Return what a court would ask about, in the order it came about."""
    found: list[Gap] = [*_waits(acts, now, limits), *_open(acts, now, limits)]
    for act in acts:
        found += [(act.at, words) for words in _odd(act, limits)]
    return [words for _, words in sorted(found, key=lambda gap: gap[0])]


def _waits(acts: Sequence[Act], now: datetime, limits: Limits) -> Iterator[Gap]:
    """Yield hand-overs that waited too long: meanwhile each side may say it was the other's."""
    offered: datetime | None = None
    for act in acts:
        if offered and act.at - offered > limits.unconfirmed:
            hours = _hours(act.at - offered)
            yield offered, say("{time} 的移交过了 {hours:.0f} 小时才有人确认。", time=_told(offered), hours=hours)  # fmt: skip
        offered = act.at if act.kind is Kind.OFFERED else None
    if offered and now - offered > limits.unconfirmed:
        hours = _hours(now - offered)
        yield offered, say("{time} 的移交过了 {hours:.0f} 小时还没有人确认。", time=_told(offered), hours=hours)  # fmt: skip


def _open(acts: Sequence[Act], now: datetime, limits: Limits) -> Iterator[Gap]:
    """Yield the times without a seal, and the hand-overs without one."""
    if acts and not any(act.seal for act in acts):
        yield acts[0].at, say("从提取到现在没有登记过封签。")
        return
    since: datetime | None = None
    for act in acts:
        if act.kind is Kind.OFFERED and since:
            yield act.at, say("{time} 移交时没有封签。", time=_told(act.at))
        if act.seal or act.kind in {Kind.RETURNED, Kind.DISPOSED}:
            yield from _unsealed(since, act.at, limits)
            since = None
        elif act.kind in {Kind.COLLECTED, Kind.OPENED}:
            since = act.at
    yield from _unsealed(since, now, limits)


def _unsealed(since: datetime | None, until: datetime, limits: Limits) -> Iterator[Gap]:
    if since and until - since > limits.open:
        hours = _hours(until - since)
        yield since, say("{time} 起有 {hours:.0f} 小时没有封存。", time=_told(since), hours=hours)


def _odd(act: Act, limits: Limits) -> Iterator[Sentence]:
    """Yield what one act says of itself that will be asked about."""
    if act.intact is False:
        what = act.condition or act.reason
        found = say("{time} 发现封签不完好：{what}", time=_told(act.at), what=what)
        yield found if what else say("{time} 发现封签不完好。", time=_told(act.at))
    elif act.kind is Kind.REFUSED:
        yield say("{time} 接收人拒收：{why}", time=_told(act.at), why=act.reason)
    late = act.entered - act.at if act.entered else timedelta()
    if late > limits.entered_late:
        yield say("{time} 的环节过了 {hours:.0f} 小时才登记。", time=_told(act.at), hours=_hours(late))  # fmt: skip
    if act.clock_offset_s is None:
        if act.device:
            yield say("没有核对设备“{device}”的时钟，它记下的时间无法换算。", device=act.device)
    elif abs(act.clock_offset_s) > limits.clock_offset_s:
        yield say("设备时钟与服务器相差 {s:.0f} 秒，它记下的时间要先换算。", s=act.clock_offset_s)


def _hours(length: timedelta) -> float:
    return length.total_seconds() / 3600


def _told(time: datetime) -> str:
    """Return a time in its own zone."""
    return f"{time:%Y-%m-%d %H:%M}"


def _refuse_out_of_order(here: Standing, act: Act) -> None:
    first = act.kind is Kind.COLLECTED
    if here.ended:
        raise Refusal("这件证据已经发还或者处置，保管链已经结束。")
    if first != (here.last is None):
        raise Refusal("已经登记过提取。") if first else Refusal("还没有登记提取，保管链没有开始。")
    if here.last is not None and act.at < here.last:
        raise Refusal("时间早于上一环节 {time}，请核对。", time=_told(here.last))
    answers = act.kind in {Kind.ACCEPTED, Kind.REFUSED}
    ends = answers or act.kind is Kind.WITHDRAWN  # the waiting
    if here.offered_to is not None and not ends:
        raise Refusal("正在等待接收人确认，确认之前不能再作其他处理；移交人可以撤回。")
    if here.offered_to is None and ends:
        raise Refusal("没有等待接收的移交。")
    if not first and not answers and act.by != here.holder:
        raise Refusal("只有现在的保管人可以登记这一环节。")


def _answer(here: Standing, act: Act) -> None:
    if act.by != here.offered_to:
        raise Refusal("只有移交时写明的接收人可以确认。")
    if here.seal and act.intact is None:
        raise Refusal("请写明接收时封签是否完好。")
    if act.intact is False and not (act.condition or act.reason).strip():
        raise Refusal("封签不完好：请写明看到的状况。")
    if act.kind is Kind.REFUSED and not act.reason.strip():
        raise Refusal("请写明拒收的理由。")


def _after(here: Standing, act: Act) -> Standing:  # noqa: PLR0911 -- one line for each kind
    now = replace(here, last=act.at)
    match act.kind:
        case Kind.COLLECTED:
            return replace(now, holder=act.by, seal=act.seal)
        case Kind.SEALED:
            return replace(now, seal=act.seal)
        case Kind.OFFERED:
            return replace(now, offered_to=act.to)
        case Kind.ACCEPTED:
            return replace(now, holder=act.by, offered_to=None)
        case Kind.REFUSED | Kind.WITHDRAWN:
            return replace(now, offered_to=None)
        case Kind.OPENED:
            return replace(now, seal="")
        case Kind.RETURNED | Kind.DISPOSED:
            return replace(now, holder=None, ended=True)
    return now
