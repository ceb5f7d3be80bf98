"""The flow from what people report to harm repaired, as counts, and its drawing (Sankey).

Columns from left to right; a link is as high as what flows through it. All of it is counts of
rows one may read, each with the address of those rows.
"""

from dataclasses import dataclass

WIDE, HIGH, BAR, GAP, TOP = 1000, 420, 14, 16, 30  # units of the drawing
LEAST = 3.0  # so that the smallest number can still be seen and clicked


@dataclass(frozen=True, slots=True)
class Node:
    """A count: `column` from 0, `url` of its rows, `parent` it flows from (None in column 0)."""

    id: str
    title: str
    n: int
    column: int
    url: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """A node as drawn."""

    node: Node
    x: float
    y: float
    high: float

    @property
    def label_x(self) -> float:
        return self.x + BAR + 6

    @property
    def label_y(self) -> float:
        return self.y + min(self.high / 2, 12) + 4


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A link as an SVG path."""

    path: str
    to: Node


@dataclass(frozen=True, slots=True)
class Drawing:
    """Bars and ribbons within `width` by `height`."""

    bars: list[Bar]
    ribbons: list[Ribbon]
    width: int = WIDE
    height: int = HIGH


def draw(nodes: list[Node]) -> Drawing:
    """Lay out nodes column by column, in the order given, and the ribbons between them."""
    columns = max((node.column for node in nodes), default=0) + 1
    step = (WIDE - 190) / max(columns - 1, 1)
    most = max((sum(n.n for n in nodes if n.column == c) for c in range(columns)), default=1) or 1
    rows = max((sum(n.column == c for n in nodes) for c in range(columns)), default=1)
    scale = (HIGH - TOP - GAP * rows) / most
    bars: dict[str, Bar] = {}
    for column in range(columns):
        y = float(TOP)
        for node in (one for one in nodes if one.column == column):
            high = max(node.n * scale, LEAST)
            bars[node.id] = Bar(node, round(column * step, 1), round(y, 1), round(high, 1))
            y += high + GAP
    used = {name: bar.y for name, bar in bars.items()}
    ribbons = []
    for bar in bars.values():
        if bar.node.parent is None or not bar.node.n:
            continue
        source = bars[bar.node.parent]
        high = min(max(bar.node.n * scale, LEAST), source.high)
        y = min(used[source.node.id], source.y + source.high - high)
        used[source.node.id] = y + high
        ribbons.append(Ribbon(_path(source.x + BAR, y, bar.x, bar.y, high), bar.node))
    return Drawing(list(bars.values()), ribbons)


def _path(x1: float, y1: float, x2: float, y2: float, high: float) -> str:
    mid = (x1 + x2) / 2
    return (
        f"M{x1:.1f},{y1:.1f} C{mid:.1f},{y1:.1f} {mid:.1f},{y2:.1f} {x2:.1f},{y2:.1f} "
        f"V{y2 + high:.1f} C{mid:.1f},{y2 + high:.1f} {mid:.1f},{y1 + high:.1f} {x1:.1f},{y1 + high:.1f} Z"
    )
