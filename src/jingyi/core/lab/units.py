"""Units and what is measured: names as they come in headings, and exact conversion."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from jingyi.core.law import titled
from jingyi.core.refusal import Refusal
from jingyi.core.tables import Table
from jingyi.core.words import Sentence


class UnknownUnit(Refusal):
    """A unit, or a way from one to another, that is not known: guessing would move a decimal point."""


@dataclass(frozen=True, slots=True)
class Unit:
    """`factor` of a kind's base unit make one of these."""

    id: str
    kind: str
    factor: Fraction


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is measured. `molar_mass` in g/mol, of the species results are expressed as."""

    id: str
    title: Sentence
    kind: str
    names: tuple[str, ...]
    molar_mass: Fraction | None = None


class Items(dict[str, Item]):
    """Items by id; an office's own (`own:mass-fraction:毒死蜱`) is all in its id."""

    def __missing__(self, name: str) -> Item:
        prefix, _, rest = name.partition(":")
        kind, _, title = rest.partition(":")
        if prefix != "own" or not kind or not title:
            raise KeyError(name)
        return Item(name, titled(title, title), kind, (title,))


@dataclass(frozen=True, slots=True)
class Names:
    """Every name under which units and items come."""

    units: Mapping[tuple[str, str], Unit]  # (kind, plain name) → unit
    items: Mapping[str, Item]  # by id
    named: Mapping[str, Item]  # by plain name

    def item(self, name: str) -> Item | None:
        """Return what a heading means, its unit left aside; None if nobody knows."""
        return self.named.get(plain(name)) or self.named.get(plain(heading(name)[0]))

    def unit(self, item: Item, name: str) -> Unit:
        """Return the unit of a name for an item.

        Raises:
            UnknownUnit: not one that this item is measured in.
        """
        kinds = [item.kind, *(["amount-concentration"] if item.molar_mass else [])]
        for kind in kinds:
            if found := self.units.get((kind, plain_unit(name) or "-")):
                return found
        allowed = "、".join(
            dict.fromkeys(unit.id for (kind, _), unit in self.units.items() if kind in kinds)
        )
        raise UnknownUnit(
            "“{item}”的单位“{unit}”不认识，可用 {allowed}；请改正表头或单位列。",
            item=item.title,
            unit=name[:20],
            allowed=allowed,
        )


def factor(item: Item, unit: Unit, to: Unit) -> Fraction:
    """Return by what a figure in `unit` is multiplied to be in `to`, exactly.

    Raises:
        UnknownUnit: there is no way from one to the other.
    """
    if unit.kind == to.kind:
        return unit.factor / to.factor
    pair = (unit.kind, to.kind)
    if item.molar_mass and pair == ("amount-concentration", "mass-concentration"):
        return unit.factor * item.molar_mass / to.factor
    if item.molar_mass and pair == ("mass-concentration", "amount-concentration"):
        return unit.factor / item.molar_mass / to.factor
    raise UnknownUnit(
        "“{item}”不能从 {unit} 换算成 {to}。", item=item.title, unit=unit.id, to=to.id
    )


def heading(text: str) -> tuple[str, str]:
    """Return name and unit of a heading such as `总磷(mg/L)`; no unit: an empty one."""
    found = re.fullmatch(r"(.+?)\s*[(（\[]([^()（）\[\]]*)[)）\]]\s*", unicodedata.normalize("NFC", text))  # fmt: skip
    return (found[1], found[2]) if found else (text.strip(), "")


def plain(name: str) -> str:
    """Return a name without what spellings differ in: width, case, spaces, brackets, dashes."""
    folded = unicodedata.normalize("NFKC", name).lower().replace("α", "a")
    return re.sub(r"[\s()（）\[\]_·-]", "", folded)


def plain_unit(name: str) -> str:
    """Return a unit without what spellings differ in; `µ` (two code points) and `u` are one."""
    folded = unicodedata.normalize("NFKC", name).lower().replace("μ", "u")
    return re.sub(r"[\s·]", "", folded).replace("°c", "℃").replace("℃", "c")


def read_names(units: Table, items: Table) -> Names:
    """Read rulebook/lab/units.toml and items.toml; two items or units of one kind share no name."""
    known: dict[tuple[str, str], Unit] = {}
    for row in units.tables("unit", least=1):
        unit = Unit(row.text("id"), row.text("kind"), Fraction(Decimal(row.text("factor"))))
        for name in (unit.id, *row.texts("names")):
            if known.setdefault((unit.kind, plain_unit(name)), unit) is not unit:
                raise row.wrong("names", f"{name!r} is two units of {unit.kind}")
        row.done()
    kinds = {kind for kind, _ in known}
    found = Items()
    named: dict[str, Item] = {}
    for row in items.tables("item", least=1):
        item = _read_item(row)
        if item.kind not in kinds or item.id in found:
            raise row.wrong("id", f"{item.id!r} comes twice, or its kind has no unit")
        found[item.id] = item
        for name in dict.fromkeys(plain(name) for name in item.names):
            if name in named:
                raise row.wrong("names", f"{name!r} is two items")
            named[name] = item
    return Names(known, found, named)


def _read_item(row: Table) -> Item:
    mass = row.text("molar_mass", "")
    title = row.text("title")
    item = Item(
        id=row.text("id"),
        title=titled(title, row.text("title_en")),
        kind=row.text("kind"),
        names=(title, row.text("id"), *row.texts("names")),
        molar_mass=Fraction(Decimal(mass)) if mass else None,
    )
    row.done()
    return item
