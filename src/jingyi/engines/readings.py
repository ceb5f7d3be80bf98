"""Tables of readings as agencies export them, as columns of numbers.

Gaps (`--`, `*`), results that were not seen (`<0.02`, `0.02L`), duplicates: all taken as they are.
A cell that is no result is a gap in the numbers, and its row is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jingyi.core.lab import book
from jingyi.core.lab.columns import ABOVE, BELOW, F64, I8, SEEN, Column
from jingyi.core.lab.headings import Long, Wide
from jingyi.core.lab.units import Unit, heading
from jingyi.core.lab.values import NotAResult, parse

_PLAIN = r"^[ \t]*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[ \t]*$"
_MARKS = {"": SEEN, "<": BELOW, ">": ABOVE}


@dataclass(frozen=True, slots=True)
class Results:
    """Cells of one item: numbers, marks, and which cells are neither a result nor a gap."""

    column: Column
    text: pa.Array
    bad: NDArray[np.bool_]


def numbers(text: pa.Array) -> tuple[F64, I8, NDArray[np.bool_]]:
    """Return numbers (NaN: gap), marks, and which cells cannot be read."""
    easy = pc.fill_null(pc.match_substring_regex(text, _PLAIN), False)
    found = np.asarray(
        pc.fill_null(
            pc.cast(pc.utf8_trim_whitespace(pc.if_else(easy, text, None)), pa.float64()), np.nan
        ),
        np.float64,
    ).copy()
    marks, bad = np.zeros(len(found), np.int8), np.zeros(len(found), bool)
    rest = np.flatnonzero(~np.asarray(easy))
    if len(rest):
        coded = text.take(pa.array(rest)).dictionary_encode()
        codes = np.asarray(pc.fill_null(coded.indices, -1))
        for code, cell in enumerate(coded.dictionary.to_pylist()):
            rows = rest[codes == code]
            try:
                value = parse(cell)
            except NotAResult:
                bad[rows] = True
                continue
            if value:
                marks[rows] = _MARKS[value.mark]
                if value.number is not None:
                    found[rows] = float(value.number)
    return found, marks, bad


def wide(table: pa.Table, layout: Wide) -> list[Results]:
    """Return the columns of a table with one column an item."""
    results = []
    for name, item, unit in layout.columns:
        text = table[name].combine_chunks()
        figures, marks, bad = numbers(text)
        results.append(Results(Column(item, unit, figures, marks), text, bad))
    return results


def long(table: pa.Table, layout: Long) -> list[tuple[Results, NDArray[np.intp]]]:
    """Return, for each item and unit of a long table, its results and the rows they are in.

    Rows of items that nobody knows are in none of them.

    Raises:
        UnknownUnit: a unit that is not one of the item.
    """
    known = book.names()
    items = _coded(table[layout.item])
    units = _coded(table[layout.unit]) if layout.unit else pa.repeat("", len(items)).dictionary_encode()  # fmt: skip
    text = table[layout.value].combine_chunks()
    names, marks = items.dictionary.to_pylist(), units.dictionary.to_pylist()
    pairs = np.asarray(items.indices).astype(np.int64) * len(marks) + np.asarray(units.indices)
    order = np.argsort(pairs, kind="stable")
    kinds, starts = np.unique(pairs[order], return_index=True)
    found = []
    for pair, rows in zip(kinds.tolist(), np.split(order, starts[1:]), strict=True):
        name, unit_name = names[pair // len(marks)], marks[pair % len(marks)]
        item = known.item(name)
        if item is None:
            continue
        unit: Unit = known.unit(item, unit_name or heading(name)[1])
        cells = text.take(pa.array(rows))
        figures, censored, bad = numbers(cells)
        found.append((Results(Column(item, unit, figures, censored), cells, bad), rows))
    return found


def measured(
    text: pa.Array, not_measured: frozenset[str]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return in which rows the station measures an item (a gap is one thing, `*` another), and
    in which that can be told: an empty cell says neither.
    """
    cells = pc.utf8_trim_whitespace(pc.fill_null(text, ""))
    told = np.asarray(pc.not_equal(cells, ""))
    absent = np.asarray(pc.is_in(cells, value_set=pa.array([*not_measured], text.type)))
    return told & ~absent, told


def ends_with(text: pa.Array, ends: tuple[str, ...]) -> NDArray[np.bool_]:
    """Tell which names end so, brackets at the end left aside: `临淮乡（湖库）` ends in 临淮乡."""
    bare = pc.replace_substring_regex(pc.fill_null(text, ""), r"[（(][^（）()]*[)）]\s*$", "")
    found = np.zeros(len(text), bool)
    for end in ends:
        found |= np.asarray(pc.ends_with(bare, end))
    return found


def _coded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    return pc.utf8_trim_whitespace(pc.fill_null(column, "")).combine_chunks().dictionary_encode()


def options(choice_words: Mapping[str, int], text: pa.Array) -> tuple[I8, NDArray[np.bool_]]:
    """Return each row's option by the words of a column, -1 for a blank; and the words unknown."""
    cells = pc.utf8_trim_whitespace(pc.fill_null(text, "")).dictionary_encode()
    by_code = np.array([choice_words.get(word, -1) for word in cells.dictionary.to_pylist()], np.int8)  # fmt: skip
    unknown = np.array([bool(word) and word not in choice_words for word in cells.dictionary.to_pylist()])  # fmt: skip
    codes = np.asarray(cells.indices)
    if not len(by_code):
        return np.full(len(codes), -1, np.int8), np.zeros(len(codes), bool)
    return by_code[codes], unknown[codes]
