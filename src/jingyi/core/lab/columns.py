"""The same judgement as `judging.assess`, over whole columns at once.

A column holds one item of many samples in one unit; limits are turned into that unit exactly, and
then compared as the nearest doubles, as the figures are: `0.05` equals a limit of 0.05.

    columns = [Column(item, unit, numbers, marks), …]      # numbers f64 [n], NaN: gap; marks i8 [n]
    levels = assess(standard, columns, {"body": options})  # options i8 [n]: which option each row has
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from jingyi.core.lab.judging import bounds, range_of
from jingyi.core.lab.limits import Limit, Standard
from jingyi.core.lab.units import Item, Unit, factor

F64 = NDArray[np.float64]
I8 = NDArray[np.int8]
NONE = np.int8(-1)  # no result, no limit
SEEN, BELOW, ABOVE = 0, -1, 1  # marks: a figure; `<`; `>`


@dataclass(frozen=True, slots=True)
class Column:
    """Results of one item. `numbers` NaN is a gap, unless the mark says not seen, limit unknown."""

    item: Item
    unit: Unit
    numbers: F64
    marks: I8


@dataclass(frozen=True, slots=True)
class Levels:
    """Of every row: the levels it may be in (NONE: nothing to go by), and the column that decides.

    `of` has the worst level of each column, i8 [columns, n], NONE where it was not judged or stands
    apart; `best` likewise.
    """

    best: I8
    worst: I8
    decisive: I8
    of: I8
    best_of: I8


def assess(
    standard: Standard, columns: Sequence[Column], chosen: Mapping[str, I8], count: int
) -> Levels:
    """Return the level of every row.

    Args:
        chosen: for every choice the index of each row's option, i8 [count]; a choice that a column
            measures is added here.
    """
    conditions = {**measured(standard, columns, count), **chosen}
    worst_of = np.full((len(columns), count), NONE)
    best_of = np.full((len(columns), count), NONE)
    for place, column in enumerate(columns):
        for limit in standard.limits:
            if limit.item.id != column.item.id or limit.apart:
                continue
            best, worst = levels_of(limit, column)
            rows = _holds(standard, limit, conditions)
            if rows is None:
                best_of[place], worst_of[place] = best, worst
            else:
                np.copyto(best_of[place], best, where=rows)
                np.copyto(worst_of[place], worst, where=rows)
    if not columns:
        nothing = np.full(count, NONE)
        return Levels(nothing, nothing, nothing, worst_of, best_of)
    worst = worst_of.max(axis=0)
    decisive = worst_of.argmax(axis=0).astype(np.int8)
    return Levels(best_of.max(axis=0), worst, np.where(worst >= 0, decisive, NONE), worst_of, best_of)  # fmt: skip


def levels_of(limit: Limit, column: Column) -> tuple[I8, I8]:
    """Return the best and the worst level every result of a column may be in; NONE for a gap."""
    low, high = ([None if end is None else float(end) for end in ends] for ends in bounds(limit, column.unit))  # fmt: skip
    numbers = column.numbers
    level = _levels(numbers, low, high, below=limit.below)
    best = worst = np.where(np.isnan(numbers), NONE, level)
    censored = np.flatnonzero(column.marks)
    if len(censored):
        best, worst = best.copy(), worst.copy()
        best[censored], worst[censored] = _ranges(limit, column, censored)
    return best, worst


def _levels(numbers: F64, low: list[float | None], high: list[float | None], *, below: bool) -> I8:
    """Return the first level whose limits each figure keeps; as many as there are: none."""
    found = np.full(len(numbers), len(low), np.int8)
    left = np.ones(len(numbers), bool)
    for level, (least, most) in enumerate(zip(low, high, strict=True)):
        fits = left.copy()
        if least is not None:
            fits &= numbers >= least
        if most is not None:
            fits &= numbers < most if below else numbers <= most
        found[fits] = level
        left &= ~fits
    return found


def _ranges(limit: Limit, column: Column, rows: NDArray[np.intp]) -> tuple[I8, I8]:
    """Return the levels of censored results, by the same rule as for a single sample.

    Few limits of detection are in use in one column: each is worked out once.
    """
    low, high = bounds(limit, column.unit)
    numbers, marks = column.numbers[rows], column.marks[rows]
    best, worst = np.empty(len(rows), np.int8), np.empty(len(rows), np.int8)
    for mark in np.unique(marks).tolist():
        for number in np.unique(numbers[marks == mark]).tolist():
            same = (marks == mark) & ((numbers == number) | (np.isnan(numbers) & np.isnan(number)))
            exact = None if np.isnan(number) else Fraction(repr(number))
            levels = range_of(exact, "<" if mark < 0 else ">", low, high, limit.below)
            best[same], worst[same] = min(levels), max(levels)
    return best, worst


def _holds(standard: Standard, limit: Limit, conditions: Mapping[str, I8]) -> NDArray[np.bool_] | None:  # fmt: skip
    """Return the rows a limit applies to; None: all."""
    rows: NDArray[np.bool_] | None = None
    for name, options in limit.when.items():
        choice = standard.choice(name)
        if name not in conditions:
            return np.zeros(1, bool)
        wanted = np.isin(conditions[name], [choice.index(option) for option in options])
        rows = wanted if rows is None else rows & wanted
    return rows


def measured(standard: Standard, columns: Sequence[Column], count: int) -> dict[str, I8]:
    """Return the choices that a column makes, row by row; the default where it has a gap."""
    found: dict[str, I8] = {}
    for choice in standard.choices:
        if not choice.measured:
            continue
        options = np.full(count, choice.index(choice.default) if choice.default else NONE, np.int8)
        for column in columns:
            if column.item.id == choice.measured.item:
                by = factor(column.item, choice.measured.unit, column.unit)
                ends = [float(by * Fraction(end)) for end in choice.measured.breaks]
                place = np.searchsorted(ends, column.numbers, side="left").astype(np.int8)
                options = np.where(np.isnan(column.numbers), options, place)
        found[choice.id] = options
    return found
