"""From a request and a result to a verdict: which limit it has to keep, and what the test says of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from jingyi.core.lab import deciding, judging
from jingyi.core.lab.limits import Limit, Standard
from jingyi.core.lab.uncertainty import Interval
from jingyi.core.lab.units import Item, Unit
from jingyi.core.lab.values import NotAResult, Value, parse
from jingyi.core.lab.verdicts import Screening, Sign
from jingyi.core.refusal import Refusal

SIGNS = {"阳性": Sign.POSITIVE, "+": Sign.POSITIVE, "阴性": Sign.NEGATIVE, "-": Sign.NEGATIVE}


@dataclass(frozen=True, slots=True)
class Bound:
    """The limit of one item in the unit of the method; `shown` as a document writes it."""

    limit: Limit
    interval: Interval
    shown: str


def bound_of(
    standard: Standard, item: Item, unit: Unit, chosen: Mapping[str, str], level: int
) -> Bound:
    """Return what an item has to keep to be of a level.

    Args:
        unit: the method's.
        chosen: an option for every choice (`Standard.settled`).
        level: index of the level; 0 where a standard has one limit.

    Raises:
        Refusal: the standard has no limit for it.
    """
    for limit in standard.limits:
        if limit.item.id != item.id or not limit.holds(chosen):
            continue
        low, high = judging.bounds(limit, unit)
        if low[level] is None and high[level] is None:
            continue
        interval = Interval(_number(low[level]), _number(high[level]))
        return Bound(limit, interval, f"{_written(interval)} {unit.id}".replace(" 无量纲", ""))
    raise Refusal(
        "{standard} 在{level}没有规定“{item}”的限值。请换一个标准或者另选项目。",
        standard=str(standard),
        level=standard.called(level),
        item=item.title,
    )


def read(text: str, *, sign_only: bool) -> Value | Sign | None:
    """Return what an analyst wrote; None for a gap.

    Raises:
        NotAResult: it is no result of such a method.
    """
    plain = text.strip()
    if not sign_only:
        return parse(text)
    if not plain:
        return None
    if plain not in SIGNS:
        raise NotAResult("“{text}”不是定性检测的结果。请写阳性或者阴性。", text=plain[:40])
    return SIGNS[plain]


def screening(found: Value | Sign, *, u: float | None, lod: float | None) -> Screening:
    """Return the quick test that found it."""
    if isinstance(found, Sign):
        return Screening(found)
    return deciding.quick(found, u=u, lod=lod)


def as_written(found: Value | Sign, unit: Unit) -> str:
    """Return a result as a document writes it."""
    if isinstance(found, Sign):
        return "阳性" if found is Sign.POSITIVE else "阴性"
    return f"{found}" if unit.kind == "none" else f"{found} {unit.id}"


def _number(figure: Fraction | None) -> float | None:
    return None if figure is None else float(figure)


def _written(interval: Interval) -> str:
    if interval.lower is None:
        return f"{interval.upper:g}"
    if interval.upper is None:
        return f"≥ {interval.lower:g}"
    return f"{interval.lower:g}～{interval.upper:g}"
