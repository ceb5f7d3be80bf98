"""Which column of a table of readings is what: items with their units, or item, value and unit."""

from collections.abc import Sequence
from dataclasses import dataclass

from jingyi.core.lab.limits import Standard
from jingyi.core.lab.units import Item, Names, Unit, heading, plain
from jingyi.core.refusal import Refusal
from jingyi.core.tables import Table

ROLES = (
    "id", "site", "area", "time", "item", "value", "unit", "food", "limit", "cited", "from", "to",
)  # fmt: skip


class NoReadings(Refusal):
    """A table in which nothing is found that a standard limits, or a unit is not written."""


@dataclass(frozen=True, slots=True)
class Headings:
    """rulebook/lab/headings.toml: plain names of the columns that are not readings."""

    roles: dict[str, frozenset[str]]
    not_measured: frozenset[str]

    def find(self, role: str, names: Sequence[str]) -> str | None:
        """Return the first column of a role; None if there is none."""
        return next((name for name in names if plain(name) in self.roles[role]), None)


@dataclass(frozen=True, slots=True)
class Wide:
    """One column an item."""

    columns: tuple[tuple[str, Item, Unit], ...]
    left_out: tuple[str, ...]  # items that the standard does not limit


@dataclass(frozen=True, slots=True)
class Long:
    """One row a result: the columns of item, value and unit ("" for none)."""

    item: str
    value: str
    unit: str


def read_headings(top: Table) -> Headings:
    found = Headings(
        {role: frozenset(map(plain, top.texts(role))) for role in ROLES},
        frozenset(top.texts("not_measured")),
    )
    top.done()
    return found


def layout(
    names: Sequence[str], standard: Standard, known: Names, headings: Headings, *, own_units: bool
) -> Wide | Long:
    """Return how a table of readings is laid out.

    Args:
        own_units: where no unit is written, that of the standard is meant; else it is refused.

    Raises:
        NoReadings: nothing of the standard is in the table, or a unit is missing.
        UnknownUnit: a unit that is not one of the item.
    """
    item, value = headings.find("item", names), headings.find("value", names)
    if item and value:
        return Long(item, value, headings.find("unit", names) or "")
    asked = {limit.item.id: limit.unit for limit in standard.limits}
    asked |= {one.measured.item: one.measured.unit for one in standard.choices if one.measured}
    found, left_out = [], []
    for name in names:
        what = known.item(name)
        if what is None:
            continue
        if what.id not in asked:
            left_out.append(name)
            continue
        found.append((name, what, _unit(name, what, asked[what.id], known, own_units=own_units)))
    if not found:
        raise NoReadings(
            "表中没有 {standard} 所列的项目。表头应像“氨氮(mg/L)”，或有“项目、结果、单位”三列。",
            standard=standard.number,
        )
    return Wide(tuple(found), tuple(left_out))


def _unit(name: str, item: Item, usual: Unit, known: Names, *, own_units: bool) -> Unit:
    unit = heading(name)[1]
    if unit or item.kind == "none":
        return known.unit(item, unit)
    if own_units:
        return usual
    raise NoReadings(
        "“{name}”一列没有写单位。请把表头写成“{name}({unit})”，或确认全表都用标准的单位后加 --own-units。",
        name=name,
        unit=usual.id,
    )
