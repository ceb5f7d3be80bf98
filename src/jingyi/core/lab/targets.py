"""What a control material should read, from replicate measurements of it: at least twenty.

The robust mean and standard deviation are those of algorithm A (ISO 13528:2022, annex C; Huber's
proposal 2 with k = 1.5): values far out are drawn in to the mean ± k·s until nothing moves.
Checked with the published values of two data sets (tests). No value is ever removed: an outlier
is named, and a person decides.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, median, stdev

from jingyi.core.lab.westgard import Target
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say

LEAST = 20
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Established:
    """The plain and the robust target of `n` values; `outliers` are beyond 3 robust deviations."""

    n: int
    plain: Target
    robust: Target
    outliers: tuple[float, ...]
    note: Sentence


def establish(values: Sequence[float]) -> Established:
    """Return the target of a control material from its replicates.

    Raises:
        Refusal: there are fewer than twenty, or more than half are the same value.
    """
    if len(values) < LEAST:
        raise Refusal(
            "建立质控图的均值和标准差至少要 {least} 个测定值，现在只有 {n} 个。请继续测定。",
            least=LEAST,
            n=len(values),
        )
    robust = algorithm_a(values)
    outliers = tuple(x for x in values if abs(x - robust.mean) > 3 * robust.sd)
    note = say("{n} 个值，没有离群值。", n=len(values))
    if outliers:
        note = say(
            "{n} 个值中有 {k} 个离群：{them}。未剔除；请查明原因，决定用稳健值还是补测。",
            n=len(values),
            k=len(outliers),
            them="、".join(f"{x:g}" for x in outliers),
        )
    return Established(len(values), Target(fmean(values), stdev(values)), robust, outliers, note)


def algorithm_a(values: Sequence[float], k: float = 1.5) -> Target:
    """Return the robust mean and standard deviation, in the unit of the values.

    The factor that makes the deviation right for normal values is computed from `k`; for 1.5 the
    standard prints it rounded, 1.134.

    Raises:
        Refusal: more than half of the values are the same, so that there is no scale to begin with.
    """
    inside = 2 * _NORMAL.cdf(k) - 1
    factor = 1 / math.sqrt(inside + k * k * (1 - inside) - 2 * k * _NORMAL.pdf(k))
    mean = median(values)
    sd = median(abs(x - mean) for x in values) / _NORMAL.inv_cdf(0.75)
    if not sd > 0:
        raise Refusal("一半以上的测定值相同，估计不出标准差。请用分辨力更高的读数。")
    moved = True
    while moved:
        drawn = [min(max(x, mean - k * sd), mean + k * sd) for x in values]
        new = fmean(drawn), factor * stdev(drawn)
        moved = abs(new[0] - mean) > 1e-9 * sd or abs(new[1] - sd) > 1e-9 * sd
        mean, sd = new
    return Target(mean, sd)
