"""Limits that an office loads itself, such as those of GB 2763: rows as they come, made a standard.

A row names an item, what it is measured in (a food), a figure with its unit, where it is written and
from when until when it is in force. An item the rulebook does not know, or not in that unit, becomes
one of the office's own; its id says all there is to it: `own:mass-fraction:毒死蜱`.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jingyi.core.lab.limits import Choice, Limit, Option, Standard
from jingyi.core.lab.units import Item, Names, Unit, UnknownUnit
from jingyi.core.law import titled
from jingyi.core.refusal import Refusal
from jingyi.core.words import say

FOOD = "food"
MOST_NAME = 30
_FIGURE = r"(\d+(?:\.\d+)?)"
_RANGE = re.compile(rf"{_FIGURE}\s*(?:~|-|—|至)\s*{_FIGURE}")
_ONE = re.compile(rf"(<=|>=|≤|≥|<)?\s*{_FIGURE}\s*(\*)?")


class NotALimit(Refusal):
    """A row that is no limit."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row read. `temporary`: marked with `*`, as provisional limits are in print."""

    item: Item
    name: str
    food: str
    low: Decimal | None
    high: Decimal | None
    below: bool
    temporary: bool
    unit: Unit
    cited: str
    start: date
    end: date | None

    def holds(self, on: date) -> bool:
        return self.start <= on and (self.end is None or on <= self.end)


@dataclass(frozen=True, slots=True)
class Head:
    """What holds for the whole table."""

    number: str
    title: str
    start: date
    end: date | None
    entered: date


def item_of(name: str, unit: str, names: Names) -> tuple[Item, Unit]:
    """Return what is measured, in a unit: an item of the rulebook, or the office's own.

    Raises:
        NotALimit: no name, or one that is too long.
        UnknownUnit: nobody knows the unit.
    """
    plain = unicodedata.normalize("NFKC", name).strip()
    if not plain or len(plain) > MOST_NAME or ":" in plain:
        raise NotALimit("项目名称“{name}”是空的或者太长（最多 {most} 个字）。", name=plain[:40], most=MOST_NAME)  # fmt: skip
    known = names.item(plain)
    if known is not None:
        try:
            return known, names.unit(known, unit)
        except UnknownUnit:
            pass  # cadmium in food is not cadmium in water
    for kind in dict.fromkeys(kind for kind, _ in names.units) if unit.strip() else ():
        made = names.items[f"own:{kind}:{plain}"]
        try:
            return made, names.unit(made, unit)
        except UnknownUnit:
            continue
    raise UnknownUnit("“{item}”的单位“{unit}”不认识，请写成 mg/kg、mg/L 等。", item=plain, unit=unit[:20])  # fmt: skip


def figures(text: str) -> tuple[Decimal | None, Decimal | None, bool, bool]:
    """Return (low, high, below, temporary) of a limit as it is written.

    `0.05` and `≤0.05`: at most; `<0.05`: less than; `≥0.3`: at least; `6.5~8.5`; `0.05*`: provisional;
    `不得检出`: 0.

    Raises:
        NotALimit: it is none of these.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain in {"不得检出", "不得使用", "未检出"}:
        return None, Decimal(0), False, False
    if found := _RANGE.fullmatch(plain):
        low, high = Decimal(found[1]), Decimal(found[2])
        if low > high:
            raise NotALimit("限值“{text}”的下限高于上限。", text=plain[:40])
        return low, high, False, False
    if found := _ONE.fullmatch(plain):
        figure, star = Decimal(found[2]), bool(found[3])
        if found[1] in {">=", "≥"}:
            return figure, None, False, star
        return None, figure, found[1] == "<", star
    raise NotALimit("“{text}”不是限值，可写 0.05、≤0.05、6.5~8.5、0.05* 或者不得检出。", text=plain[:40])  # fmt: skip


def read_row(cells: Mapping[str, str], names: Names, start: date, end: date | None) -> Row:
    """Read one row; `cells` by role: item, food, limit, unit, cited, from, to.

    Raises:
        NotALimit, UnknownUnit: with what is wrong.
    """
    item, unit = item_of(cells.get("item", ""), cells.get("unit", ""), names)
    low, high, below, temporary = figures(cells.get("limit", ""))
    begins, ends = _day(cells.get("from", "")) or start, _day(cells.get("to", "")) or end
    if ends is not None and ends < begins:
        raise NotALimit("失效日期 {end} 早于施行日期 {start}。", end=ends, start=begins)
    food = unicodedata.normalize("NFKC", cells.get(FOOD, "")).strip()[:60]
    name = unicodedata.normalize("NFKC", cells.get("item", "")).strip()
    cited = cells.get("cited", "").strip()[:120]
    return Row(item, name, food, low, high, below, temporary, unit, cited, begins, ends)


def standard(name: str, head: Head, rows: Iterable[Row]) -> Standard:
    """Return the rows as a standard. `food` is its condition, where the rows name foods.

    Raises:
        Refusal: no row, two for the same item and food, or foods named in some rows only.
    """
    held = list(rows)
    if not held:
        raise Refusal("{number} 在这一天没有有效的限值。", number=head.number)
    seen: set[tuple[str, str]] = set()
    for row in held:
        if (row.item.id, row.food) in seen:
            raise NotALimit("{food}中的“{item}”有两个同时有效的限值。", food=row.food or "表", item=row.name)  # fmt: skip
        seen.add((row.item.id, row.food))
    foods = list(dict.fromkeys(row.food for row in held))
    if "" in foods and len(foods) > 1:
        raise NotALimit("有的行写了食品，有的行没有写。请每行都写，或者都不写。")
    foods = [food for food in foods if food]  # an option's id is the food: rows come and go
    limits = tuple(
        Limit(
            row.item, row.unit, (row.low,), (row.high,),
            {FOOD: frozenset({row.food})} if row.food else {}, row.below,
            status="assumed" if row.temporary else "settled",
        )
        for row in held
    )  # fmt: skip
    choice = Choice(FOOD, say("食品"), tuple(Option(food, titled(food, food), ()) for food in foods))  # fmt: skip
    return Standard(
        id=name, number=head.number, title=titled(head.title, head.title), table="本院录入", matrix="food",
        shape="limit", in_force_from=head.start, in_force_to=head.end, replaced_by="",
        status="assumed", confirmed_on=head.entered,
        reading=say("由本院录入，以所引标准原文为准；恰等于限值的为合格。"), levels=("合格",),
        beyond="超标", choices=(choice,) if foods else (), limits=limits,
    )  # fmt: skip


def _day(text: str) -> date | None:
    plain = re.sub(r"[年月/.]", "-", text.strip()).replace("日", "").partition(" ")[0]
    if not plain:
        return None
    try:
        return date(*(int(part) for part in plain.split("-")))
    except (ValueError, TypeError):
        raise NotALimit("“{text}”不是日期，请写成 2021-09-03。", text=text[:20]) from None
