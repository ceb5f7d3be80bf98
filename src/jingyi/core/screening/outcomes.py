"""What became of a model's hits: precision, case rate, misses, and whether it has begun to drift.

Intervals are exact: Clopper and Pearson (1934), Biometrika 26, for shares of a sample; the
hypergeometric tail for a sample drawn without replacement from what was not flagged. The
drift alarm is a cumulative sum of log likelihood ratios (Page 1954, Biometrika 41).
Not checked: mistakes of the person who adjudicates.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from jingyi.core.refusal import Refusal

CONFIDENCE = 0.95
HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of`, with the interval that the true share lies in."""

    hits: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        return self.hits / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Adjudicated:
    """One hit that a person judged: confirmed or not, and whether a case was opened."""

    hit: str
    on: date
    confirmed: bool
    case: bool = False


@dataclass(frozen=True, slots=True)
class Suppression:
    """A hit that is not to be shown again, with the reason, until a day."""

    hit: str
    reason: str
    until: date

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise Refusal("抑制一条命中须写明理由。")

    def holds(self, on: date) -> bool:
        return on <= self.until


@dataclass(frozen=True, slots=True)
class Recall:
    """Of what is there to find, the share found; with the interval."""

    low: float
    high: float
    point: float | None
    most_missed: int  # rows missed at most, at this confidence


def share(hits: int, of: int, confidence: float = CONFIDENCE) -> Share:
    """Return a share with its exact interval.

    Raises:
        ValueError: more hits than there are.
    """
    if not 0 <= hits <= of:
        msg = f"{hits} of {of}"
        raise ValueError(msg)
    tail = (1 - confidence) / 2
    low = 0.0 if hits == 0 else _root(lambda p: 1 - _below(hits - 1, of, p) - tail)
    high = 1.0 if hits == of else _root(lambda p: tail - _below(hits, of, p))
    return Share(hits, of, low, high)


def precision(judged: Sequence[Adjudicated], confidence: float = CONFIDENCE) -> Share:
    """Return how many of the adjudicated hits were confirmed."""
    return share(sum(one.confirmed for one in judged), len(judged), confidence)


def case_rate(judged: Sequence[Adjudicated], confidence: float = CONFIDENCE) -> Share:
    """Return how many of the adjudicated hits became cases."""
    return share(sum(one.case for one in judged), len(judged), confidence)


def shown_hits(hits: Iterable[str], suppressions: Iterable[Suppression], on: date) -> list[str]:
    """Return the hits that no suppression holds back on this day."""
    held = {one.hit for one in suppressions if one.holds(on)}
    return [one for one in hits if one not in held]


def recall(
    confirmed: int, unflagged: int, read: int, found: int, confidence: float = CONFIDENCE
) -> Recall:
    """Return the recall of a model, given a random sample of what it did not flag.

    Args:
        confirmed: true hits among the flagged, all of which were adjudicated.
        unflagged: rows that were not flagged.
        read: rows of these drawn at random without replacement, and judged by a person.
        found: rows of the sample that should have been flagged.

    The number missed has a hypergeometric interval; recall is confirmed / (confirmed + missed).
    """
    if not 0 <= found <= read <= unflagged:
        msg = f"{found} of {read} read of {unflagged}"
        raise ValueError(msg)
    tail = (1 - confidence) / 2
    least = _fewest(unflagged, read, found, tail)
    most = _most(unflagged, read, found, tail)
    point = None
    if read:
        missed = found * unflagged / read
        point = confirmed / (confirmed + missed) if confirmed + missed else None
    low = confirmed / (confirmed + most) if confirmed + most else 0.0
    high = confirmed / (confirmed + least) if confirmed + least else 1.0
    return Recall(low, high, point, most)


@dataclass(frozen=True, slots=True)
class Drift:
    """Where the precision of a model began to fall below what it was, if it did."""

    alarmed_at: int | None  # adjudications until the alarm, from 1
    score: float


def drift(
    outcomes: Iterable[bool], usual: float, fallen: float | None = None, threshold: float = 6.0
) -> Drift:
    """Watch adjudications in order; alarm when they speak for `fallen` precision rather than `usual`.

    `fallen` is half of `usual` unless given. At a threshold of 6 a model that has not
    fallen is accused, on average, not before e^6 = 403 adjudications.
    """
    usual = min(max(usual, 0.01), 0.99)
    fallen = min(max(usual / 2 if fallen is None else fallen, 0.005), 0.985)
    if fallen >= usual:
        msg = f"{fallen} is not below {usual}"
        raise ValueError(msg)
    right, wrong = math.log(fallen / usual), math.log((1 - fallen) / (1 - usual))
    score, at = 0.0, None
    for number, one in enumerate(outcomes, 1):
        score = max(0.0, score + (right if one else wrong))
        if at is None and score >= threshold:
            at = number
    return Drift(at, score)


def _below(hits: int, of: int, p: float) -> float:
    """Return P(X <= hits) for a binomial X."""
    if p <= 0:
        return 1.0
    if p >= 1:
        return 1.0 if hits >= of else 0.0
    logs = [_choose(of, k) + k * math.log(p) + (of - k) * math.log1p(-p) for k in range(hits + 1)]
    return min(1.0, math.fsum(math.exp(one) for one in logs))


def _choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _root(rising: Callable[[float], float]) -> float:
    """Return where a rising function of a probability is zero."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2


def _tail(total: int, bad: int, read: int, found: int) -> float:
    """Return P(X <= found) where `read` are drawn from `total`, `bad` of them bad."""
    first, last = max(0, read - (total - bad)), min(found, bad, read)
    whole = _choose(total, read)
    return math.fsum(
        math.exp(_choose(bad, k) + _choose(total - bad, read - k) - whole)
        for k in range(first, last + 1)
    )


def _most(total: int, read: int, found: int, tail: float) -> int:
    """Return the largest number of bad ones at which so few in the sample is not too unlikely."""
    low, high = found, total - (read - found)
    while low < high:
        middle = (low + high + 1) // 2
        if _tail(total, middle, read, found) > tail:
            low = middle
        else:
            high = middle - 1
    return low


def _fewest(total: int, read: int, found: int, tail: float) -> int:
    """Return the smallest number of bad ones at which so many in the sample is not too unlikely."""
    if found == 0:
        return 0
    low, high = found, total - (read - found)
    while low < high:
        middle = (low + high) // 2
        if 1 - _tail(total, middle, read, found - 1) > tail:
            high = middle
        else:
            low = middle + 1
    return low
