"""The laboratory's part of the rulebook, read once."""

from datetime import date
from functools import cache

from jingyi.core.lab.control_rules import Rules, read_rules
from jingyi.core.lab.headings import Headings, read_headings
from jingyi.core.lab.keeping import Keeping, read_keeping
from jingyi.core.lab.limits import Standard, read_standard
from jingyi.core.lab.stations import Rule
from jingyi.core.lab.stations import read_rules as read_stations
from jingyi.core.lab.units import Names, read_names
from jingyi.core.rulebook import UnknownRule, files, instruments, table


@cache
def names() -> Names:
    """Return every unit and item with its names."""
    return read_names(table("lab/units.toml"), table("lab/items.toml"))


@cache
def standards() -> dict[str, Standard]:
    """Return every table of limits, by id; superseded ones included."""
    found = [read_standard(table(name), names()) for name in files("lab/standards")]
    by_id = {one.id: one for one in found}
    for one in found:
        if one.replaced_by and one.replaced_by not in by_id:
            msg = f"{one.id}: replaced_by names {one.replaced_by}, which is not there"
            raise ValueError(msg)
    return by_id


def standard(name: str, on: date | None = None) -> Standard:
    """Return the table of limits with this id, which was in force on the day, if one is given.

    Raises:
        UnknownRule: there is none, or it was not in force.
    """
    found = standards().get(name.lower())
    if found is None:
        raise UnknownRule(
            "限值库里没有“{name}”。现有：{names}。GB 2763 等未随附的标准由本院自行录入。",
            name=name[:40],
            names="、".join(standards()),
        )
    if on and not found.in_force(on):
        raise UnknownRule(
            "{number} 的施行期间是 {start} 至 {end}，不能用于 {day} 的样品；{instead}",
            number=found.number,
            start=found.in_force_from,
            end=found.in_force_to or "今",
            day=on,
            instead=f"请改用 {found.replaced_by}。"
            if found.replaced_by
            else "请选用当时施行的标准。",
        )
    return found


@cache
def headings() -> Headings:
    """Return what the columns of tables of readings are called."""
    return read_headings(table("lab/headings.toml"))


@cache
def control() -> Rules:
    """Return which controls a batch needs and what they have to keep."""
    return read_rules(table("lab/control.toml"), instruments())


@cache
def keeping() -> Keeping:
    """Return how samples are kept, and for how long, item by item."""
    return read_keeping(table("lab/keeping.toml"), instruments(), names())


@cache
def exceedances() -> tuple[Rule, ...]:
    """Return when a station's readings are worth a person's look."""
    return read_stations(table("lab/stations.toml"))
