"""Readings one a row (item, value, unit): the class of each, and that of the sample it belongs to."""

from collections.abc import Mapping
from typing import Any

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
    level, item = np.full(count, NONE), np.full(count, NONE, np.int16)
    said, order, left = [], [], np.ones(count, bool)
    for place, (one, rows) in enumerate(pieces):
        mine = {name: options[rows] for name, options in (chosen | measured).items()}
        levels = columns.assess(standard, [one.column], mine, len(rows))
        inferred = [(here[rows], sentence) for here, sentence in because]
        said.append(reasons(Why(standard, [one], levels, mine, inferred)))
        order.append(rows)
        told = (levels.worst >= 0) & (levels.best == levels.worst)
        level[rows] = np.where(told, levels.worst, NONE)
        item[rows] = np.where(told, np.int16(place), NONE)
        left[rows] = False
    rest = np.flatnonzero(left)
    unknown = pa.array([[str(say("没有认得的项目，不能评价。"))]], said[0].type)
    why = _in_order([*said, unknown.take(pa.array(np.zeros_like(rest)))], [*order, rest])
    titles = [str(one.column.item.title) for one, _ in pieces]
    why = _with_whole(standard, ids, (level, item), titles, why)
    words = pa.array([*standard.levels, standard.beyond])
    bad = int(sum(one.bad.sum() for one, _ in pieces))
    return words.take(_codes(level)), pa.array(titles).take(_codes(item)), why, bad


def _codes(of: NDArray[Any]) -> pa.Array:
    """Return codes to take by; none below zero."""
    return pa.array(np.maximum(of, 0), mask=of < 0)


def _in_order(said: list[pa.Array], rows: list[NDArray[np.intp]]) -> pa.Array:
    """Put the pieces' lists back in the order of the table."""
    flat = np.concatenate(rows)
    places = np.empty(len(flat), np.int64)
    places[flat] = np.arange(len(flat))
    return pa.concat_arrays(said).take(pa.array(places))


def _with_whole(
    standard: Standard, ids: pa.Array, found: tuple[I8, NDArray[np.int16]], titles: list[str],
    why: pa.Array,
) -> pa.Array:  # fmt: skip
    """Add the class of the sample to the reasons of its rows, where it has several.

    `found`: each row's level and place in `titles`, NONE where it is not told.
    """
    level, item = found
    codes = np.asarray(ids.dictionary_encode().indices)
    samples = int(codes.max()) + 1 if len(codes) else 0
    worst = np.full(samples, NONE)
    np.maximum.at(worst, codes, level)
    many = np.bincount(codes[level >= 0], minlength=samples) > 1
    deciding = np.flatnonzero((level >= 0) & (level == worst[codes]))
    by = np.zeros(samples, np.int64)
    by[codes[deciding]] = item[deciding]
    told = many[codes] & (level >= 0)
    kinds, kind = np.unique(worst[codes[told]] * len(titles) + by[codes[told]], return_inverse=True)
    whole = [
        str(say("同一样品合计为{level}（{item}）", level=standard.called(one // len(titles)), item=titles[one % len(titles)]))
        for one in kinds.tolist()
    ]  # fmt: skip
    lengths = np.asarray(why.value_lengths()) + told
    ends = np.concatenate([[0], np.cumsum(lengths)])
    added = np.zeros(int(ends[-1]), bool)
    added[ends[1:][told] - 1] = True
    flat = why.flatten()
    places = np.empty(len(added), np.int64)
    places[~added] = np.arange(len(flat))
    places[added] = len(flat) + kind
    pool = pa.concat_arrays([flat, pa.array(whole, pa.string())])
    return pa.ListArray.from_arrays(pa.array(ends.astype(np.int32)), pool.take(pa.array(places)))


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
