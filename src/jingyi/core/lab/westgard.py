"""Westgard's rules for control charts: which run is accepted, warned of or rejected, and why.

Every control value becomes z, its distance from the target in standard deviations. A rule looks at
values that follow each other: of one level across runs, or of all levels, as they were measured.
As many values as one run holds are looked for within the run; more go back over earlier runs.

Sources: Westgard, Barry, Hunt and Groth (1981), Clinical Chemistry 27(3), 493-501; and for the
rules of three levels (2of3_2s, 3_1s, 6_x) and 7_T, westgard.com, "Westgard Rules and Multirules".
R_4s is as defined there: one value beyond +2s and another beyond -2s in the same run.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say

ACCEPT, WARNING, REJECT = "accept", "warning", "reject"


@dataclass(frozen=True, slots=True)
class Target:
    """What a control material should read: mean and standard deviation, in its unit."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        if not self.sd > 0:
            raise Refusal(
                "质控样的标准差应当大于零，现在是 {sd}。请重新建立均值和标准差。", sd=self.sd
            )


@dataclass(frozen=True, slots=True)
class Point:
    """One control value: its run, the level of its material, and z. `ref` is the caller's own."""

    run: str
    level: str
    z: float
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a run broke, with the values that broke it, the earliest first."""

    rule: str
    points: tuple[Point, ...]
    because: Sentence


@dataclass(frozen=True, slots=True)
class Judged:
    """What a run came to."""

    run: str
    state: str
    broken: tuple[Broken, ...]


def measured(run: str, level: str, value: float, target: Target, ref: str = "") -> Point:
    """Return the point of a value. z is kept to nine decimals: 208 at 200 ± 4 is 2, not above."""
    return Point(run, level, round((value - target.mean) / target.sd, 9), ref)


Points = Sequence[Point]


def _beyond(limit: float) -> Callable[[Points], bool]:
    """All of them beyond the same limit, above or below; 0 is the mean itself."""
    return lambda seen: all(p.z > limit for p in seen) or all(p.z < -limit for p in seen)


def _two_beyond(seen: Points) -> bool:
    return sum(p.z > 2 for p in seen) >= 2 or sum(p.z < -2 for p in seen) >= 2


def _trend(seen: Points) -> bool:
    pairs = list(pairwise(p.z for p in seen))
    return all(a < b for a, b in pairs) or all(a > b for a, b in pairs)


@dataclass(frozen=True, slots=True)
class _Rule:
    n: int
    holds: Callable[[Points], bool]
    says: Sentence
    mixed: bool = True  # values of different levels count together


_RULES: dict[str, _Rule] = {
    "1_2s": _Rule(1, _beyond(2), say("{points} 超出 2 倍标准差（警告）")),
    "1_3s": _Rule(1, _beyond(3), say("{points} 超出 3 倍标准差")),
    "2_2s": _Rule(2, _beyond(2), say("连续两个值 {points} 同向超出 2 倍标准差")),
    "2of3_2s": _Rule(3, _two_beyond, say("连续三个值 {points} 中有两个同向超出 2 倍标准差")),
    "3_1s": _Rule(3, _beyond(1), say("连续三个值 {points} 同向超出 1 倍标准差")),
    "4_1s": _Rule(4, _beyond(1), say("连续四个值 {points} 同向超出 1 倍标准差")),
    "6_x": _Rule(6, _beyond(0), say("连续六个值 {points} 在均值同一侧")),
    "8_x": _Rule(8, _beyond(0), say("连续八个值 {points} 在均值同一侧")),
    "10_x": _Rule(10, _beyond(0), say("连续十个值 {points} 在均值同一侧")),
    "7_T": _Rule(7, _trend, say("连续七个值 {points} 一直上升或者一直下降"), mixed=False),
}
_RANGE = say("同一批内 {points} 一个高于 2 倍标准差、一个低于 2 倍标准差")
_LONGEST = max(rule.n for rule in _RULES.values()) - 1
RULES = (*_RULES, "R_4s")
MULTIRULE = ("1_2s", "1_3s", "2_2s", "R_4s", "4_1s", "10_x")
THREE_LEVELS = ("1_2s", "1_3s", "2of3_2s", "R_4s", "3_1s", "6_x")


def judge(
    points: Iterable[Point],
    rules: Sequence[str] = MULTIRULE,
    *,
    mended_after: frozenset[str] = frozenset(),
    only_after_warning: bool = False,
) -> list[Judged]:
    """Return what each run comes to, in order.

    Args:
        points: every control value, in the order measured.
        rules: those to apply; 1_2s only warns, every other rejects.
        mended_after: runs after which the cause was found and removed; counting begins anew.
        only_after_warning: as by hand in 1981: a run with no value beyond 2s is not looked at.

    Raises:
        Refusal: there is no such rule.
    """
    for name in rules:
        if name not in RULES:
            raise Refusal(
                "没有质控规则“{name}”，可选：{rules}。", name=name, rules="、".join(RULES)
            )
    runs: dict[str, list[Point]] = {}
    for point in points:
        runs.setdefault(point.run, []).append(point)
    judged, before = [], list[Point]()
    for run, now in runs.items():
        warned = any(abs(p.z) > 2 for p in now)
        applied = rules if warned or not only_after_warning else ()
        broken = tuple(b for name in applied for b in _broken(name, before, now))
        rejected = any(b.rule != "1_2s" for b in broken)
        judged.append(Judged(run, REJECT if rejected else WARNING if broken else ACCEPT, broken))
        before = [] if run in mended_after else _recent(before + now)
    return judged


def _recent(row: list[Point]) -> list[Point]:
    """Return what a later run can still count with: the last of all and the last of each level."""
    kept, of_level = [], Counter[str]()
    for place, point in enumerate(reversed(row)):
        of_level[point.level] += 1
        if place < _LONGEST or of_level[point.level] <= _LONGEST:
            kept.append(point)
    return kept[::-1]


def _broken(name: str, before: list[Point], now: list[Point]) -> list[Broken]:
    """Return each way in which the run breaks the rule; the same values are not told twice."""
    if name == "R_4s":
        high, low = max(now, key=lambda p: p.z), min(now, key=lambda p: p.z)
        found = [(high, low)] if high.z > 2 and low.z < -2 else []
        return [_told(name, _RANGE, seen) for seen in found]
    rule = _RULES[name]
    windows: dict[tuple[Point, ...], None] = {}
    for level in dict.fromkeys(p.level for p in now):
        mine, past = ([p for p in some if p.level == level] for some in (now, before))
        windows |= dict.fromkeys(_windows(rule.n, past, mine))
    if rule.mixed and rule.n > 1:
        windows |= dict.fromkeys(_windows(rule.n, before if rule.n > len(now) else [], now))
    return [_told(name, rule.says, seen) for seen in windows if rule.holds(seen)]


def _windows(n: int, before: list[Point], now: list[Point]) -> list[tuple[Point, ...]]:
    """Return every `n` values that follow each other and end in the run."""
    row = (before[-(n - 1) :] if n > 1 else []) + now
    first = len(row) - len(now)
    ends = range(max(first, n - 1), len(row))
    return [tuple(row[end - n + 1 : end + 1]) for end in ends]


def _told(name: str, says: Sentence, seen: Sequence[Point]) -> Broken:
    shown = "、".join(f"{p.run}/{p.level} {p.z:+.2f}s" for p in seen)
    because = say("{rule}：{what}。", rule=name, what=Sentence(says.text, {"points": shown}))
    return Broken(name, tuple(seen), because)
