"""What is compared, what people say of a capture, and how a finding looks."""

from dataclasses import dataclass
from datetime import datetime

from jingyi.core.datum import Datum
from jingyi.core.law import STATUSES, Instrument, Source, read_source
from jingyi.core.tables import Table
from jingyi.core.words import Sentence

WEIGHTS = ("contradiction", "notable", "unknown")


@dataclass(frozen=True, slots=True)
class Rules:
    """rulebook/capture.toml. Metres, seconds, degrees and bits."""

    place_m: int
    clock_s: int
    reported_m: int
    reported_s: int
    later_s: int
    fix_s: int
    night: float
    horizon: float
    bright: float
    shadow_deg: int
    alike: int
    weigh: dict[str, str]
    editing: tuple[str, ...]
    brands: tuple[tuple[str, ...], ...]
    source: Source
    status: str


@dataclass(frozen=True, slots=True)
class Said:
    """What people say of a capture; None or "" where nothing is said.

    Attributes:
        at: when it was taken, with a zone; `within_s` how exact that is meant (a day: 86,400).
        clock_offset_s: the device's clock less the right time.
        lon, lat: degrees of `datum`; accuracy_m: how exact.
        light: "day", "night", or "".
        shadow_to: where shadows fall, degrees from north by east; shadow_ratio: length by height.
        received_at: when the file came in: nothing can have been taken later.
        zone: minutes east of UTC of the office, for clocks that name no zone.
    """

    at: datetime | None = None
    within_s: float = 0
    clock_offset_s: float | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    datum: Datum = "WGS-84"
    device: str = ""
    light: str = ""
    shadow_to: float | None = None
    shadow_ratio: float | None = None
    received_at: datetime | None = None
    zone: int = 480


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit, or cannot be told; the sentence names both values."""

    kind: str
    weight: str
    sentence: Sentence


Hit = tuple[str, Sentence, bool]  # kind, words, and whether it rests on nothing assumed


def read_rules(top: Table, instruments: dict[str, Instrument]) -> Rules:
    """Read rulebook/capture.toml."""
    weigh = top.table("weigh")
    rules = Rules(
        place_m=top.number("place_m"),
        clock_s=top.number("clock_s"),
        reported_m=top.number("reported_m"),
        reported_s=top.number("reported_s"),
        later_s=top.number("later_s"),
        fix_s=top.number("fix_s"),
        night=float(top.text("night")),
        horizon=float(top.text("horizon")),
        bright=float(top.text("bright")),
        shadow_deg=top.number("shadow_deg"),
        alike=top.number("alike"),
        weigh={name: weigh.one_of(name, frozenset(WEIGHTS)) for name in weigh.data},
        editing=tuple(word.lower() for word in top.table("programs").texts("editing")),
        brands=tuple(tuple(names.split()) for names in top.table("brands").texts("names")),
        source=read_source(top.table("source"), instruments),
        status=top.one_of("status", STATUSES),
    )
    top.text("reading")
    top.day("confirmed_on")
    top.done()
    return rules
