"""The light that is said, or that the camera measured, beside where the sun stood."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from math import atan, degrees
from typing import Any

from jingyi.core.capture.place import place_of, said_place
from jingyi.core.capture.rules import Hit, Rules, Said
from jingyi.core.capture.time import moment_of, told
from jingyi.core.metadata.found import Found
from jingyi.core.sun import Sun, sun
from jingyi.core.words import Sentence, say

STEP = timedelta(minutes=10)  # within which the sun moves by 2.5 degrees at most
STEEP = 80  # degrees: above, which way a shadow falls says little


def light(found: Found, said: Said, rules: Rules) -> Iterator[Hit]:
    """Yield light that the sun did not give: where it stood at the file's time, and at the one said."""
    here = place_of(found) or said_place(said)
    mine = moment_of(found, said)
    if here and mine:
        high = sun(mine.at, *here).elevation
        values: dict[str, Any] = {"time": told(mine.at, said), "sun": _height(high)}
        if high < rules.night and found.daylight:
            yield (
                "sun-daylight",
                say("相机记的光源是日光，但在文件记的时间 {time}，{sun}", **values),
                mine.sure,
            )
        elif (
            high < rules.night
            and found.light is not None
            and found.light >= rules.bright
            and not found.flash
        ):
            yield (
                "sun-bright",
                say(
                    "相机曝光值为 {light}，像是白天，但在文件记的时间 {time}，{sun}",
                    light=found.light,
                    **values,
                ),
                True,
            )
        yield from _said_light(said, rules, [high], say("在文件记的时间 {time}，{sun}", **values), sure=mine.sure)  # fmt: skip
    there = said_place(said) or here
    if there and said.at:
        heights = [sun(at, *there).elevation for at in _span(said)]
        nearest = max(heights) if said.light == "day" else min(heights)
        words = say("在所述时间 {time}，{sun}", time=told(said.at, said), sun=_height(nearest))
        yield from _said_light(said, rules, heights, words, sure=True)


def _said_light(
    said: Said, rules: Rules, heights: list[float], words: Sentence, *, sure: bool
) -> Iterator[Hit]:
    if said.light == "day" and max(heights) < rules.night:
        yield "sun-daylight", say("说是白天拍的，但{words}", words=words), sure
    if said.light == "night" and min(heights) > rules.horizon:
        yield "sun-night", say("说是夜间拍的，但{words}", words=words), sure


def _span(said: Said) -> list[datetime]:
    """Return the moments that what is said of the time allows, ten minutes apart."""
    if said.at is None:
        return []
    half = min(timedelta(seconds=said.within_s), timedelta(hours=12))
    steps = int(half / STEP)
    return [said.at + STEP * n for n in range(-steps, steps + 1)]


def _height(high: float) -> Sentence:
    if high < 0:
        return say("太阳在地平线下 {n} 度", n=round(-high, 1))
    return say("太阳在地平线上 {n} 度", n=round(high, 1))


def shadow(found: Found, said: Said, rules: Rules) -> Iterator[Hit]:
    """Yield shadows that the sun cannot have thrown at the time and place said, or the file's own."""
    if said.shadow_to is None and said.shadow_ratio is None:
        return
    here = said_place(said) or place_of(found)
    mine = moment_of(found, said)
    at, sure = (said.at, True) if said.at else (mine.at, mine.sure) if mine else (None, False)
    if here is None or at is None or (said.at and said.within_s > STEP.total_seconds()):
        return
    there = sun(at, *here)
    if there.elevation < rules.horizon:
        yield (
            "shadow-night",
            say("说有日影，但在 {time}，{sun}", time=told(at, said), sun=_height(there.elevation)),
            sure,
        )
        return
    yield from _thrown(there, said, rules, told(at, said), sure=sure)


def _thrown(there: Sun, said: Said, rules: Rules, time: str, *, sure: bool) -> Iterator[Hit]:
    """Yield a shadow that points, or reaches, elsewhere than the sun would throw it."""
    should = (there.azimuth + 180) % 360
    if said.shadow_to is not None and there.elevation < STEEP:
        off = abs((said.shadow_to - should + 180) % 360 - 180)
        if off > rules.shadow_deg:
            yield (
                "shadow",
                say(
                    "说影子朝 {said} 度，但在 {time} 影子应当朝 {should} 度（正北为 0，向东为正）",
                    said=round(said.shadow_to),
                    time=time,
                    should=round(should),
                ),
                sure,
            )
    if said.shadow_ratio is not None and said.shadow_ratio > 0:
        high = degrees(atan(1 / said.shadow_ratio))
        if abs(high - there.elevation) > rules.shadow_deg:
            yield (
                "shadow",
                say(
                    "说影长是物高的 {said} 倍（太阳高 {high} 度），但在 {time}，{sun}",
                    said=said.shadow_ratio,
                    high=round(high),
                    time=time,
                    sun=_height(there.elevation),
                ),
                sure,
            )
