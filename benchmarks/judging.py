"""One million readings judged against limits, on one core: as one column an item, and as one row each.

Ours: from cells of text as they are exported (gaps `--` and `*`, `<0.01`) to class, worst item and
reasons in words. Beside it in the same run: plain pandas, which gives the class alone; both give the
same classes, or the run fails. The physical limit: the same cells turned into numbers once.
"""

import os
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from jingyi.core.lab import book, columns
from jingyi.core.lab.headings import Wide, layout
from jingyi.core.lab.limits import Standard
from jingyi.engines import readings
from jingyi.engines.judging import classes, judge

ITEMS = (  # heading, unit, mean, spread, decimals; limits of GB 3838-2002, table 1, river
    ("pH", "无量纲", 7.6, 0.7, 2, None, (9, 9, 9, 9, 9)),
    ("溶解氧", "mg/L", 6.0, 2.5, 2, (7.5, 6, 5, 3, 2), None),
    ("高锰酸盐指数", "mg/L", 5.0, 2.5, 2, None, (2, 4, 6, 10, 15)),
    ("化学需氧量", "mg/L", 18.0, 8.0, 1, None, (15, 15, 20, 30, 40)),
    ("五日生化需氧量", "mg/L", 3.5, 2.0, 1, None, (3, 3, 4, 6, 10)),
    ("氨氮", "mg/L", 0.8, 0.6, 3, None, (0.15, 0.5, 1.0, 1.5, 2.0)),
    ("总磷", "mg/L", 0.15, 0.1, 3, None, (0.02, 0.1, 0.2, 0.3, 0.4)),
    ("氟化物", "mg/L", 0.8, 0.3, 2, None, (1.0, 1.0, 1.0, 1.5, 1.5)),
)
READINGS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
MOST = 5.0  # seconds
NAMES = np.array(["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ"], object)


def made_up() -> pa.Table:
    """Return samples with every item, one cell in twenty a gap, one in fifty not seen; a fixed seed."""
    chance = np.random.default_rng(20261123)
    count = READINGS // len(ITEMS)
    cells = {}
    for name, unit, mean, spread, decimals, *_ in ITEMS:
        text = np.char.mod(f"%.{decimals}f", np.abs(chance.normal(mean, spread, count)))
        text = text.astype(object)
        fate = chance.random(count)
        text[fate < 0.03], text[fate > 0.98] = "--", "*"
        if name not in {"pH", "溶解氧"}:
            text[(fate > 0.5) & (fate < 0.52)] = "<0.01"
        cells[f"{name}({unit})"] = pa.array(text.tolist(), pa.string())
    return pa.table(cells)


def one_a_row(wide: pa.Table) -> pa.Table:
    """Return the same readings as id, item, value, unit."""
    count = wide.num_rows
    cells = np.array([wide[name].to_pylist() for name in wide.column_names], object).T.ravel()
    return pa.table(
        {
            "id": np.repeat(np.arange(count).astype(str), len(ITEMS)),
            "item": np.tile([one[0] for one in ITEMS], count),
            "value": pa.array(cells.tolist(), pa.string()),
            "unit": np.tile(["" if one[1] == "无量纲" else one[1] for one in ITEMS], count),
        }
    )


def graded(text: pd.Series, low: tuple[float, ...] | None, high: tuple[float, ...] | None) -> pd.Series:  # fmt: skip
    """Return the levels of one item's cells, 0 to 5; NaN for a gap."""
    value = pd.to_numeric(text.str.lstrip("<"), errors="coerce")
    level = pd.Series(0.0, index=value.index)
    for n in range(5):
        level += (value < low[n]) if low else (value > high[n] if high else 0)
    return level.where(value.notna())


def ph(text: pd.Series) -> pd.Series:
    """Return the levels of pH: 6 to 9, or beyond all."""
    value = pd.to_numeric(text, errors="coerce")
    return (((value < 6) | (value > 9)) * 5.0).where(value.notna())


def plain_wide(frame: pd.DataFrame) -> Any:
    """Return the classes of samples, one column an item."""
    levels = {
        name: ph(frame[f"{name}({unit})"]) if name == "pH" else graded(frame[f"{name}({unit})"], low, high)
        for name, unit, *_, low, high in ITEMS
    }  # fmt: skip
    worst = pd.DataFrame(levels).max(axis=1)
    return np.where(worst.isna(), None, NAMES[worst.fillna(0).astype(int)])


def plain_long(frame: pd.DataFrame) -> Any:
    """Return the class of each reading, one row each."""
    level = pd.Series(np.nan, index=frame.index)
    for name, _unit, *_, low, high in ITEMS:
        text = frame.loc[frame["item"] == name, "value"]
        level[text.index] = ph(text) if name == "pH" else graded(text, low, high)
    return np.where(level.isna(), None, NAMES[level.fillna(0).astype(int)])


def class_alone(wide: pa.Table, standard: Standard) -> pa.Array:
    """Return what pandas returns: the classes, without worst item and reasons."""
    found = layout(wide.column_names, standard, book.names(), book.headings(), own_units=False)
    assert isinstance(found, Wide)
    held = [one.column for one in readings.wide(wide, found)]
    river = {"body": np.zeros(wide.num_rows, np.int8)}
    return classes(standard, columns.assess(standard, held, river, wide.num_rows))


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the best of three, and what came of it."""
    best, found = float("inf"), None
    for _ in range(3):
        begun = perf_counter()
        found = work()
        best = min(best, perf_counter() - begun)
    return best, found


def numbers_once(table: pa.Table) -> None:
    for name in table.column_names:
        plain = pc.match_substring_regex(table[name], r"^\d+\.\d+$")
        pc.cast(pc.if_else(plain, table[name], None), pa.float64())


def main() -> int:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    pa.set_cpu_count(1)
    standard, said = book.standard("gb3838-2002"), {"body": "river"}
    wide = made_up()
    long = one_a_row(wide)
    frames = wide.to_pandas(), long.to_pandas()
    put = sys.stdout.write
    put(f"judging: {wide.num_rows * len(ITEMS):,} readings, GB 3838-2002, one core\n")
    good = True
    for title, table, frame, plain in (
        ("one column an item", wide, frames[0], plain_wide),
        ("one row a reading", long, frames[1], plain_long),
    ):
        ours, found = timed(lambda table=table: judge(table, standard, said).table)
        theirs, plainly = timed(lambda frame=frame, plain=plain: plain(frame))
        same = found["class"].to_pylist() == plainly.tolist()
        good &= same and ours < MOST
        put(f"  {title:<20} ours, class, worst and reasons   {ours:6.2f} s\n")
        put(f"  {'':<20} plain pandas, class alone        {theirs:6.2f} s\n")
        put(f"  {'':<20} classes the same: {'yes' if same else 'NO'}\n")
    alone, found = timed(lambda: class_alone(wide, standard))
    good &= found.to_pylist() == plain_wide(frames[0]).tolist()
    put(f"  one column an item   ours, class alone                {alone:6.2f} s\n")
    put(f"  limit: the same cells turned into numbers once   {timed(lambda: numbers_once(wide))[0]:6.2f} s\n")  # fmt: skip
    put(f"  under {MOST:.0f} s with the same classes: {'yes' if good else 'NO'}\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
