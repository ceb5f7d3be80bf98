"""From agreements to a score: the probability that two texts speak of the same matter."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jingyi.core.matching.part_kernels import NEAR, SHORT, WORDS
from jingyi.core.matching.rules import Rules

F32 = NDArray[np.float32]
I32 = NDArray[np.int32]
BACKGROUND = 5  # place, from 0, of the candidate that shows what comes by chance
LEAST = 1e-3  # of nearness, so that its logarithm ends somewhere


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What is on record of each text: an organ's number (0 unknown), a division code, a day number.

    `region` is six digits as a number, 0 unknown; `day` counts from any one day, 0 unknown.
    """

    organ: I32
    region: I32
    day: I32

    @classmethod
    def unknown(cls, count: int) -> "Facts":
        """Return facts of texts about which nothing is on record."""
        return cls(*(np.zeros(count, np.int32) for _ in range(3)))


def sums(parts: F32, rules: Rules) -> F32:
    """Return (queries × candidates) the weighted sum of the parts."""
    near, short, words = rules.parts
    out = near * np.log(np.maximum(parts[:, :, NEAR], LEAST))
    out += short * parts[:, :, SHORT] + words * parts[:, :, WORDS]
    return np.asarray(out, np.float32)


def of_facts(mine: Facts, others: Facts, row: I32, rules: Rules) -> F32:
    """Return (queries × candidates × 3) what organ, region and day of both add; 0 where unknown.

    A row of -1 reads the 0 behind the last.
    """
    out = np.zeros((*row.shape, 3), np.float32)
    a, b = mine.organ[:, None], np.append(others.organ, 0)[row]
    out[:, :, 0] = np.where((a > 0) & (b > 0), np.where(a == b, *rules.organ), 0)
    a, b = mine.region[:, None], np.append(others.region, 0)[row]
    known = (a > 0) & (b > 0)
    for digits, worth in reversed(rules.region):
        step = 10 ** (6 - digits)
        out[:, :, 1] = np.where(known & (a // step == b // step), worth, out[:, :, 1])
    a, b = mine.day[:, None], np.append(others.day, 0)[row]
    known = (a > 0) & (b > 0)
    for days, worth in reversed(rules.days):
        out[:, :, 2] = np.where(known & (np.abs(a - b) <= days), worth, out[:, :, 2])
    return out


def standing(total: F32, row: I32, rules: Rules) -> tuple[F32, F32]:
    """Return how far each candidate is above the background, and how far behind the best one.

    The background is the candidate at place `BACKGROUND`: so near comes by chance what only has
    the usual words in common. Several texts on one matter do not stand in each other's way.
    """
    sure = np.where(row >= 0, total, -np.inf)
    ordered = np.sort(sure, axis=1)[:, ::-1]
    few = np.full((len(row), 1), -np.inf)
    usual = ordered[:, BACKGROUND : BACKGROUND + 1] if row.shape[1] > BACKGROUND else few
    known = np.where(row >= 0, total, 0)
    above = np.clip(known - np.maximum(usual, rules.floor), -rules.most, rules.most)
    behind = np.clip(np.where(row >= 0, ordered[:, :1], 0) - known, 0, rules.most)
    return np.asarray(above, np.float32), np.asarray(behind, np.float32)


def scores(total: F32, row: I32, rules: Rules) -> F32:
    """Return (queries × candidates) probabilities; 0 where there is no candidate."""
    above, behind = standing(total, row, rules)
    z = rules.base + rules.above * above - rules.behind * behind
    return np.where(row >= 0, 1 / (1 + np.exp(-z)), 0).astype(np.float32)
