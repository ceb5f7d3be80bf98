"""How sure we are that a true value keeps a limit, when what was measured has an uncertainty.

What is known of a quantity is a normal distribution: an estimate and its standard uncertainty.
Probabilities of conformity, guard bands and the risks of a decision are those of JCGM 106:2012,
*The role of measurement uncertainty in conformity assessment*; clauses are named where used.

Checked with: the worked examples of JCGM 106 and scipy's bivariate normal (tests).
Not treated: distributions that are not normal, but for a quantity that cannot be negative.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

import numpy as np

from jingyi.core.refusal import Refusal

_STANDARD = NormalDist()
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


def phi(z: float) -> float:
    """Return the standard normal distribution function, exact in both tails."""
    return math.erfc(-z / math.sqrt(2)) / 2


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is known of a quantity: a value and its standard uncertainty, in the same unit.

    `least`: the quantity cannot be below this (a concentration: 0); what the normal distribution
    has there is cut off and the rest is scaled up.
    """

    value: float
    u: float
    least: float | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.value) and math.isfinite(self.u) and self.u > 0):
            raise Refusal(
                "不确定度“{u}”不能用：标准不确定度应当是大于零的数。请填写方法的不确定度。",
                u=self.u,
            )

    def above(self, x: float) -> float:
        """Return the probability that the true value is more than `x`."""
        tail = phi((self.value - x) / self.u)
        if self.least is None:
            return tail
        possible = phi((self.value - self.least) / self.u)
        return tail / possible if x > self.least and possible > 0 else float(x <= self.least)

    def below(self, x: float) -> float:
        """Return the probability that the true value is at most `x`."""
        return phi((x - self.value) / self.u) if self.least is None else 1.0 - self.above(x)


@dataclass(frozen=True, slots=True)
class Interval:
    """The values that are permitted, or accepted: from `lower` to `upper`, either may be open."""

    lower: float | None = None
    upper: float | None = None

    def __post_init__(self) -> None:
        if self.lower is None and self.upper is None:
            raise Refusal("没有上限也没有下限，谈不上是否超标。请先选定限值。")
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise Refusal(
                "区间的下限 {lower} 大于上限 {upper}：护带比允许的范围还宽，没有可以接受的值。",
                lower=self.lower,
                upper=self.upper,
            )

    def holds(self, x: float) -> bool:
        """Tell whether `x` is in the interval; its ends are."""
        return (self.lower is None or x >= self.lower) and (self.upper is None or x <= self.upper)

    def narrowed(self, guard: float) -> "Interval":
        """Return the interval with both ends moved in by `guard`; a negative one widens it."""
        return Interval(
            None if self.lower is None else self.lower + guard,
            None if self.upper is None else self.upper - guard,
        )


def standard(expanded: float, k: float = 2.0) -> float:
    """Return the standard uncertainty of an expanded one with its coverage factor."""
    if not k > 0:
        raise Refusal("包含因子 k 应当大于零，现在是 {k}。", k=k)
    return expanded / k


def rectangular(half_width: float) -> float:
    """Return the standard uncertainty of "anywhere within ± half_width" (JCGM 100, 4.3.7)."""
    return half_width / math.sqrt(3)


def combined(*u: float) -> float:
    """Return the combined standard uncertainty of independent contributions (JCGM 100, 5.1.2)."""
    return math.hypot(*u)


def posterior(measured: Estimate, prior: Estimate) -> Estimate:
    """Return what is known after a measurement of what was known before (JCGM 106, 7.2).

    The mean weighted by the inverse squares of the uncertainties.
    """
    if measured.least is not None or prior.least is not None:
        raise ValueError("weigh the normal distributions first, then set `least`")
    total = measured.u**2 + prior.u**2
    return Estimate(
        (prior.value * measured.u**2 + measured.value * prior.u**2) / total,
        measured.u * prior.u / math.sqrt(total),
    )


def conforms(known: Estimate, limits: Interval) -> float:
    """Return the probability that the true value keeps the limits (JCGM 106, 7.3 and 7.4)."""
    if limits.lower is None:
        return known.below(_end(limits.upper))
    if limits.upper is None:
        return known.above(limits.lower)
    return max(0.0, known.below(limits.upper) - known.below(limits.lower))


def exceeds(known: Estimate, limits: Interval) -> float:
    """Return the probability that the true value breaks the limits: one less `conforms`.

    Summed from the tails, so that a very small probability keeps its digits.
    """
    over = 0.0 if limits.upper is None else known.above(limits.upper)
    under = 0.0 if limits.lower is None else known.below(limits.lower)
    return min(1.0, over + under)


def _end(x: float | None) -> float:
    assert x is not None  # noqa: S101 - an Interval has one end at least
    return x


def guard_band(u: float, probability: float) -> float:
    """Return how far inside one limit a value must lie to conform with this probability.

    That is z·u, z the quantile (JCGM 106, Table 1): 0.95 gives 1.64 u. With the usual U = 2u and
    the guard band r·U, r is z/2. Negative below one half: then the limit is relaxed.
    """
    if not 0 < probability < 1:
        raise Refusal("概率应当在 0 与 1 之间，现在是 {p}。", p=probability)
    return _STANDARD.inv_cdf(probability) * u


def accepted(limits: Interval, expanded: float, r: float = 1.0) -> Interval:
    """Return the guarded acceptance interval: limits moved in by r·U (JCGM 106, 8.3.2)."""
    return limits.narrowed(r * expanded)


def rejected(limits: Interval, expanded: float, r: float = 1.0) -> Interval:
    """Return the interval outside which a value is rejected with a guard (JCGM 106, 8.3.3).

    Limits moved out by r·U: a value within them is not yet proof that the limit was broken.
    """
    return limits.narrowed(-r * expanded)


@dataclass(frozen=True, slots=True)
class Risks:
    """Probabilities: accepted though it breaks the limits; rejected though it keeps them."""

    consumer: float
    producer: float


def specific_risks(known: Estimate, measured: float, limits: Interval, accept: Interval) -> Risks:
    """Return the risks of the decision on one item that was measured (JCGM 106, 9.3).

    `known` is what is known of it after the measurement: the measured value itself with its
    uncertainty, or the `posterior` where something was known before.
    """
    if accept.holds(measured):
        return Risks(exceeds(known, limits), 0.0)
    return Risks(0.0, conforms(known, limits))


def global_risks(process: Estimate, u: float, limits: Interval, accept: Interval) -> Risks:
    """Return the risks of a rule of decision over all items of a process (JCGM 106, 9.5).

    Args:
        process: how the true values spread, before any is measured.
        u: standard uncertainty of a measurement.
        limits: what the true value has to keep.
        accept: the measured values that are accepted.
    """
    ends = (limits.lower, limits.upper)
    low, high = process.value - 9 * process.u, process.value + 9 * process.u
    left, right = (low if ends[0] is None else ends[0]), (high if ends[1] is None else ends[1])
    bad = _accepted(process, u, accept, low, left) + _accepted(process, u, accept, right, high)
    good = _accepted(process, u, accept, left, right)
    return Risks(bad, max(0.0, conforms(process, limits) - good))


def _accepted(process: Estimate, u: float, accept: Interval, start: float, stop: float) -> float:
    """Return the probability that the true value is in [start, stop] and its measurement accepted.

    Gauss-Legendre on pieces no wider than either uncertainty: the integrand bends on that scale.
    """
    if stop <= start:
        return 0.0
    pieces = min(4000, max(1, math.ceil((stop - start) / min(u, process.u))))
    edges = [float(edge) for edge in np.linspace(start, stop, pieces + 1)]
    return math.fsum(_piece(process, u, accept, a, b) for a, b in pairwise(edges))


def _piece(process: Estimate, u: float, accept: Interval, a: float, b: float) -> float:
    half, middle = (b - a) / 2, (a + b) / 2
    spread = NormalDist(process.value, process.u)
    return half * math.fsum(
        float(w) * spread.pdf(x) * conforms(Estimate(x, u), accept)
        for x, w in ((middle + half * float(n), w) for n, w in zip(_NODES, _WEIGHTS, strict=True))
    )
