"""What made the file and what changed it since; and what it does not say at all."""

from collections.abc import Iterator
from datetime import timedelta

from jingyi.core.capture.rules import Hit, Rules, Said
from jingyi.core.metadata.found import Found
from jingyi.core.words import say


def device(found: Found, said: Said, rules: Rules) -> Iterator[Hit]:
    """Yield a device of another maker than the file's own."""
    own = f"{found.make} {found.model}".strip()
    mine, told = (_makers(words, rules) for words in (own, said.device))
    if mine and told and not mine & told:
        yield (
            "device",
            say("文件记的设备是“{own}”，所述设备是“{said}”", own=own, said=said.device),
            True,
        )


def _makers(words: str, rules: Rules) -> set[tuple[str, ...]]:
    return {names for names in rules.brands if any(name in words.lower() for name in names)}


def program(found: Found, _said: Said, rules: Rules) -> Iterator[Hit]:
    """Yield editing software that the file names."""
    named = [one for one in found.programs if any(word in one.lower() for word in rules.editing)]
    if named:
        yield "program", say("文件由编辑软件“{named}”写过", named="、".join(named)), True


def changed(found: Found, _said: Said, rules: Rules) -> Iterator[Hit]:
    """Yield a file that says it was changed after it was taken."""
    first, last = found.taken, found.modified
    if first and last:
        if found.zone is not None and found.modified_zone is not None:
            last += timedelta(minutes=found.zone - found.modified_zone)
        slack = timedelta(seconds=rules.later_s)
    else:
        first, last = found.utc, found.modified_utc
        slack = timedelta(seconds=rules.later_s + (found.seconds or 0))
    if first and last and last - first > slack:
        yield "changed", say("文件记的拍摄时间是 {first}，最后修改时间是 {last}", first=f"{first:%Y-%m-%d %H:%M:%S}", last=f"{last:%Y-%m-%d %H:%M:%S}"), True  # fmt: skip


def shape(found: Found, _said: Said, _rules: Rules) -> Iterator[Hit]:
    """Yield a picture that is not of the size the camera says it took; turned is the same."""
    now, then = (found.width, found.height), (found.said_width, found.said_height)
    if (
        all(now)
        and all(then)
        and sorted(map(int, filter(None, now))) != sorted(map(int, filter(None, then)))
    ):
        yield (
            "shape",
            say(
                "相机记的尺寸是 {then}，文件是 {now}：拍摄后裁剪或者缩放过",
                then=f"{then[0]}×{then[1]}",
                now=f"{now[0]}×{now[1]}",
            ),
            True,
        )


def missing(found: Found, _said: Said, _rules: Rules) -> Iterator[Hit]:
    """Yield what cannot be told because the file does not say it."""
    if not found.kind:
        yield "no-data", say("不是能读元数据的照片或者录像，无法核对拍摄的时间和地点"), True
        return
    if found.broken:
        yield "broken", say("文件的元数据不完整，只读到一部分"), True
    timeless = found.taken is None and found.utc is None
    placeless = found.lon is None
    if timeless and placeless and not found.make:
        yield "no-data", say("文件没有拍摄元数据（可能经聊天软件转发或者截屏），无法核对"), True
        return
    if timeless:
        yield "no-time", say("文件没有记拍摄时间，无法核对"), True
    if placeless:
        yield "no-place", say("文件没有记拍摄地点，无法核对"), True
