"""Lines and outlines that look grown, not ruled. Points are (x, y) in metres, east and north."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from math import atan2, cos, hypot, pi, radians, sin, sqrt
from random import Random

Point = tuple[float, float]
Line = list[Point]
Hex = tuple[int, int]

LON, LAT = 122.9, 33.6  # where (0, 0) is
EAST = 111_320 * cos(radians(LAT))  # metres in a degree of longitude here
NORTH = 110_900


def degrees(point: Point) -> list[float]:
    """Return [lon, lat], to about a metre."""
    return [round(LON + point[0] / EAST, 5), round(LAT + point[1] / NORTH, 5)]


def curve(through: Sequence[Point], *, step: float = 250) -> Line:
    """Return a smooth line through the points (Catmull-Rom), a point about every `step` metres."""
    ends = [_beyond(through[1], through[0]), *through, _beyond(through[-2], through[-1])]
    line: Line = [through[0]]
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        pieces = max(2, round(hypot(c[0] - b[0], c[1] - b[1]) / step))
        line += [_between(a, b, c, d, n / pieces) for n in range(1, pieces + 1)]
    return line


def _beyond(before: Point, end: Point) -> Point:
    return 2 * end[0] - before[0], 2 * end[1] - before[1]


def _between(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    def along(p: float, q: float, r: float, s: float) -> float:
        bend = t * (2 * p - 5 * q + 4 * r - s + t * (3 * q - p - 3 * r + s))
        return 0.5 * (2 * q + t * (r - p + bend))

    return along(a[0], b[0], c[0], d[0]), along(a[1], b[1], c[1], d[1])


def normals(line: Sequence[Point]) -> list[Point]:
    """Return, for each point, the unit vector to the left of the line."""
    found = []
    for n in range(len(line)):
        (x0, y0), (x1, y1) = line[max(n - 1, 0)], line[min(n + 1, len(line) - 1)]
        length = hypot(x1 - x0, y1 - y0) or 1.0
        found.append(((y0 - y1) / length, (x1 - x0) / length))
    return found


def meander(line: Line, dice: Random, *, width: float, wave: float, step: float = 250) -> Line:
    """Return the line swinging left and right like a river in a plain; its ends stay."""
    waves = [
        (dice.uniform(0.6, 1.5) * wave, dice.uniform(0, 2 * pi), dice.uniform(0.4, 1.0))
        for _ in range(3)
    ]
    shifted = []
    for n, ((x, y), (nx, ny)) in enumerate(zip(line, normals(line), strict=True)):
        at = n * step
        swing = sum(size * sin(2 * pi * at / length + phase) for length, phase, size in waves)
        fade = min(1.0, n / 8, (len(line) - 1 - n) / 8)
        shifted.append((x + nx * swing * width * fade / 2, y + ny * swing * width * fade / 2))
    return shifted


def corridor(line: Sequence[Point], width: float) -> Line:
    """Return the outline of a strip of `width` metres on either side of a gentle line."""
    sides = list(zip(line, normals(line), strict=True))
    left = [(x + nx * width, y + ny * width) for (x, y), (nx, ny) in sides]
    right = [(x - nx * width, y - ny * width) for (x, y), (nx, ny) in reversed(sides)]
    return [*left, *right, left[0]]


def blob(
    centre: Point,
    radius: float,
    dice: Random,
    *,
    long: float = 1.0,
    turn: float = 0.0,
    points: int = 36,
) -> Line:
    """Return a closed, softly irregular outline; `long` stretches it along the angle `turn`."""
    waves = [(k, dice.uniform(0, 2 * pi), dice.uniform(0.02, 0.22) / k**0.5) for k in range(2, 7)]
    ring = []
    for n in range(points):
        angle = 2 * pi * n / points
        reach = radius * (1 + sum(size * sin(k * angle + phase) for k, phase, size in waves))
        x, y = reach * cos(angle) * sqrt(long), reach * sin(angle) / sqrt(long)
        ring.append(
            (centre[0] + x * cos(turn) - y * sin(turn), centre[1] + x * sin(turn) + y * cos(turn))
        )
    return [*ring, ring[0]]


def inside(point: Point, ring: Sequence[Point]) -> bool:
    """Tell whether the point is inside the closed ring (even-odd rule)."""
    x, y = point
    odd = False
    for (x0, y0), (x1, y1) in pairwise(ring):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            odd = not odd
    return odd


def distance(point: Point, line: Sequence[Point]) -> float:
    """Return the metres from the point to the nearest of the line's points."""
    return min(hypot(point[0] - x, point[1] - y) for x, y in line)


class Mesh:
    """Hexagons with wandering edges: any grouping of them gives borders that fit exactly."""

    def __init__(self, size: float, dice: Random) -> None:
        self.size = size
        self._dice = dice
        self._moved: dict[Point, Point] = {}

    def centre(self, cell: Hex) -> Point:
        q, r = cell
        return self.size * sqrt(3) * (q + r / 2), self.size * 1.5 * r

    def outlines(self, cells: Iterable[Hex]) -> list[Line]:
        """Return the closed outlines around a group of cells, the longest first."""
        after: dict[Point, list[Point]] = defaultdict(list)
        for a, b in sorted(self._sides(cells)):
            after[a].append(b)
        rings = []
        while after:
            start = point = min(after)
            ring: Line = []
            while point in after:
                end = after[point].pop()
                if not after[point]:
                    del after[point]
                ring += self._edge(point, end)
                point = end
                if point == start:
                    break
            rings.append([*ring, ring[0]])
        return sorted(rings, key=len, reverse=True)

    def _sides(self, cells: Iterable[Hex]) -> set[tuple[Point, Point]]:
        """Return the directed edges that have the group on one side only."""
        sides: set[tuple[Point, Point]] = set()
        for cell in cells:
            corners = self._corners(cell)
            for a, b in zip(corners, [*corners[1:], corners[0]], strict=True):
                if (b, a) in sides:
                    sides.remove((b, a))
                else:
                    sides.add((a, b))
        return sides

    def _corners(self, cell: Hex) -> list[Point]:
        x, y = self.centre(cell)
        turns = (pi / 180 * (60 * n - 30) for n in range(6))
        return [(_whole(x + self.size * cos(t)), _whole(y + self.size * sin(t))) for t in turns]

    def settle(self, groups: Iterable[Iterable[Hex]]) -> None:
        """Smooth the borders of the groups, all at once: neighbours go on fitting each other."""
        beside: dict[Point, set[Point]] = defaultdict(set)
        for cells in groups:
            for a, b in self._sides(cells):
                beside[a].add(b)
                beside[b].add(a)
        at = {
            corner: (
                corner[0] + self._dice.uniform(-0.3, 0.3) * self.size,
                corner[1] + self._dice.uniform(-0.3, 0.3) * self.size,
            )
            for corner in sorted(beside)
        }
        for _ in range(2):
            at = {
                corner: _mean([point, *(at[near] for near in sorted(beside[corner]))])
                for corner, point in at.items()
            }
        self._moved = at

    def _edge(self, a: Point, b: Point) -> Line:
        """Return the points from `a` up to `b` without `b`; the same both ways."""
        (x0, y0), (x1, y1) = (
            self._moved.get(min(a, b), min(a, b)),
            self._moved.get(max(a, b), max(a, b)),
        )
        off = Random(f"{min(a, b)}{max(a, b)}").uniform(-0.14, 0.14)
        middle = (x0 + x1) / 2 - (y1 - y0) * off, (y0 + y1) / 2 + (x1 - x0) * off
        return [(x0, y0), middle] if a < b else [(x1, y1), middle]


def _whole(metres: float) -> float:
    return round(metres, 1) + 0.0  # never -0.0, which is written differently


def _mean(points: Sequence[Point]) -> Point:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def warped(dice: Random, size: float, reach: float) -> Callable[[Point], Point]:
    """Return a gentle bending of the plane, so that straight divisions come out as natural ones."""
    waves = [
        (dice.uniform(0.5, 1.4) * size, dice.uniform(0, 2 * pi), dice.uniform(0, 2 * pi))
        for _ in range(4)
    ]

    def bend(point: Point) -> Point:
        x, y = point
        dx = sum(sin(2 * pi * (x * cos(a) + y * sin(a)) / length + p) for length, a, p in waves)
        dy = sum(cos(2 * pi * (x * sin(a) - y * cos(a)) / length + p) for length, a, p in waves)
        return x + reach * dx / 2, y + reach * dy / 2

    return bend


def angle(a: Point, b: Point) -> float:
    """Return the direction from `a` to `b` in radians."""
    return atan2(b[1] - a[1], b[0] - a[0])
