"""The values that were found, as plain as JSON."""

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, Self

TIMES = ("taken", "modified", "utc", "modified_utc", "gps_at")


@dataclass(slots=True)
class Found:
    """What a file says of itself; None or "" where it says nothing that can be read.

    Attributes:
        taken: by the camera's clock, without a zone; `zone` is minutes east of UTC where it says so.
        modified, modified_zone: of the last program that wrote it, likewise.
        utc, modified_utc: of a film's header, which should be UTC.
        gps_at: of the satellites, UTC.
        lon, lat: degrees of `datum` as written ("" means WGS-84); accuracy_m: of the fix.
        flash: whether it fired; daylight: whether the camera calls the light daylight.
        light: exposure value at ISO 100, from aperture, time and sensitivity.
        width, height: of the picture; said_width, said_height: as EXIF says it was taken.
        programs: every program that is named, the camera's own firmware among them.
        thumbnail: where the small picture lies, (offset, bytes) from the file's beginning.
        broken: the file ends too early or goes on for too long.
    """

    kind: str = ""
    taken: datetime | None = None
    zone: int | None = None
    modified: datetime | None = None
    modified_zone: int | None = None
    utc: datetime | None = None
    modified_utc: datetime | None = None
    gps_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    datum: str = ""
    make: str = ""
    model: str = ""
    programs: list[str] = field(default_factory=list)
    flash: bool | None = None
    daylight: bool | None = None
    light: float | None = None
    width: int | None = None
    height: int | None = None
    said_width: int | None = None
    said_height: int | None = None
    seconds: float | None = None
    thumbnail: tuple[int, int] | None = None
    broken: bool = False

    def name(self, program: str) -> None:
        """Add a program that is named."""
        if program and program not in self.programs and len(self.programs) < 20:
            self.programs.append(program)

    def at(self, lon: float, lat: float) -> None:
        """Take a place; not one that is none, nor the one that receivers write without a fix."""
        if abs(lon) <= 180 and abs(lat) <= 90 and not lon == lat == 0:
            self.lon, self.lat = lon, lat

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON."""
        plain = asdict(self)
        for name in TIMES:
            plain[name] = plain[name].isoformat() if plain[name] else None
        return plain

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        known = {one.name for one in fields(cls)}
        values = {name: value for name, value in stored.items() if name in known}
        for name in TIMES:
            values[name] = datetime.fromisoformat(values[name]) if values.get(name) else None
        if values.get("thumbnail"):
            values["thumbnail"] = tuple(values["thumbnail"])
        return cls(**values)


def text(raw: bytes) -> str:
    """Return what a field of bytes says, up to its first zero, without what cannot be shown."""
    words = raw.split(b"\0", 1)[0].decode("utf-8", "replace")
    return "".join(c for c in words if c.isprintable()).strip()[:120]
