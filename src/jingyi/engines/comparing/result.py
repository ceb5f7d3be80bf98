"""What a comparison says, and the figures it goes by."""

from dataclasses import dataclass
from functools import cache

from jingyi.core.refusal import Refusal
from jingyi.core.rulebook import table
from jingyi.core.tables import Table

CHANGED, SAME, UNCLEAR = "changed", "same", "unclear"


class NotComparable(Refusal):
    """The pictures do not show enough of one place, or are none."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Figures of rulebook/comparing.toml."""

    longest: int  # pixels
    least_matches: int
    least_share: float
    least_overlap: float
    most_error: float  # pixels
    shift: int  # pixels
    difference: float
    least_spot: float
    changed: float
    same: float


@dataclass(frozen=True, slots=True)
class Compared:
    """The verdict and what it rests on.

    `overlap`: share of the later picture that the earlier one shows. `changed`: share of the
    overlap that differs. `spots`: boxes (left, top, right, bottom) in shares of the later
    picture, the largest first. `area`: square metres that differ, where the size of a pixel on
    the ground is known. The pictures are JPEG: the earlier one as seen from where the later one
    was taken, the later one, and the later one with what differs outlined.
    """

    verdict: str  # changed, same or unclear
    overlap: float
    changed: float
    matches: int
    error: float  # pixels, the median
    spots: tuple[tuple[float, float, float, float], ...]
    area: float | None
    before: bytes
    after: bytes
    outlined: bytes


@cache
def rule() -> Rule:
    """Read rulebook/comparing.toml."""
    top = table("comparing.toml")
    top.day("confirmed_on")
    top.text("status")
    top.text("reading")
    found = Rule(
        top.number("longest"), top.number("least_matches"), _share(top, "least_share"),
        _share(top, "least_overlap"), _share(top, "most_error"), top.number("shift"),
        _share(top, "difference"), _share(top, "least_spot"), _share(top, "changed"),
        _share(top, "same"),
    )  # fmt: skip
    top.done()
    return found


def _share(top: Table, key: str) -> float:
    if not top.has(key):
        raise top.wrong(key, "is missing")
    return float(top.data[key])
