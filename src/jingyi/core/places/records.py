"""A record as it came in a file: its values by field, its shape sound and in WGS-84."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from jingyi.core.places import shapes
from jingyi.core.places.book import book
from jingyi.core.places.frames import Frame, to_degrees
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Record:
    """One record: `told` by field of the book, `origin` its datum and how it was first given."""

    number: int
    told: Mapping[str, str]
    geometry: dict[str, Any] | None
    repairs: tuple[Sentence, ...] = ()
    fault: Sentence | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON that `from_json` reads."""
        return {
            "number": self.number,
            "told": dict(self.told),
            "geometry": self.geometry,
            "repairs": [one.to_json() for one in self.repairs],
            "fault": self.fault.to_json() if self.fault else None,
            "origin": dict(self.origin),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(
            stored["number"],
            stored["told"],
            stored["geometry"],
            tuple(Sentence.from_json(one) for one in stored["repairs"]),
            Sentence.from_json(stored["fault"]) if stored["fault"] else None,
            stored["origin"],
        )


def read(
    number: int,
    told: Mapping[str, str],
    geometry: Any,
    frame: Frame,
    *,
    fault: Sentence | None = None,
    datum: str = "",
) -> Record:
    """Return the record with its shape mended and in WGS-84, or with the reason why it has none.

    Args:
        told: values by heading, as the file calls them.
        geometry: a GeoJSON geometry in the numbers of `frame`.
        datum: what the reader of the file says its degrees are; what a record says of itself goes
            before, and a grid is always on its own datum.
    """
    fields = fielded(told)
    if fault or geometry is None:
        return Record(number, fields, None, fault=fault or say("没有图形，也没有坐标"))
    chosen = frame.datum if frame.grid else fields.get("datum") or datum or frame.datum
    try:
        degrees = to_degrees(geometry, frame)
        found = shapes.read(degrees, chosen)
    except Refusal as refusal:
        return Record(number, fields, None, fault=refusal.sentence)
    except (TypeError, ValueError, IndexError, KeyError, OverflowError, AttributeError):
        return Record(number, fields, None, fault=say("图形的坐标不完整，无法画出。"))
    origin: dict[str, Any] = {"datum": chosen}
    if frame.grid:
        origin["grid"] = {"middle": frame.grid.middle, "easting": frame.grid.easting}
    if frame.grid or shapes.shifts(chosen):
        origin["given"] = geometry
    return Record(number, fields, found.geometry, found.repairs, None, origin)


def fielded(told: Mapping[str, str]) -> dict[str, str]:
    """Return the values by field; of two headings for one field the field's own name goes first."""
    columns = book().columns
    found: dict[str, str] = {}
    for heading, value in told.items():
        name = columns.get(heading.strip().lower())
        if name and (name not in found or heading.strip().lower() == name):
            found[name] = value
    return found
