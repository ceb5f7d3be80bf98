"""Ranks with their intervals, as positions for an SVG."""

from dataclasses import dataclass
from typing import Any

ROW = 26  # units a row
LEFT, RIGHT, TOP = 210, 20, 30
WIDTH = 720


@dataclass(frozen=True, slots=True)
class Bar:
    """One entry: from `x1` to `x2` the ranks that are possible, `x` the rank."""

    name: str
    y: float
    x1: float
    x2: float
    x: float
    chosen: bool
    rank: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars, the ticks (rank, x), the line after the last chosen, and the size."""

    bars: list[Bar]
    ticks: list[tuple[int, float]]
    cut: float
    width: int
    height: int


def intervals(rows: list[tuple[dict[str, Any], Any, bool]]) -> Chart:
    """Place the rows (row, entry, chosen), best first."""
    most = max((row["high"] for row, _, _ in rows), default=1)
    step = (WIDTH - LEFT - RIGHT) / max(most, 1)

    def x(rank: float) -> float:
        return round(LEFT + (rank - 0.5) * step, 1)

    bars = [
        Bar(
            f"{entry.number}. {entry.title}", TOP + n * ROW + ROW / 2,
            x(row["low"]), x(row["high"]), x(row["rank"]), chosen,
            row["rank"], row["low"], row["high"],
        )
        for n, (row, entry, chosen) in enumerate(rows)
    ]  # fmt: skip
    every = max(1, most // 9)
    ticks = [(rank, x(rank)) for rank in range(1, most + 1, every)]
    count = sum(chosen for _, _, chosen in rows)
    return Chart(bars, ticks, TOP + count * ROW, WIDTH, TOP + len(rows) * ROW + 10)
