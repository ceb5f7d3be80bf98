"""Realistic tables with planted truth: the examples of a model, many times over, each with keys of its own.

Cases so planted cannot meet: identifiers of one are in no other. What a model must find is
therefore known, at any size. Identity numbers keep region and day of birth and are valid;
so are credit codes. Dates and amounts stay as they are, for thresholds hang on them.
"""

from collections.abc import Mapping
from random import Random
from typing import Any

from stdnum.cn import ric, uscc

from jingyi.core.screening.model import IDENTIFIERS, Model, Row

SURNAMES = "张王李赵刘陈杨黄周吴徐孙马朱胡林郭何高罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰涛明超兰霞平刚桂英建国玉梅"
CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
Planted = tuple[dict[str, list[dict[str, Any]]], list[dict[str, Any]]]


def plant(model: Model, count: int, seed: int = 1) -> Planted:
    """Return tables of `count` cases (rows in random order, each with its `row`), and the hits in them.

    Only examples with the default parameters are used; at least one has hits. A model with links
    is not planted: names made new would not be alike any more.
    """
    dice = Random(seed)  # noqa: S311  data to try with
    usual = [one for one in model.examples if not one.parameters]
    tables: dict[str, list[dict[str, Any]]] = {one.name: [] for one in model.sources}
    hits: list[dict[str, Any]] = []
    for number in range(count):
        example = dice.choice(usual)
        names = _Names(number, dice)
        places = {}
        for source in model.sources:
            kinds = {one.name: one.kind for one in source.columns}
            rows = example.tables[source.name]
            places[source.name] = len(tables[source.name])
            tables[source.name] += [names.renamed(row, kinds) for row in rows]
        hits += [_moved(model, hit, names, places) for hit in example.hits]
    return _shuffled(model, tables, hits, dice)


class _Names:
    """New names for the old ones of one case; the same old one always gets the same new one."""

    def __init__(self, number: int, dice: Random) -> None:
        self.number, self.dice = number, dice
        self.known: dict[str, str] = {}

    def renamed(self, row: Row, kinds: Mapping[str, str]) -> dict[str, Any]:
        return {
            name: self._new(value, kinds[name], name) if value is not None else None
            for name, value in row.items()
        }

    def _new(self, value: Any, kind: str, column: str) -> Any:
        person = column in {"person_name", "party"}
        if kind not in IDENTIFIERS and not person:
            return value
        if value not in self.known:
            self.known[value] = self._name() if person else self._identifier(value, kind)
        return self.known[value]

    def _name(self) -> str:
        return self.dice.choice(SURNAMES) + "".join(
            self.dice.choices(GIVEN, k=self.dice.choice((1, 2)))
        )

    def _identifier(self, old: str, kind: str) -> str:
        place = len(self.known)
        if kind == "person-id":
            # Region and order together count the cases; the day of birth stays.
            case, order = divmod(self.number * 40 + place, 1000)
            region = f"34{case % 10000:04d}"
            bare = f"{region}{old[6:14]}{order:03d}"
            return bare + ric.calc_check_digit(bare)
        if kind == "credit-code":
            bare = f"91340603{_letters(self.number * 40 + place, 9)}"
            return bare + uscc.calc_check_digit(bare)
        return f"{old}-{self.number:06d}"


def _letters(number: int, width: int) -> str:
    found = ""
    for _ in range(width):
        number, digit = divmod(number, len(CODE_LETTERS))
        found = CODE_LETTERS[digit] + found
    return found


def _moved(model: Model, hit: Row, names: _Names, places: Mapping[str, int]) -> dict[str, Any]:
    """Return the hit of an example with the new names, its rows counted from where they were put."""
    moved: dict[str, Any] = {}
    for one in model.outputs:
        value = hit[one.name]
        if one.kind == "rows":
            moved[one.name] = [places[one.source] + row for row in value]
        else:
            moved[one.name] = names.known.get(value, value) if isinstance(value, str) else value
    return moved


def _shuffled(
    model: Model, tables: dict[str, list[dict[str, Any]]], hits: list[dict[str, Any]], dice: Random
) -> Planted:
    """Put the rows of each table in another order, and let the hits cite them where they are now."""
    now: dict[str, dict[int, int]] = {}
    shuffled: dict[str, list[dict[str, Any]]] = {}
    for name, rows in tables.items():
        order = list(range(len(rows)))
        dice.shuffle(order)
        shuffled[name] = [{"row": n, **rows[old]} for n, old in enumerate(order, 1)]
        now[name] = {old + 1: n for n, old in enumerate(order, 1)}
    for hit in hits:
        for one in model.cites:
            hit[one.name] = sorted(now[one.source][row] for row in hit[one.name])
    return shuffled, hits
