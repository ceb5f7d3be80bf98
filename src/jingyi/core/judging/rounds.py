"""A selection's categories and rounds, checked against each other; papers of a secret ballot counted.

A round is scored on sheets or decided by secret ballot. Each says how many of every category go
on; what the last one lets through are the chosen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jingyi.core.judging import ballots, certificate, ranking
from jingyi.core.refusal import Refusal

SCORES, BALLOT = "scores", "ballot"
MOST_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Category:
    """So many entries of a kind may be nominated, so many are chosen."""

    name: str
    nominated: int
    chosen: int


@dataclass(frozen=True, slots=True)
class Round:
    """`each`: judges an entry, or most entries a paper; `onward`: by category, how many go on."""

    title: str
    kind: str
    each: int
    onward: tuple[int, ...]


def check(categories: Sequence[Category], rounds: Sequence[Round], public_percent: int) -> None:
    """Refuse rules that contradict each other.

    Raises:
        Refusal: quotas that do not fit, a round that lets more through than came, a last round
            that does not choose, or a public share in a last round without scores.
    """
    names = [one.name for one in categories]
    if len(set(names)) < len(names) or (len(names) > 1 and not all(names)):
        raise Refusal("每个类别都要有名称，而且不能重复。")
    if any(not 0 < one.chosen <= one.nominated for one in categories):
        raise Refusal("入选数须在 1 与提名数之间。")
    if not 0 < len(rounds) <= MOST_ROUNDS:
        raise Refusal("轮次最多 {most} 轮。", most=MOST_ROUNDS)
    before = tuple(one.nominated for one in categories)
    for one in rounds:
        if len(one.onward) != len(categories):
            raise Refusal("“{round}”要给每个类别写一个晋级数。", round=one.title)
        if one.each < 1 or any(not 0 < n <= had for n, had in zip(one.onward, before, strict=True)):
            raise Refusal("“{round}”的晋级数须在 1 与上一轮的数目之间。", round=one.title)
        before = one.onward
    if before != tuple(one.chosen for one in categories):
        raise Refusal("最后一轮的晋级数须与入选数相同。")
    if public_percent and rounds[-1].kind == BALLOT:
        raise Refusal("最后一轮由评委无记名投票时不能计入公众投票，请把公众投票占比改为 0。")


@dataclass(frozen=True, slots=True)
class Polled:
    """One category of a secret ballot: by entry its votes, how many could vote for it, its rank."""

    rows: tuple[tuple[str, int, int, int], ...]  # entry, votes, free, rank; best first
    chosen: tuple[str, ...]
    margin: float | None  # in hundredths of the papers, as the shares are
    tied: tuple[str, ...]


def polled(
    tally: ballots.Tally, free: Mapping[str, int], places: int, lot: str
) -> Polled:  # fmt: skip
    """Count one category: the share of those free to vote for an entry who did.

    Args:
        tally: of all papers.
        free: by entry of the category, how many who voted were not in conflict with it.
        places: how many go on.
        lot: the seed that tells ties apart.

    Raises:
        Refusal: nobody was free to vote for an entry.
    """
    names = tuple(free)
    if not all(free.values()):
        raise Refusal("有的参评没有可以投它的评委，请增补评委。")
    value = np.array([100 * tally.votes.get(name, 0) / free[name] for name in names])
    won = certificate.pick(names, value, places, lot)
    rank = ranking.places_of(value)
    order = certificate.pick(names, value, len(names), lot)
    rest = np.delete(value, won)
    last = float(value[won[-1]])
    margin = last - float(rest.max()) if len(rest) else None
    level = margin is not None and margin <= ranking.SAME
    return Polled(
        tuple((names[n], tally.votes.get(names[n], 0), free[names[n]], int(rank[n])) for n in order),
        tuple(names[n] for n in won),
        margin,
        tuple(names[n] for n in np.flatnonzero(np.abs(value - last) <= ranking.SAME)) if level else (),
    )  # fmt: skip
