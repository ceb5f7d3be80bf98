"""Closed is not fixed: what a verification found of each duty, and whether the whole passes.

A duty is settled when it was found fixed, or not that organ's. A reply settles nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FIXED, PARTLY, NOT, NOT_THEIRS, UNCLEAR = "fixed", "partly", "not", "not-theirs", "unclear"
FINDINGS = (FIXED, PARTLY, NOT, NOT_THEIRS, UNCLEAR)
SETTLED = frozenset({FIXED, NOT_THEIRS})


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty of a suggestion and what each round found of it, the oldest first."""

    number: int
    words: str
    findings: tuple[str, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether the last round to look found nothing left to do."""
        return bool(self.findings) and self.findings[-1] in SETTLED


def duties(asks: Sequence[str], rounds: Sequence[Mapping[tuple[int, str], str]]) -> list[Duty]:
    """Return every duty with its findings.

    Args:
        asks: the duties in words; they are numbered from 1.
        rounds: what each found, by number and words, the oldest first. A duty whose words were
            amended since is a new one: what was found of the old is not held against it.
    """
    return [
        Duty(n, words, tuple(found[n, words] for found in rounds if (n, words) in found))
        for n, words in enumerate(asks, 1)
    ]


def still_open(of: Sequence[Duty]) -> list[Duty]:
    """Return what the next round has to look at."""
    return [duty for duty in of if not duty.settled]


def passes(of: Sequence[Duty]) -> bool:
    """Tell whether there is something to settle and every duty is settled."""
    return bool(of) and all(duty.settled for duty in of)
