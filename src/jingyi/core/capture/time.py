"""When the file says it was taken, beside when people say it was."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from jingyi.core.capture.rules import Hit, Rules, Said
from jingyi.core.metadata.found import Found
from jingyi.core.words import Sentence, say

QUARTER = 900  # seconds: time zones differ by quarters of an hour
ZONES = 26 * 3_600  # from the first to the last


@dataclass(frozen=True, slots=True)
class Moment:
    """When the file says it was taken, the known offset of its clock taken off; `sure` of the zone."""

    at: datetime
    sure: bool


def moment_of(found: Found, said: Said) -> Moment | None:
    """Return when the file says it was taken; a clock without a zone is read in the office's."""
    off = timedelta(seconds=said.clock_offset_s or 0)
    if found.taken:
        sure = found.zone is not None
        zone = timedelta(minutes=found.zone if found.zone is not None else said.zone)
        return Moment(found.taken.replace(tzinfo=UTC) - zone - off, sure)
    if found.utc:
        return Moment(found.utc - off, sure=False)  # should be UTC; many recorders write local time
    return None


def time(found: Found, said: Said, rules: Rules) -> Iterator[Hit]:
    mine = moment_of(found, said)
    if mine is None:
        return
    limit = said.within_s + rules.clock_s
    apart = (mine.at - said.at).total_seconds() if said.at else 0.0
    if said.at and abs(apart) > limit:
        values = {"mine": told(mine.at, said), "said": told(said.at, said)}
        shift = round(apart / QUARTER)
        if not mine.sure and abs(apart) <= ZONES and abs(apart - QUARTER * shift) <= limit:
            yield (
                "time-zone",
                say(
                    "文件记的时间是 {mine}，所述时间是 {said}；文件没有写时区，换一个时区就对得上，不能判断",
                    **values,
                ),
                True,
            )
            return
        yield (
            "time",
            say(
                "文件记的时间是 {mine}，所述时间是 {said}，相差 {apart}，超过时钟误差 {limit} 秒",
                apart=_length(abs(apart)),
                limit=round(limit),
                **values,
            ),
            True,
        )
    elif found.taken and not mine.sure and found.gps_at is None:
        yield "time-zone", say("相机的时间 {time} 没有写时区，按本院所在时区理解", time=f"{found.taken:%Y-%m-%d %H:%M:%S}"), True  # fmt: skip


def told(at: datetime, said: Said) -> str:
    return f"{at.astimezone(timezone(timedelta(minutes=said.zone))):%Y-%m-%d %H:%M:%S}"


def _length(seconds: float) -> Sentence:
    if seconds >= 2 * 86_400:
        return say("{n} 天", n=round(seconds / 86_400))
    if seconds >= 2 * 3_600:
        return say("{n} 小时", n=f"{seconds / 3_600:.3g}")
    if seconds >= 120:
        return say("{n} 分钟", n=round(seconds / 60))
    return say("{n} 秒", n=round(seconds))


def satellite(found: Found, said: Said, rules: Rules) -> Iterator[Hit]:
    """Yield a camera's clock that its own receiver's does not bear out; a fix may be an hour old."""
    mine = moment_of(found, said)
    if mine is None or found.gps_at is None:
        return
    ahead = (mine.at - found.gps_at).total_seconds()
    if not mine.sure:
        ahead -= QUARTER * round(ahead / QUARTER) if abs(ahead) <= ZONES else 0
    if not -rules.clock_s <= ahead <= rules.fix_s:
        values = {"mine": told(mine.at, said), "gps": told(found.gps_at, said)}
        yield "time-gps", say("相机时钟记的是 {mine}，卫星定位的时间是 {gps}", **values), True


def future(found: Found, said: Said, rules: Rules) -> Iterator[Hit]:
    mine = moment_of(found, said)
    if mine is None or said.received_at is None:
        return
    slack = timedelta(seconds=rules.clock_s) + timedelta(hours=0 if mine.sure else 14)
    if mine.at > said.received_at + slack:
        values = {"mine": told(mine.at, said), "received": told(said.received_at, said)}
        yield "future", say("文件记的拍摄时间是 {mine}，收到文件却是在 {received}", **values), True
