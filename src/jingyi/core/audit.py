"""The audit of what triage put aside: a sample anyone can draw again, and how many leads it missed.

A ticket is the SHA-256 of the seed and the incident's name; in each stratum the
lowest tickets are read. Whoever holds the seed and the list draws the same sample.

The interval is exact for a sample without replacement and holds for any truth:
a stratum's one-sided P value is hypergeometric; the strata's are combined as
Fisher did, by their product; the bound is the largest number of leads at which
that product is not yet too small. Checked against enumeration and simulation
in the tests. Not checked: mistakes of the person who reads.

Sources: Fisher, Statistical Methods for Research Workers (4th ed.), 21.1;
Horvitz and Thompson (1952), JASA 47, 663-685.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jingyi.core.refusal import Refusal

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stratum:
    """Scores under `below` (and in no earlier stratum), of which `read` are drawn."""

    below: float
    read: int


@dataclass(frozen=True, slots=True)
class AuditRules:
    """`rulebook/triage/audit.toml`: strata by ascending score."""

    confidence: float
    strata: tuple[Stratum, ...]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "AuditRules":
        """Take the rules out of the rulebook's own words."""
        strata = tuple(Stratum(one["below"], one["read"]) for one in data["stratum"])
        return cls(data["confidence"], strata)

    def stratum(self, score: float) -> int:
        """Return the number of the stratum a score falls into."""
        found = (n for n, one in enumerate(self.strata) if score < one.below)
        return next(found, len(self.strata) - 1)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sample: how many there are in each stratum, and (name, stratum) of those to be read."""

    sizes: tuple[int, ...]
    chosen: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Read:
    """One stratum: how many there are, how many were read, how many of these were leads."""

    size: int
    read: int
    leads: int

    def __post_init__(self) -> None:
        if not 0 <= self.leads <= self.read <= self.size:
            msg = f"{self.leads} leads of {self.read} read of {self.size}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Missed:
    """How many leads were put aside: estimate and interval; `share`s are of all leads there are."""

    estimate: float
    low: int
    high: int
    share: float
    share_low: float
    share_high: float
    read: int
    size: int
    leads: int
    confidence: float


def seed(*, office: str, day: str, root: str) -> str:
    """Return what the sample is drawn by; the ledger's root makes it nobody's choice."""
    return sha256(f"{office}\n{day}\n{root}".encode()).hexdigest()


def ticket(sown: str, name: str) -> str:
    """Return an incident's ticket; the lowest of a stratum are read, in this order."""
    return sha256(f"{sown}\n{name}".encode()).hexdigest()


def draw(rules: AuditRules, scores: Mapping[str, float], sown: str) -> Drawn:
    """Draw the sample from `scores` (name to lead score), ordered by ticket over all strata.

    Raises:
        Refusal: there is nothing to draw from.
    """
    if not scores:
        raise Refusal("没有搁置的反映，无从抽查；等有了新的反映再来。")
    strata: list[list[tuple[str, str]]] = [[] for _ in rules.strata]
    for name, score in scores.items():
        strata[rules.stratum(score)].append((ticket(sown, name), name))
    chosen = [
        (key, name, n)
        for n, (rule, held) in enumerate(zip(rules.strata, strata, strict=True))
        for key, name in sorted(held)[: rule.read]
    ]
    return Drawn(
        tuple(len(held) for held in strata), tuple((name, n) for _key, name, n in sorted(chosen))
    )


def missed(strata: Sequence[Read], *, found: int, confidence: float) -> Missed:
    """Estimate how many leads lie in the strata, and what share they are of all leads.

    Args:
        strata: what was read of each.
        found: leads that triage did put on the desk.
        confidence: 0.95 for an interval that misses the truth at most once in twenty.

    Returns:
        The Horvitz-Thompson estimate (a stratum of which nothing was read counts
        as the ones read do together) and the exact interval.
    """
    tail = (1 - confidence) / 2
    size, read = sum(one.size for one in strata), sum(one.read for one in strata)
    leads = sum(one.leads for one in strata)
    high = most(strata, tail)
    low = size - most([Read(one.size, one.read, one.read - one.leads) for one in strata], tail)
    seen = sum(one.size for one in strata if one.read)
    total = sum(one.size * one.leads / one.read for one in strata if one.read)
    estimate = total * size / seen if seen else 0.0
    return Missed(
        estimate=min(max(estimate, low), high),
        low=low,
        high=high,
        share=_share(estimate, found),
        share_low=_share(low, found),
        share_high=_share(high, found),
        read=read,
        size=size,
        leads=leads,
        confidence=confidence,
    )


def most(strata: Sequence[Read], tail: float) -> int:
    """Return the largest number of leads that is not refuted at the level `tail`, one-sided.

    Every further lead in a stratum has a price: by how much it lowers the
    logarithm of that stratum's P value. The cheapest are taken first, as long
    as the whole price stays within what Fisher's product allows.
    """
    unsure = [one for one in strata if 0 < one.read < one.size]
    known = sum(one.size if not one.read else one.leads for one in strata if one not in unsure)
    if not unsure:
        return known
    cheapest = np.sort(np.concatenate([np.diff(-_log_tail(one)) for one in unsure]))
    within = np.cumsum(cheapest) <= _allowed(len(unsure), tail) + 1e-9
    return known + int(within.sum())


def _log_tail(one: Read) -> Floats:
    """Return the log probability of reading `leads` or fewer, by how many leads there are.

    From none to the most there can be: what was read and was no lead, is none.
    """
    factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, one.size + 1)))])
    held = np.arange(one.size - one.read + one.leads + 1)
    out = np.full(len(held), -np.inf)
    for k in range(one.leads + 1):
        ways = _choose(factorial, held, k) + _choose(factorial, one.size - held, one.read - k)
        out = np.logaddexp(out, ways)
    every = _choose(factorial, np.array([one.size]), one.read)
    return np.asarray(np.minimum.accumulate(np.minimum(out - every, 0.0)), np.float64)


def _choose(factorial: Floats, n: NDArray[np.int64], k: int) -> Floats:
    possible = n >= k
    rest = np.where(possible, n - k, 0)
    return np.where(possible, factorial[n] - factorial[k] - factorial[rest], -np.inf)


def _allowed(count: int, tail: float) -> float:
    """Return t with P(-log of a product of `count` uniform numbers > t) = tail."""
    low, high = 0.0, 1000.0
    for _ in range(200):
        middle = (low + high) / 2
        beyond = math.exp(-middle) * sum(middle**j / math.factorial(j) for j in range(count))
        low, high = (middle, high) if beyond > tail else (low, middle)
    return high


def _share(number: float, found: int) -> float:
    return number / (number + found) if number else 0.0
