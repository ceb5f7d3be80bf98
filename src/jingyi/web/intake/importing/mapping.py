"""Which column of a sender's file is which of ours: remembered, guessed or said."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from jingyi.core.datum import DATUMS, named
from jingyi.core.refusal import Refusal
from jingyi.engines import tables

FIELDS = ("text", "title", "time", "id", "place", "lon", "lat", "datum", "reporter", "likes")
WRITTEN = {"external_id": "id", "happened_at": "time"}  # other names people may use
SAMPLE, SENTENCE = 200, 8  # rows; characters: what is shorter names a thing and reports nothing


def propose(sheet: tables.Sheet, remembered: Mapping[str, str]) -> dict[str, str]:
    """Return our field → their heading: what this sender used before, else what is guessed.

    A table of stations or categories has names and no messages: its names are
    not proposed as such, so that somebody has to say so.
    """
    guessed = tables.guess_columns(sheet.names, sheet.table)
    if "text" not in guessed and "title" in guessed and not _speaks(sheet.table[guessed["title"]]):
        del guessed["title"]
    kept = {
        field: name
        for field, name in remembered.items()
        if name in sheet.names or (field == "datum" and name in DATUMS)
    }
    taken = set(kept.values())
    free = {field: name for field, name in guessed.items() if name not in taken}
    return {field: name for field, name in (free | kept).items() if field in FIELDS}


def _speaks(column: pa.ChunkedArray) -> bool:
    """Tell whether the cells read like messages, going by their usual length."""
    lengths = pc.utf8_length(column.slice(0, SAMPLE))
    filled = pc.filter(lengths, pc.greater(lengths, 0))
    return bool(len(filled)) and float(pc.mean(filled).as_py()) >= SENTENCE


def check(mapping: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    """Return the mapping without empty choices.

    Raises:
        Refusal: no text, a heading that is not there, or one heading used twice.

    `datum` is a heading or, for the whole file, one of `DATUMS`.
    """
    chosen = {field: name for field, name in mapping.items() if name and field in FIELDS}
    if "datum" in chosen and chosen["datum"] not in names:
        chosen["datum"] = named(chosen["datum"])  # of the whole file
    for field, name in chosen.items():
        if name not in names and field != "datum":
            raise Refusal(
                "表中没有名为“{name}”的列。现有的列：{names}。", name=name, names="、".join(names)
            )
    if "text" not in chosen and "title" not in chosen:
        raise Refusal(
            "还没有指明哪一列是正文，无法导入。请选择正文所在的列；现有的列：{names}。",
            names="、".join(names),
        )
    twice = {name for name in chosen.values() if list(chosen.values()).count(name) > 1}
    if twice:
        raise Refusal("列“{name}”被选作两样内容；每一列只能选一次。", name=min(twice))
    return chosen


def from_words(words: list[str]) -> dict[str, str]:
    """Read ``["text=留言详情", …]`` from a command line."""
    said = {}
    for word in words:
        field, equals, name = word.partition("=")
        field = WRITTEN.get(field, field)
        if not equals or field not in FIELDS:
            raise Refusal(
                "“{word}”读不懂；须写成 字段=列名，例如 text=留言详情。字段有：{fields}。",
                word=word,
                fields="、".join(FIELDS),
            )
        said[field] = name
    return said
