"""Roads: two expressways, the ring, the streets of the towns, and the county roads between them."""

from collections.abc import Sequence
from itertools import pairwise
from math import cos, hypot, pi, sin
from random import Random

from jingyi.demo.chance import dice
from jingyi.demo.geography import shapes
from jingyi.demo.geography.land import CORE, Area, Way, words
from jingyi.demo.geography.shapes import Line, Point


def roads(towns: Sequence[Area]) -> list[Way]:
    """Return every road, the largest first."""
    return [*_highways(), _ring(), *_streets(), *_country(towns)]


def _highways() -> list[Way]:
    return [
        Way("沚临高速", shapes.curve([(-32_000, 13_500), (-14_000, 11_500), (-9_500, -4_800), (6_500, -7_600), (28_000, 2_500)], step=500), 1, "Zhiyang–Linpu Expressway"),
        Way("江淮南北高速", shapes.curve([(9_500, 36_000), (12_000, 18_000), (10_800, 4_000), (13_500, -10_000), (21_500, -30_000)], step=500), 1, "Jianghuai N–S Expressway"),
    ]  # fmt: skip


def _ring() -> Way:
    own = dice("ring")
    waves = [(k, own.uniform(0, 2 * pi), own.uniform(0.01, 0.05)) for k in (2, 3, 4)]
    line = []
    for n in range(72):
        turn = 2 * pi * n / 72
        reach = 6_300 * (1 + sum(size * sin(k * turn + phase) for k, phase, size in waves))
        line.append((CORE[0] + reach * cos(turn) * 0.95, CORE[1] + reach * sin(turn) * 1.08))
    return Way("环城快速路", [*line, line[0]], 2, "Ring Road")


def _streets() -> list[Way]:
    """Return the grids of the city and of the county towns; the long ones are named."""
    named = iter(words("streets"))
    grids = [
        (CORE, 5_200, 760, 0.21, 2),
        ((-17_500, -7_000), 1_800, 620, -0.1, 4),
        ((10_500, -19_000), 1_800, 620, 0.35, 4),
    ]
    ways = []
    for centre, reach, gap, turn, every in grids:
        own = dice("streets", centre)
        for side in (0, 1):
            for n in range(-int(reach / gap), int(reach / gap) + 1):
                line = _street(
                    centre, reach, n * gap + own.uniform(-90, 90), turn + side * pi / 2, own
                )
                big = n % every == 0
                ways.append(Way(next(named, "") if big else "", line, 3 if big else 4))
    return ways


def _street(centre: Point, reach: float, off: float, turn: float, own: Random) -> Line:
    half = max(600.0, (reach**2 - off**2) ** 0.5 if abs(off) < reach else 600.0) * own.uniform(
        0.82, 1.05
    )
    line = []
    for n in range(9):
        along = -half + 2 * half * n / 8
        aside = off + 60 * sin(along / 1_700 + off / 900)
        line.append(
            (
                centre[0] + along * cos(turn) - aside * sin(turn),
                centre[1] + along * sin(turn) + aside * cos(turn),
            )
        )
    return line


def _country(towns: Sequence[Area]) -> list[Way]:
    """Return roads between towns: the shortest net that joins them all, and some more."""
    seats = [CORE, *(town.seat for town in towns if town.name.endswith(("镇", "乡")))]
    joined, edges = {0}, set()
    while len(joined) < len(seats):
        a, b = min(
            ((a, b) for a in joined for b in range(len(seats)) if b not in joined),
            key=lambda ab: hypot(
                seats[ab[0]][0] - seats[ab[1]][0], seats[ab[0]][1] - seats[ab[1]][1]
            ),
        )
        joined.add(b)
        edges.add((min(a, b), max(a, b)))
    for a in range(len(seats)):
        near = sorted(
            range(len(seats)),
            key=lambda b: hypot(seats[a][0] - seats[b][0], seats[a][1] - seats[b][1]),
        )
        edges |= {(min(a, b), max(a, b)) for b in near[1:3]}
    ways = []
    for number, (a, b) in enumerate(sorted(edges), 1):
        own = dice("road", a, b)
        (x0, y0), (x1, y1) = seats[a], seats[b]
        middle = [
            (x0 + (x1 - x0) * t - (y1 - y0) * off, y0 + (y1 - y0) * t + (x1 - x0) * off)
            for t, off in ((0.35, own.uniform(-0.09, 0.09)), (0.7, own.uniform(-0.09, 0.09)))
        ]
        ways.append(
            Way(f"X{number:03d}县道", shapes.curve([seats[a], *middle, seats[b]], step=700), 3)
        )
    return ways


def crossings(line: Line, other: Line) -> list[Point]:
    """Return where two lines cross."""
    found = []
    for a, b in pairwise(line):
        for c, d in pairwise(other):
            if max(c[0], d[0]) < min(a[0], b[0]) or min(c[0], d[0]) > max(a[0], b[0]):
                continue
            turn = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0])
            if not turn:
                continue
            t = ((c[0] - a[0]) * (d[1] - c[1]) - (c[1] - a[1]) * (d[0] - c[0])) / turn
            u = ((c[0] - a[0]) * (b[1] - a[1]) - (c[1] - a[1]) * (b[0] - a[0])) / turn
            if 0 <= t < 1 and 0 <= u < 1:
                found.append((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
    return found
