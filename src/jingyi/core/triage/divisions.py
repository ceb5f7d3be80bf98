"""Which division the names in a text mean.

Names repeat (鼓楼区 is in four cities), and a short form may be a common word,
so every name is weighed with its parents: the division that explains most of
what is named is taken, and only as deep as all equally good ones agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from jingyi.core.triage.division_table import (
    CITY,
    COUNTY,
    PROVINCE,
    Division,
    centre,
    common,
    names,
    stem,
    table,
    title,
)

FULL, SHORT, SHORT_COUNTY = 3.0, 2.5, 2.0  # what a name is worth
SHARED = 1.0  # taken off a name that several counties bear, when no parent is named
ENDED, ENDED_LONG = 0.25, 0.5  # taken off a name that no longer holds, or has not for long
LONG_AGO = 2010
AT_HOME = 1.5  # added inside the office's own division


@dataclass(frozen=True, slots=True)
class Resolved:
    """The division that names mean, its middle, and what else they could mean as well.

    `region` is a code of today, None if nothing is certain; `lon`, `lat` are
    WGS-84 and NaN-free or None; `rivals` are two or more codes, or empty.
    """

    region: str | None
    lon: float | None = None
    lat: float | None = None
    radius_m: float | None = None
    rivals: tuple[str, ...] = ()


def resolve(mentions: Sequence[str], home: str = "") -> str | None:
    """Return the code of `resolved`."""
    return resolved(mentions, home).region


def resolved(mentions: Sequence[str], home: str = "") -> Resolved:
    """Tell which division these names, in the order of the text, mean.

    Args:
        mentions: names of `names()`; one inside another (杭州 in 杭州市) is passed over.
        home: code of the office's own division; decides between equals, if it lies there.
    """
    best: dict[str, float] = {}
    words = [w for w in dict.fromkeys(mentions) if not any(w != o and w in o for o in mentions)]
    for word in words:
        for one, _ in names()[word]:
            score = _worth(one, words, home)
            if score > 0:
                best[one.now] = max(best.get(one.now, 0.0), score)
    if not best:
        return Resolved(None)
    top = max(best.values())
    winners = [code for code, score in best.items() if score == top]
    winners = [w for w in winners if not any(o != w and _lies_in(w, o) for o in winners)]
    if len(winners) == 1:
        return _at(winners[0])
    for digits in (CITY, PROVINCE):
        shared = {code[:digits] for code in winners}
        if len(shared) == 1:
            return _at(shared.pop().ljust(COUNTY, "0"), tuple(winners))
    return Resolved(None, rivals=tuple(winners))


def _at(code: str, rivals: tuple[str, ...] = ()) -> Resolved:
    lon, lat, radius = centre(code) or (None, None, None)
    return Resolved(code, lon, lat, radius, rivals)


def _lies_in(code: str, whole: str) -> bool:
    """Tell whether a code is, or lies in, `whole`."""
    return code.startswith(_digits(whole))


def _digits(code: str) -> str:
    return code[:PROVINCE] if code.endswith("0000") else code.removesuffix("00")


def _worth(one: Division, words: Sequence[str], home: str) -> float:
    """Return how much of what is named `one` explains: 0 if its own name is not enough."""
    above, own = 0.0, 0.0
    for word in words:
        weights = [
            (_weight(held, short), held)
            for held, short in names()[word]
            if one.code.startswith(held.code[: held.level])
        ]
        if not weights:
            continue
        weight, held = max(weights, key=lambda pair: (pair[1].level, pair[0]))
        if held.level == one.level:
            own = max(own, weight)
        else:
            above += weight
    at_home = bool(home) and _lies_in(one.now, home)
    if not above and _rather_a_province(one, words):
        return 0.0
    if one.level == COUNTY and not above:
        own = _alone(one, words, own, at_home=at_home)
    return (own + above + AT_HOME * at_home) if own > 0 else 0.0


def _rather_a_province(one: Division, words: Sequence[str]) -> bool:
    """Tell whether the word that names `one` is first of all a province's: 海南, 吉林."""
    called = [w for w in words if any(held == one for held, _ in names()[w])]
    return one.level != PROVINCE and all(
        any(held.level == PROVINCE for held, _ in names()[w]) for w in called
    )


def _weight(one: Division, short: bool) -> float:
    briefly = SHORT_COUNTY if one.level == COUNTY else SHORT
    weight = briefly if short else FULL
    if one.ended is not None:
        weight -= ENDED if one.ended >= LONG_AGO else ENDED_LONG
    return weight


def _alone(one: Division, words: Sequence[str], own: float, *, at_home: bool) -> float:
    """Return what a county's name is worth where no parent of it is named."""
    if own >= FULL - ENDED_LONG:
        shared = {held.now for held, _ in names()[one.name] if held.level == COUNTY}
        return own - SHARED * (len(shared) > 1)
    short = stem(one.name)
    if at_home and one.name[-1] in "市县":
        return own
    city = (
        one.ended is None and one.name.endswith("市") and short in words and short not in common()
    )
    return own if city and len({held.now for held, _ in names()[short]}) == 1 else 0.0


__all__ = ["Division", "Resolved", "centre", "names", "resolve", "resolved", "table", "title"]
