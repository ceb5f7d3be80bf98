"""One sample against a standard: the level of each item, and of the whole.

The class of a whole is that of its worst item (single factor). A result that was not seen, or that
is off the scale, lies in a range; where the range spans several levels the level is not guessed.

Source: GB/T 8170-2008, 4.3.2 (figures are compared in full, unrounded, unless a standard says
otherwise); HJ 91.2-2022 and 环办〔2011〕22号 for the single factor.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from jingyi.core.lab.limits import Limit, Standard
from jingyi.core.lab.units import Item, Unit, factor
from jingyi.core.lab.values import Value
from jingyi.core.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Reading:
    """One result of a sample. `given` is the cell as it came."""

    item: Item
    value: Value
    unit: Unit

    def __str__(self) -> str:
        unit = "" if self.unit.kind == "none" else f" {self.unit.id}"
        return f"{self.value}{unit}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Where one result lies: levels `best` to `worst`, 0 the best, len(levels) beyond all."""

    reading: Reading
    limit: Limit
    best: int
    worst: int
    because: Sentence

    @property
    def level(self) -> int | None:
        return self.best if self.best == self.worst else None


@dataclass(frozen=True, slots=True)
class Assessment:
    """A whole sample. `level` None: nothing to go by, or it cannot be told; `because` says which."""

    level: int | None
    decisive: Item | None
    findings: tuple[Finding, ...]
    because: tuple[Sentence, ...]


def assess(
    standard: Standard, readings: Iterable[Reading], chosen: Mapping[str, str]
) -> Assessment:
    """Return the level of a sample.

    Args:
        chosen: an option for every choice that nothing measures (`Standard.settled`); those that
            a reading makes are added here.
    """
    readings = tuple(readings)
    conditions = {**_measured(standard, readings), **chosen}
    findings = tuple(
        _finding(standard, limit, reading)
        for reading in readings
        for limit in standard.limits
        if limit.item.id == reading.item.id and limit.holds(conditions)
    )
    counted = [one for one in findings if not one.limit.apart]
    if not counted:
        because = say("没有 {standard} 所列项目的结果，不能评价。", standard=standard.number)
        return Assessment(None, None, findings, (because,))
    best, worst = max(one.best for one in counted), max(one.worst for one in counted)
    decisive = next(one for one in counted if one.worst == worst)
    if best != worst:
        because = say(
            "只能判定在{best}至{worst}之间：{item} {value} 未测出，其检出限高于限值。",
            best=standard.called(best),
            worst=standard.called(worst),
            item=decisive.reading.item.title,
            value=str(decisive.reading),
        )
        return Assessment(None, decisive.reading.item, findings, (because,))
    reasons = tuple(one.because for one in counted if one.worst == worst)
    return Assessment(worst, decisive.reading.item, findings, reasons)


def bounds(limit: Limit, unit: Unit) -> tuple[list[Fraction | None], list[Fraction | None]]:
    """Return a limit's low and high figures in another unit, exactly."""
    by = factor(limit.item, limit.unit, unit)
    low, high = (
        [None if figure is None else Fraction(figure) * by for figure in figures]
        for figures in (limit.low, limit.high)
    )
    return low, high


def level_of(number: Fraction, low: list[Fraction | None], high: list[Fraction | None], below: bool) -> int:  # fmt: skip
    """Return the best level whose limits a figure keeps; len(low): none."""
    for level, (least, most) in enumerate(zip(low, high, strict=True)):
        too_low = least is not None and number < least
        too_high = most is not None and (number >= most if below else number > most)
        if not too_low and not too_high:
            return level
    return len(low)


def _finding(standard: Standard, limit: Limit, reading: Reading) -> Finding:
    low, high = bounds(limit, reading.unit)
    number = None if reading.value.number is None else Fraction(reading.value.number)
    levels = range_of(number, reading.value.mark, low, high, limit.below)
    best, worst = min(levels), max(levels)
    return Finding(
        reading,
        limit,
        best,
        worst,
        compared(standard, limit, str(reading.value), reading.unit, worst),
    )


def range_of(
    number: Fraction | None, mark: str, low: list[Fraction | None], high: list[Fraction | None], below: bool
) -> set[int]:  # fmt: skip
    """Return the levels a result may be in; what is not seen lies from 0 to its limit of detection."""
    if mark == "" and number is not None:
        return {level_of(number, low, high, below)}
    ends = [*low, *high]
    if mark == "<":
        # never more than the limit of detection: at that figure a strict limit is still kept
        top = level_of(number, low, high, below=False) if number is not None else None
        inside = {level_of(end, low, high, below) for end in ends if end is not None and number is not None and end < number}  # fmt: skip
        found = {level_of(Fraction(0), low, high, below), *inside}
        return found | ({top} if top is not None else _all(low))
    assert number is not None  # noqa: S101 -- `>` always has a figure
    beyond = {len(low)} if any(end is not None for end in high) else {0}
    inside = {level_of(end, low, high, below) for end in ends if end is not None and end > number}
    above = number + Fraction(1, 10**9)
    return inside | {level_of(above, low, high, below)} | beyond


def _all(low: list[Fraction | None]) -> set[int]:
    return {0, len(low)}


def compared(standard: Standard, limit: Limit, value: str, unit: Unit, level: int) -> Sentence:
    """Return the comparison that puts a result on a level: the limit kept, the better one missed."""
    result = value if unit.kind == "none" else f"{value} {unit.id}"
    item = limit.item.title
    if not level:
        return say(
            "{item} {value}，符合{name}限值 {limit}",
            item=item,
            value=result,
            name=standard.called(0),
            limit=_words(limit, 0),
        )
    missed = _words(limit, level - 1)
    if level == len(limit.low):
        return say(
            "{item} {value}，不符合{name}限值 {limit}，为{beyond}",
            item=item,
            value=result,
            name=standard.called(level - 1),
            limit=missed,
            beyond=standard.beyond,
        )
    return say(
        "{item} {value}，不符合{better}限值 {missed}，符合{name}限值 {limit}",
        item=item,
        value=result,
        better=standard.called(level - 1),
        missed=missed,
        name=standard.called(level),
        limit=_words(limit, level),
    )


def _words(limit: Limit, level: int) -> str:
    unit = "" if limit.unit.kind == "none" else f" {limit.unit.id}"
    low, high = limit.low[level], limit.high[level]
    if low is not None and high is not None:
        return f"{low}～{high}{unit}"
    if low is not None:
        return f"≥{low}{unit}"
    return f"{'<' if limit.below else '≤'}{high}{unit}"


def _measured(standard: Standard, readings: tuple[Reading, ...]) -> dict[str, str]:
    """Return the choices that a reading makes, such as the limits of soil by its pH."""
    found = {}
    for choice in standard.choices:
        if not choice.measured:
            continue
        if choice.default:
            found[choice.id] = choice.default
        for reading in readings:
            if reading.item.id == choice.measured.item and reading.value.number is not None:
                by = factor(reading.item, reading.unit, choice.measured.unit)
                number = Fraction(reading.value.number) * by
                place = sum(number > Fraction(end) for end in choice.measured.breaks)
                found[choice.id] = choice.options[place].id
    return found
