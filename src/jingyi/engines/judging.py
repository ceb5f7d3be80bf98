"""A table of readings against a standard: one row out per row in, in order, with reasons."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jingyi.core.lab import book, columns
from jingyi.core.lab.columns import I8, Levels
from jingyi.core.lab.headings import Long, layout
from jingyi.core.lab.limits import Choice, Sign, Standard
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.engines import readings
from jingyi.engines.judging_long import judge_rows
from jingyi.engines.judging_words import Why, reasons
from jingyi.engines.readings import Results

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """`table`: id, class, worst, because. `left_out`: headings of items without a limit."""

    table: pa.Table
    left_out: tuple[str, ...]
    bad_cells: int
    why: Why | None = None  # of a wide table: what it was judged by


def judge(
    table: pa.Table, standard: Standard, said: Mapping[str, str], *, own_units: bool = False,
    told: Told = lambda _: None,
) -> Judged:  # fmt: skip
    """Judge a table whose cells are text.

    Args:
        said: options that hold for the whole table, such as body → lake.
        own_units: columns without a unit are in that of the standard.

    Raises:
        Refusal: nothing to judge, an unknown unit, a condition nobody has said.
    """
    headings, names = book.headings(), table.column_names
    found = layout(names, standard, book.names(), headings, own_units=own_units)
    chosen, because = conditions(table, standard, said)
    ids = identity(table)
    if isinstance(found, Long):
        told("正在比对限值…")
        *made, bad = judge_rows(table, standard, found, (chosen, because), ids)
        named = dict(zip(("id", "class", "worst", "because"), (ids, *made), strict=True))
        return Judged(pa.table(named), (), bad)
    told("正在读取读数…")
    results = readings.wide(table, found)
    told("正在比对限值…")
    levels = columns.assess(standard, [one.column for one in results], chosen, table.num_rows)
    told("正在写明理由…")
    why = Why(standard, results, levels, chosen, because)
    out = pa.table(
        {
            "id": ids,
            "class": classes(standard, levels),
            "worst": worst(levels, results),
            "because": reasons(why),
        }
    )
    bad = int(sum(one.bad.sum() for one in results))
    return Judged(out, found.left_out, bad, why)


def identity(table: pa.Table) -> pa.Array:
    """Return the rows' own ids, or their numbers from 1."""
    heading = book.headings().find("id", table.column_names)
    if heading:
        return table[heading].combine_chunks().cast(pa.string())
    return pa.array(np.arange(1, table.num_rows + 1)).cast(pa.string())


def classes(standard: Standard, levels: Levels) -> pa.Array:
    """Return the level's name where best and worst agree, else null."""
    words = pa.array([*standard.levels, standard.beyond])
    told = (levels.worst >= 0) & (levels.best == levels.worst)
    return words.take(pa.array(np.where(told, levels.worst, 0), pa.int8(), mask=~told))


def worst(levels: Levels, results: Sequence[Results]) -> pa.Array:
    """Return the title of the item that decides."""
    words = pa.array([str(one.column.item.title) for one in results])
    return words.take(pa.array(levels.decisive, pa.int8(), mask=levels.decisive < 0))


def conditions(
    table: pa.Table, standard: Standard, said: Mapping[str, str]
) -> tuple[dict[str, I8], list[tuple[NDArray[np.bool_], Sentence]]]:
    """Return each row's option of every choice, and where one was inferred, from what."""
    chosen: dict[str, I8] = {}
    because: list[tuple[NDArray[np.bool_], Sentence]] = []
    for name in said:
        standard.choice(name)
    for choice in standard.choices:
        if choice.id in said:
            option = choice.index(choice.named(said[choice.id]))
            chosen[choice.id] = np.full(table.num_rows, option, np.int8)
        elif not choice.measured:
            chosen[choice.id] = _row_by_row(table, standard, choice, because)
    return chosen, because


def _row_by_row(
    table: pa.Table, standard: Standard, choice: Choice,
    because: list[tuple[NDArray[np.bool_], Sentence]],
) -> I8:  # fmt: skip
    """Return a choice's option by a column of its name, by its signs, by its default."""
    found = np.full(table.num_rows, -1, np.int8)
    for name in table.column_names:
        if name.strip() in {choice.id, str(choice.title), f"{choice.title}类型"}:
            words = {word: n for n, one in enumerate(choice.options) for word in (one.id, str(one.title), *one.words)}  # fmt: skip
            found, unknown = readings.options(words, table[name].combine_chunks())
            if unknown.any():
                row = int(np.flatnonzero(unknown)[0])
                choice.named(table[name][row].as_py())  # says which word, and which there are
            break
    for sign in choice.signs:
        here, known = _sign(table, sign)
        here &= found < 0
        if here.any():
            found = np.where(here, np.int8(choice.index(sign.option)), found)
            option = choice.options[choice.index(sign.option)]
            because.append((here, say("按{option}评价：{why}", option=option.title, why=sign.because)))  # fmt: skip
        if choice.default:  # a station that has no such item is told by that as well
            found = np.where(known & (found < 0), np.int8(choice.index(choice.default)), found)
    if choice.default:
        return np.where(found < 0, np.int8(choice.index(choice.default)), found)
    if (found < 0).any():
        standard.settled({})  # says which options there are
        raise Refusal("有的行没有写明“{title}”。", title=choice.title)
    return found


def _sign(table: pa.Table, sign: Sign) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return where a sign is, and where it can be told that it is not."""
    nowhere = np.zeros(table.num_rows, bool)
    if sign.item:
        for name in table.column_names:
            if (what := book.names().item(name)) and what.id == sign.item:
                cells = table[name].combine_chunks()
                return readings.measured(cells, book.headings().not_measured)
    site = book.headings().find("site", table.column_names)
    if sign.name_ends and site:
        return readings.ends_with(table[site].combine_chunks(), sign.name_ends), nowhere
    return nowhere, nowhere
