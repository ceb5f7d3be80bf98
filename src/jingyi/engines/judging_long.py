"""Readings one a row (item, value, unit): the class of each, and that of the sample it belongs to."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jingyi.core.lab import columns
from jingyi.core.lab.columns import I8, NONE
from jingyi.core.lab.headings import Long, NoReadings
from jingyi.core.lab.limits import Standard
from jingyi.core.words import Sentence, say
from jingyi.engines import readings
from jingyi.engines.judging_words import Why, reasons
from jingyi.engines.readings import Results

Inferred = list[tuple[NDArray[np.bool_], Sentence]]


def judge_rows(
    table: pa.Table, standard: Standard, found: Long, conditions: tuple[dict[str, I8], Inferred],
    ids: pa.Array,
) -> tuple[pa.Array, pa.Array, pa.Array, int]:  # fmt: skip
    """Return class, worst item and reasons of every row, and how many cells are no results.

    The reasons end with the class of the whole sample, where it has several items.
    """
    chosen, because = conditions
    pieces = readings.long(table, found)
    if not pieces:
        raise NoReadings("“{column}”一列里没有认得的项目。", column=found.item)
    measured = _measured(standard, pieces, ids, chosen)
    count = table.num_rows
    level = np.full(count, NONE)
    words = [*standard.levels, standard.beyond]
    named: list[str | None] = [None] * count
    classes: list[str | None] = [None] * count
    why: list[list[str]] = [[str(say("没有认得的项目，不能评价。"))] for _ in range(count)]
    for one, rows in pieces:
        mine = {name: options[rows] for name, options in (chosen | measured).items()}
        levels = columns.assess(standard, [one.column], mine, len(rows))
        inferred = [(here[rows], sentence) for here, sentence in because]
        said = reasons(Why(standard, [one], levels, mine, inferred)).to_pylist()
        told = (levels.worst >= 0) & (levels.best == levels.worst)
        level[rows] = np.where(told, levels.worst, NONE)
        for place, row in enumerate(rows.tolist()):
            why[row] = said[place]
            if told[place]:
                classes[row], named[row] = words[levels.worst[place]], str(one.column.item.title)
    _whole(standard, ids, level, named, why)
    bad = int(sum(one.bad.sum() for one, _ in pieces))
    return pa.array(classes, pa.string()), pa.array(named, pa.string()), pa.array(why), bad


def _whole(
    standard: Standard, ids: pa.Array, level: I8, named: list[str | None], why: list[list[str]]
) -> None:
    """Add the class of the sample to the reasons of its rows."""
    codes = np.asarray(ids.dictionary_encode().indices)
    samples = int(codes.max()) + 1 if len(codes) else 0
    worst = np.full(samples, NONE)
    np.maximum.at(worst, codes, level)
    many = np.bincount(codes[level >= 0], minlength=samples) > 1
    by = {code: named[row] for row, code in enumerate(codes.tolist()) if level[row] >= 0 and level[row] == worst[code]}  # fmt: skip
    for row, code in enumerate(codes.tolist()):
        if many[code] and level[row] >= 0:
            whole = say("同一样品合计为{level}（{item}）", level=standard.called(int(worst[code])), item=by[code])  # fmt: skip
            why[row].append(str(whole))


def _measured(
    standard: Standard, pieces: list[tuple[Results, NDArray[np.intp]]], ids: pa.Array,
    chosen: Mapping[str, I8],
) -> dict[str, I8]:  # fmt: skip
    """Return the choices that another row of the same sample makes, such as the pH of a soil."""
    codes = np.asarray(ids.dictionary_encode().indices)
    found: dict[str, I8] = {}
    for choice in standard.choices:
        if not choice.measured or choice.id in chosen:
            continue
        default = choice.index(choice.default) if choice.default else NONE
        options = np.full(len(codes), default, np.int8)
        for one, rows in pieces:
            if one.column.item.id == choice.measured.item:
                numbers = np.full(int(codes.max()) + 1, np.nan)
                numbers[codes[rows]] = one.column.numbers
                spread = columns.Column(one.column.item, one.column.unit, numbers[codes], np.zeros(len(codes), np.int8))  # fmt: skip
                options = columns.measured(standard, [spread], len(codes))[choice.id]
        found[choice.id] = options
    return found
