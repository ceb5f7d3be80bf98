"""`rulebook/matching/weights.toml` as frozen values."""

from dataclasses import dataclass
from functools import cache

from jingyi.core import rulebook


@dataclass(frozen=True, slots=True)
class Rules:
    """What is counted, and what agreements are worth. The keys are explained in the file itself."""

    title: int
    soft: float
    even: float
    rarity: float
    unit: float
    budget: int
    whole: int
    wide: int
    parts: tuple[float, float, float]  # near, short, words
    base: float
    above: float
    behind: float
    floor: float
    most: float
    offer: float
    organ: tuple[float, float]  # the same, another
    region: tuple[tuple[int, float], ...]  # digits of the code in common → worth, most first
    days: tuple[tuple[int, float], ...]  # at most so many days apart → worth, fewest first


@cache
def shipped() -> Rules:
    """Return the rulebook's rules."""
    book = rulebook.raw("matching/weights.toml")
    search, parts, score, facts = book["search"], book["parts"], book["score"], book["facts"]
    return Rules(
        title=int(search["title"]),
        soft=float(search["soft"]),
        even=float(search["even"]),
        rarity=float(search["rarity"]),
        unit=float(search["unit"]),
        budget=int(search["budget"]),
        whole=int(search["whole"]),
        wide=int(search["wide"]),
        parts=(float(parts["near"]), float(parts["short"]), float(parts["words"])),
        base=float(score["base"]),
        above=float(score["above"]),
        behind=float(score["behind"]),
        floor=float(score["floor"]),
        most=float(score["most"]),
        offer=float(score["offer"]),
        organ=(float(facts["organ_same"]), float(facts["organ_differs"])),
        region=tuple((int(digits), float(worth)) for digits, worth in facts["region"]),
        days=tuple((int(days), float(worth)) for days, worth in facts["days"]),
    )
