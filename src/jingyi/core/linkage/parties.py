"""Which of the names in some reports are of the same organisation or person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from jingyi.core.linkage.names import Match, compare, weights

MOST = 60  # names compared with each other; the rest stand alone
CLOSE = 0.1  # scores that do not tell which of two is meant


@dataclass(frozen=True, slots=True)
class Link:
    """Two names of one group, and why."""

    a: str
    b: str
    match: Match


@dataclass(frozen=True, slots=True)
class Group:
    """Names of one organisation or person, in the order given; `links` say why."""

    names: tuple[str, ...]
    links: tuple[Link, ...]


def same_parties(names: Sequence[str], codes: Mapping[str, str] | None = None) -> tuple[Group, ...]:
    """Return the groups of names that are one party; a name alone is a group of one.

    The likeliest pairs join first. Two groups join only if no name of one is
    clearly different from any of the other, so that 华康 does not chain the
    branches of 华康 in two cities together.

    Args:
        names: as written; a name twice is taken once.
        codes: the unified social credit code of a name, where it is known.
    """
    different = tuple(dict.fromkeys(filter(None, names)))
    known = codes or {}
    told = different[:MOST]
    pairs = {
        (i, j): compare(
            told[i], told[j], code_a=known.get(told[i], ""), code_b=known.get(told[j], "")
        )
        for i, j in combinations(range(len(told)), 2)
    }
    group: dict[int, tuple[int, ...]] = {i: (i,) for i in range(len(told))}
    links: list[tuple[int, int]] = []
    for (i, j), match in sorted(pairs.items(), key=lambda pair: (-pair[1].score, pair[0])):
        if not match.same or group[i] == group[j] or _torn(i, j, pairs) or _torn(j, i, pairs):
            continue
        if _agree(group[i], group[j], pairs):
            links.append((i, j))
            for one in (joined := tuple(sorted(group[i] + group[j]))):
                group[one] = joined
    alone = tuple(Group((name,), ()) for name in different[MOST:])
    return (
        tuple(
            Group(
                tuple(told[i] for i in members),
                tuple(Link(told[i], told[j], pairs[i, j]) for i, j in links if i in members),
            )
            for members in dict.fromkeys(group.values())
        )
        + alone
    )


def _torn(i: int, j: int, pairs: Mapping[tuple[int, int], Match]) -> bool:
    """Whether name `i` fits another one as well as `j`, which is clearly different from `j`."""
    score = pairs[min(i, j), max(i, j)].score
    least: float = weights()["ask"]
    return any(
        pairs[min(j, k), max(j, k)].score < least and match.score >= max(score - CLOSE, least)
        for (a, b), match in pairs.items()
        if i in {a, b} and (k := a + b - i) != j
    )


def _agree(
    one: tuple[int, ...], other: tuple[int, ...], pairs: Mapping[tuple[int, int], Match]
) -> bool:
    least: float = weights()["ask"]
    return all(pairs[min(i, j), max(i, j)].score >= least for i in one for j in other)
