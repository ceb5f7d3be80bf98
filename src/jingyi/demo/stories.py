"""What happens in the city from January 2024 on: 1,928 matters of public interest, and everyday life.

A story is the truth behind some reports. Triage is not told it; it gets the reports alone.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from math import cos, hypot, pi, sin
from random import Random

from jingyi.demo.chance import dice
from jingyi.demo.geography import shapes, zhiyang
from jingyi.demo.geography.land import Spot
from jingyi.demo.geography.protected import Protected, protected
from jingyi.demo.geography.shapes import Point
from jingyi.demo.telling import STORIES, firm, message, shop, surname, tell

FIRST = datetime(2024, 1, 2, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)  # 14:00 in the city: the demo's present
SOURCES = (("hotline", 62), ("citizen", 21), ("volunteer", 7), ("deputy", 4), ("organ", 3), ("media", 2), ("casework", 1))  # fmt: skip
BY_DAY = (1, 1, 1, 1, 1, 1, 2, 5, 9, 11, 10, 8, 5, 6, 8, 9, 8, 7, 6, 6, 5, 4, 2, 1)  # per hour


@dataclass(frozen=True, slots=True)
class Told:
    """One report as it came in."""

    source: str
    at: datetime
    title: str
    text: str
    place_words: str
    point: Point | None  # where the sender's phone said it was
    accuracy: float
    anonymous: bool
    reporter: str


@dataclass(slots=True)
class Story:
    """One thing that happened. `domain` is empty where it is no public-interest matter."""

    number: int
    kind: Mapping
    domain: str
    at: Point
    district: str
    gaps: dict[str, str]
    begun: datetime
    place: Protected | None = None
    worked: bool = False  # the case that is told whole
    told: list[Told] = field(default_factory=list)

    @property
    def case_title(self) -> str:
        return self.kind["case"].format(**self.gaps)


@cache
def kinds() -> tuple[dict, ...]:
    """Return every kind of story, its domain filled in."""
    found = []
    for path in sorted(STORIES.glob("*.toml")):
        book = tomllib.loads(path.read_text("utf-8"))
        found += [{"domain": book.get("domain", ""), **kind} for kind in book.get("kind", ())]
    return tuple(found)


@cache
def stories() -> tuple[Story, ...]:
    """Return every story with its reports, oldest first."""
    made = []
    for kind in kinds():
        made += [_story(kind, n) for n in range(kind["weight"])]
    _tell_whole(next(story for story in made if story.kind["id"] == "wall-relic"))
    made.sort(key=lambda story: (story.begun, story.kind["id"], story.at))
    for number, story in enumerate(made, 1):
        story.number = number
        story.told = sorted(_reports(story), key=lambda told: (told.at, told.text))
    return tuple(made)


def _story(kind: Mapping, n: int) -> Story:
    own = dice("story", kind["id"], n)
    kind = _side_of(kind, own)
    site = None
    if "protected" in kind:
        site = own.choice([p for p in protected() if p.kind in kind["protected"]])
        spot = _near(site.at, own)
        at = site.outline[own.randrange(len(site.outline))] if site.area else site.at
    else:
        spot = own.choice(_spots(tuple(kind["at"]), water=kind.get("water", False)))
        far, turn = own.uniform(20, 260), own.uniform(0, 2 * pi)
        at = spot.at[0] + far * cos(turn), spot.at[1] + far * sin(turn)
    district = zhiyang().district_of(at).code
    return Story(
        0, kind, kind["domain"], at, district, _gaps(kind, spot, site, own), _when(kind, own), site
    )


def _tell_whole(story: Story) -> None:
    """Make a story of the old city wall that of the case told whole (worked.toml)."""
    told = tomllib.loads((STORIES.parent / "worked.toml").read_text("utf-8"))
    site = next(place for place in protected() if place.code == told["site"])
    spot = _near(site.at, dice("worked"))
    story.worked = True
    story.place, story.at, story.begun = site, site.outline[2], told["begun"]
    story.district = zhiyang().district_of(story.at).code
    story.gaps = _gaps(story.kind, spot, site, dice("worked"))


def _side_of(kind: Mapping, own: Random) -> dict:
    """Return the kind narrowed to what is seen in this one story: one to three sides of it."""
    if kind.get("pairs"):
        several = "firm" not in kind and "shop" not in kind and own.random() < 0.3
        sides = own.sample(range(len(kind["see"])), k=2 if several else 1)
        return {**kind, **{what: [kind[what][n] for n in sides] for what in ("see", "title")}}
    seen = own.sample(kind["see"], k=min(len(kind["see"]), own.choice([2, 2, 3])))
    titles = own.sample(kind["title"], k=min(len(kind["title"]), 2))
    return {**kind, "see": seen, "title": titles}


def _gaps(kind: Mapping, spot: Spot, site: Protected | None, own: Random) -> dict[str, str]:
    """Return what fills the gaps of this story's sentences, the same for all who tell it."""
    land = zhiyang()
    district = next(area.name for area in land.districts if area.code == spot.district)
    return {
        "district": district,
        "town": spot.town,
        "short": spot.name,
        "river": _river(spot),
        "site": site.name if site else "",
        "firm": firm(kind.get("firm", "service"), own),
        "shop": shop(kind.get("shop", "restaurant"), own),
    }


@cache
def _spots(kinds_of: tuple[str, ...], *, water: bool) -> tuple[Spot, ...]:
    return tuple(
        spot
        for spot in zhiyang().spots
        if spot.kind in kinds_of and (not water or _bank(spot)[0] < 1_600)
    )


@cache
def _bank(spot: Spot) -> tuple[float, str]:
    """Return how far the nearest river is, and its name."""
    return min((shapes.distance(spot.at, way.line), way.name) for way in zhiyang().rivers)


def _river(spot: Spot) -> str:
    far, name = _bank(spot)
    return name if far < 1_600 else "村边小河"


def _near(at: Point, own: Random) -> Spot:
    spots = [s for s in zhiyang().spots if s.kind in {"village", "community", "estate"}]
    spots.sort(key=lambda s: hypot(s.at[0] - at[0], s.at[1] - at[1]))
    return own.choice(spots[:3])


def _when(kind: Mapping, own: Random) -> datetime:
    """Return when it began: summers bring more of what smells."""
    span = (NOW - FIRST).days - 3
    while True:
        day = FIRST + timedelta(days=own.randrange(1, span))
        hot = 1.0 if 5 <= day.month <= 9 else 0.62 if kind.get("water") else 0.85
        if own.random() < hot:
            return _at_hour(day, own)


def _at_hour(day: datetime, own: Random) -> datetime:
    hour = own.choices(range(24), BY_DAY)[0]
    return day.replace(hour=0, minute=0) + timedelta(hours=hour - 8, minutes=own.randrange(60))


def _reports(story: Story) -> Iterator[Told]:
    own = dice("reports", story.kind["id"], story.number)
    at = story.begun
    for n in range(_how_many(story, own)):
        if n:
            at = _at_hour(at + timedelta(days=min(own.expovariate(1 / 9), 60)), own)
        if at >= NOW:
            return
        yield _told(story, n, at, own)


def _how_many(story: Story, own: Random) -> int:
    if story.worked:
        return 7
    if not story.domain:
        return 1 if own.random() < 0.93 else 2
    if own.random() < 0.012:
        return own.randint(18, 42)  # the black river everybody writes about
    return own.choices(range(1, 13), (560, 180, 90, 50, 34, 24, 18, 14, 11, 8, 6, 5))[0]


def _told(story: Story, n: int, at: datetime, own: Random) -> Told:
    source = own.choices([s for s, _ in SOURCES], [w for _, w in SOURCES])[0]
    if not story.domain and source not in {"hotline", "citizen"}:
        source = "hotline"
    gaps = story.gaps | {
        "place": _place(story, own),
        "site": _site(story, own),
        "surname": surname(own),
    }
    phone = source in {"citizen", "volunteer"} and own.random() < 0.62
    accuracy = own.choice([8.0, 15.0, 30.0, 65.0, 120.0])
    return Told(
        source=source,
        at=at,
        title=tell(own.choice(story.kind["title"]), gaps, own),
        text=message(story.kind, source, gaps, own),
        place_words=_address(story, own) if source == "hotline" and own.random() < 0.7 else "",
        point=(story.at[0] + own.gauss(0, accuracy), story.at[1] + own.gauss(0, accuracy))
        if phone
        else None,
        accuracy=accuracy,
        anonymous=own.random() < 0.45,
        reporter=f"{story.number}/{n if own.random() < 0.9 else 0}",
    )


def _place(story: Story, own: Random) -> str:
    """Return one of the ways in which people name the place."""
    gaps = story.gaps
    name = gaps["short"]
    if story.place:
        name = own.choice([gaps["site"], f"{name}附近的{_site(story, own)}"])
    ways = [
        name,
        f"{gaps['town']}{name}",
        f"{gaps['district']}{gaps['town']}{name}",
        f"{gaps['district']}{name}",
        f"我们{name}",
    ]
    tail = own.choice(["", "", "", "附近", "旁边", "门口" if "桥" not in name else "下面", "那边"])
    return own.choices(ways, (4, 4, 3, 2, 1))[0] + tail


def _site(story: Story, own: Random) -> str:
    """Return the protected place by its name, or by what people call it."""
    if not story.place:
        return ""
    return own.choice([story.place.name, *story.place.aliases])


def _address(story: Story, own: Random) -> str:
    gaps = story.gaps
    whole = f"沚阳市{gaps['district']}{gaps['town']}{gaps['short']}"
    return own.choice(
        [whole, whole, f"{gaps['district']}{gaps['town']}", f"{gaps['town']}{gaps['short']}"]
    )
