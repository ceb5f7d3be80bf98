"""`rulebook/matching/weights.toml` as frozen values."""

from dataclasses import dataclass
from functools import cache

from jingyi.core import rulebook


@dataclass(frozen=True, slots=True)
class Rules:
    """What is counted. The keys are explained in the file itself."""

    title: int
    soft: float
    even: float
    rarity: float
    unit: float
    budget: int
    wide: int


@cache
def shipped() -> Rules:
    """Return the rulebook's rules."""
    search = rulebook.raw("matching/weights.toml")["search"]
    return Rules(
        title=int(search["title"]),
        soft=float(search["soft"]),
        even=float(search["even"]),
        rarity=float(search["rarity"]),
        unit=float(search["unit"]),
        budget=int(search["budget"]),
        wide=int(search["wide"]),
    )
