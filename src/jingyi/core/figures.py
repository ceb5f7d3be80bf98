"""Quantities with units in a text, exact: “三十亩”, “约2.5万元”, “1,200平方米”, and where they stand.

Values are fractions, so 1 亩 = 2000/3 平方米 loses nothing on the way and back. Not read: lunar
measures, “半”, “上百”, a range such as “3至5亩” (its ends are read each on its own).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from jingyi.core.tables import Table

ONES = {**{c: n for n, c in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2}
TIMES = {"十": 10, "百": 100, "千": 1000}
GREAT = {"万": 10**4, "亿": 10**8}
ARABIC = r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
HAN = r"[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?"
BEFORE = r"(?<![\d.,第零〇一二两三四五六七八九十百千万亿])"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: one of it is `factor` of the first unit of its dimension."""

    dimension: str
    words: tuple[str, ...]
    factor: Fraction
    not_before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity in a text: `amount` of `unit`, from `start` to before `end`; `about` if it says so."""

    amount: Fraction
    unit: Unit
    start: int
    end: int
    about: bool = False

    @property
    def base(self) -> Fraction:
        """The amount in the first unit of the dimension."""
        return self.amount * self.unit.factor


def read_unit(item: Table) -> Unit:
    """Read one `[[unit]]`."""
    unit = Unit(
        dimension=item.text("dimension"),
        words=item.texts("words"),
        factor=Fraction(item.text("factor")),
        not_before=item.texts("not_before", ()),
    )
    item.done()
    return unit


def figures_in(text: str, units: Iterable[Unit], about: Iterable[str] = ()) -> list[Figure]:
    """Return the quantities that `text` names, in order."""
    units, about = tuple(units), tuple(about)
    named = {word: unit for unit in units for word in unit.words}
    found = []
    for match in _pattern(units, about).finditer(text):
        unit = named[match["unit"]]
        if text.startswith(unit.not_before, match.end("unit")) if unit.not_before else False:
            continue
        amount = number(match["number"]) * GREAT.get(match["great"] or "", 1)
        says = bool(match["before"] or match["between"] or match["after"])
        found.append(Figure(amount, unit, match.start("number"), match.end("unit"), says))
    return found


def converted(amount: Fraction, given: Unit, wanted: Unit) -> Fraction:
    """Return so many of `given` as so many of `wanted`, exactly.

    Raises:
        ValueError: the two do not measure the same thing (a programming error).
    """
    if given.dimension != wanted.dimension:
        msg = f"{given.dimension} is not {wanted.dimension}"
        raise ValueError(msg)
    return amount * given.factor / wanted.factor


def number(words: str) -> Fraction:
    """Return 2.5 for “2.5” and “二点五”, 1200 for “1,200” and “一千二百”, 30 for “三十”."""
    plain = words.replace(",", "").replace("，", "")
    if plain[0].isascii():
        return Fraction(plain)
    whole, point, rest = plain.partition("点")
    value = Fraction(_great(whole))
    if point:
        value += Fraction(int("".join(str(ONES[c]) for c in rest)), 10 ** len(rest))
    return value


def _great(words: str) -> int:
    """Return 35000 for “三万五千”; what has no 万 or 亿 is read as it is."""
    for great in "亿万":
        above, there, below = words.rpartition(great)
        if there:
            return _great(above or "一") * GREAT[great] + (_great(below) if below else 0)
    return _whole(words)


def _whole(words: str) -> int:
    """Return 1205 for “一千二百零五”, 2026 for “二〇二六”, 15 for “十五”."""
    if not any(c in TIMES for c in words):
        return int("".join(str(ONES[c]) for c in words))
    total, digit, last = 0, 0, 10
    for c in words:
        if c in TIMES:
            total += (digit or 1) * TIMES[c]
            digit, last = 0, TIMES[c]
        elif ONES[c]:
            digit = ONES[c]
        else:
            last = 10  # after a zero the next digit is of the ones
    # “一千二” is 1200, “一百零二” 102
    return total + digit * (last // 10 if last > 10 else 1)


@cache
def _pattern(units: tuple[Unit, ...], about: tuple[str, ...]) -> re.Pattern[str]:
    words = sorted((word for unit in units for word in unit.words), key=len, reverse=True)
    vague = "|".join(map(re.escape, sorted(about, key=len, reverse=True))) or "(?!)"
    return re.compile(
        rf"(?P<before>{vague})?{BEFORE}(?P<number>{ARABIC}|{HAN})"
        rf"(?P<between>{vague})?(?P<great>[万亿])?(?P<unit>{'|'.join(map(re.escape, words))})(?P<after>{vague})?"
    )
