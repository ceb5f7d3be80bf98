"""The limits library: what a standard allows, under which conditions, from when until when."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jingyi.core.lab.units import Item, Names, Unit
from jingyi.core.law import STATUSES, titled
from jingyi.core.refusal import Refusal
from jingyi.core.tables import Table
from jingyi.core.words import Sentence, say

SHAPES = frozenset({"class", "limit"})


class NotChosen(Refusal):
    """A condition of the standard that nobody has said."""


@dataclass(frozen=True, slots=True)
class Option:
    id: str
    title: Sentence
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A choice that a measurement makes: at most the first break is the first option, and so on."""

    item: str
    unit: Unit
    breaks: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """What tells an option where nobody says: that the station measures `item`, or its name."""

    option: str
    item: str
    name_ends: tuple[str, ...]
    because: Sentence


@dataclass(frozen=True, slots=True)
class Choice:
    """A condition on which limits depend, such as river or lake."""

    id: str
    title: Sentence
    options: tuple[Option, ...]
    default: str = ""
    measured: Measured | None = None
    signs: tuple[Sign, ...] = ()

    def named(self, word: str) -> str:
        """Return the option that a word means.

        Raises:
            NotChosen: none.
        """
        for option in self.options:
            if word.strip() in {option.id, str(option.title), *option.words}:
                return option.id
        raise NotChosen(
            "“{word}”不是“{title}”的一种，可写 {options}。",
            word=word[:40],
            title=self.title,
            options="、".join(f"{one.id}（{one.title}）" for one in self.options),
        )

    def told(self, site: str, items: Collection[str]) -> str:
        """Return the option that a site's name or what it measures tells; else the default."""
        bare = re.sub(r"[（(][^（）()]*[)）]\s*$", "", site).strip()
        for sign in self.signs:
            if sign.item in items or (sign.name_ends and bare.endswith(sign.name_ends)):
                return sign.option
        return self.default

    def index(self, option: str) -> int:
        return [one.id for one in self.options].index(option)


@dataclass(frozen=True, slots=True)
class Limit:
    """What one item may be, level by level; None: that level sets none.

    `below`: the figure must be less than `high`, not equal to it. `apart`: reported, but left out
    of the class of the whole.
    """

    item: Item
    unit: Unit
    low: tuple[Decimal | None, ...]
    high: tuple[Decimal | None, ...]
    when: Mapping[str, frozenset[str]]
    below: bool = False
    apart: bool = False
    status: str = "settled"

    def holds(self, chosen: Mapping[str, str]) -> bool:
        """Tell whether it applies under the conditions chosen."""
        return all(chosen.get(choice) in options for choice, options in self.when.items())


@dataclass(frozen=True, slots=True)
class Standard:
    """A table of limits of one standard. `levels` from best to worst; worse than all: `beyond`."""

    id: str
    number: str
    title: Sentence
    table: str
    matrix: str
    shape: str
    in_force_from: date
    in_force_to: date | None
    replaced_by: str
    status: str
    confirmed_on: date
    reading: Sentence
    levels: tuple[str, ...]
    beyond: str
    choices: tuple[Choice, ...]
    limits: tuple[Limit, ...]

    def __str__(self) -> str:
        """Return the citation, always in the original."""
        return f"{self.number} {self.table}"

    def in_force(self, on: date) -> bool:
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)

    def level(self, index: int) -> str:
        """Return the name of a level; one past the last is `beyond`."""
        return (*self.levels, self.beyond)[index]

    def called(self, index: int) -> Sentence:
        """Return a level as a sentence speaks of it."""
        if self.shape == "class" and index < len(self.levels):
            return say("{level}类", level=self.levels[index])
        return say("{level}", level=self.level(index))

    def choice(self, name: str) -> Choice:
        """Return a condition of this standard.

        Raises:
            NotChosen: it has none of that name.
        """
        for choice in self.choices:
            if choice.id == name:
                return choice
        raise NotChosen(
            "{standard} 没有“{name}”这一条件；可用的条件：{names}。",
            standard=self.number,
            name=name[:40],
            names="、".join(f"{one.id}（{one.title}）" for one in self.choices) or "无",
        )

    def settled(self, said: Mapping[str, str]) -> dict[str, str]:
        """Return an option for every choice that nothing measured makes: said, or the default.

        Raises:
            NotChosen: a choice without default, of which nothing was said; or one it has not.
        """
        chosen = {name: self.choice(name).named(word) for name, word in said.items()}
        for choice in self.choices:
            if choice.id not in chosen and not choice.measured:
                if not choice.default:
                    raise NotChosen(
                        "{standard} 按“{title}”分别规定限值，须先写明：{options}。",
                        standard=self.number,
                        title=choice.title,
                        options="、".join(f"{one.id}（{one.title}）" for one in choice.options),
                    )
                chosen[choice.id] = choice.default
        return chosen


def read_standard(top: Table, names: Names) -> Standard:
    """Read one file of rulebook/lab/standards/."""
    levels = top.texts("levels")
    choices = tuple(_read_choice(row, names) for row in top.tables("choice"))
    by_id = {choice.id: choice for choice in choices}
    status = top.one_of("status", STATUSES)
    found = Standard(
        id=top.text("id"),
        number=top.text("number"),
        title=titled(top.text("title"), top.text("title_en")),
        table=top.text("table"),
        matrix=top.text("matrix"),
        shape=top.one_of("shape", SHAPES),
        in_force_from=top.day("in_force_from"),
        in_force_to=top.day_or_none("in_force_to"),
        replaced_by=top.text("replaced_by", ""),
        status=status,
        confirmed_on=top.day("confirmed_on"),
        reading=titled(top.text("reading"), top.text("reading_en")),
        levels=levels,
        beyond=top.text("beyond"),
        choices=choices,
        limits=tuple(
            limit
            for row in top.tables("limits", least=1)
            for limit in _read_limits(row, names, by_id, len(levels), status)
        ),
    )
    top.done()
    return found


def _read_choice(row: Table, names: Names) -> Choice:
    options = []
    for one in row.tables("options", least=1):
        options.append(Option(one.text("id"), titled(one.text("title"), one.text("title_en")), one.texts("words")))  # fmt: skip
        one.done()
    measured = None
    if table := row.table_or_none("measured"):
        item = names.items[table.text("item")]
        breaks = tuple(Decimal(text) for text in table.texts("breaks"))
        measured = Measured(item.id, names.unit(item, table.text("unit")), breaks)
        table.done()
        if len(breaks) + 1 != len(options):
            raise row.wrong("measured", "needs one break fewer than options")
    signs = []
    for one in row.tables("tell"):
        signs.append(
            Sign(
                one.text("option"),
                one.text("item", ""),
                one.texts("name_ends", ()),
                titled(one.text("because"), one.text("because_en")),
            )
        )
        one.one_of("status", STATUSES)
        one.done()
    choice = Choice(
        row.text("id"),
        titled(row.text("title"), row.text("title_en")),
        tuple(options),
        row.text("default", ""),
        measured,
        tuple(signs),
    )
    row.done()
    ids = {option.id for option in options}
    if {sign.option for sign in signs} - ids or (choice.default and choice.default not in ids):
        raise row.wrong("default", "or tell names an option that is not there")
    return choice


def _read_limits(
    row: Table, names: Names, choices: Mapping[str, Choice], levels: int, status: str
) -> list[Limit]:
    """Read one row: figures by level, one for all levels, or by the options of the choice `by`."""
    item = names.items[row.text("item")]
    unit = names.unit(item, row.text("unit"))
    low, high = (_figures(row.texts(key, ())) for key in ("low", "high"))
    by = row.text("by", "")
    when: dict[str, frozenset[str]] = {}
    if table := row.table_or_none("when"):
        for choice, options in table.data.items():
            asked = frozenset([options] if isinstance(options, str) else options)
            if choice not in choices or asked - {one.id for one in choices[choice].options}:
                raise row.wrong("when", f"names {choice} {sorted(asked)}")
            when[choice] = asked
    shared = (row.yes("below", False), row.yes("apart", False), row.one_of("status", STATUSES, status))  # fmt: skip
    row.done()
    if not by:
        for figures in (low, high):
            if len(figures) not in {0, 1, levels}:
                raise row.wrong("high", f"needs 1 or {levels} figures")
        return [Limit(item, unit, _spread(low, levels), _spread(high, levels), when, *shared)]
    found = []
    for n, option in enumerate(choices[by].options):
        pair = [_spread(figures[n : n + 1], levels) for figures in (low, high)]
        if any(figure is not None for figures in pair for figure in figures):
            only = {**when, by: frozenset({option.id})}
            found.append(Limit(item, unit, pair[0], pair[1], only, *shared))
    return found


def _figures(texts: tuple[str, ...]) -> tuple[Decimal | None, ...]:
    return tuple(None if text == "-" else Decimal(text) for text in texts)


def _spread(figures: tuple[Decimal | None, ...], levels: int) -> tuple[Decimal | None, ...]:
    if not figures:
        return (None,) * levels
    return figures * levels if len(figures) == 1 else figures
