"""The reasons of a judged table, made column-wise: a million sentences, few kinds of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jingyi.core.lab.columns import I8, Levels
from jingyi.core.lab.judging import compared
from jingyi.core.lab.limits import Standard
from jingyi.core.words import Sentence, say
from jingyi.engines.readings import Results

Part: TypeAlias = pa.Array  # one reason of every row, null where it has none
GAP = "\ue000"  # stands in a sentence where the cell's own text goes


@dataclass(frozen=True, slots=True)
class Why:
    """What is known about a judged table."""

    standard: Standard
    results: list[Results]
    levels: Levels
    chosen: dict[str, I8]
    inferred: list[tuple[NDArray[np.bool_], Sentence]]


def reasons(why: Why) -> pa.Array:
    """Return list<string>: what decided, what it could not tell, the conditions, the gaps."""
    parts = [*_decisive(why), _untold(why), _nothing(why), *_inferred(why), *_bad(why), _gaps(why)]
    return _woven([part for part in parts if part.null_count < len(part)], len(why.levels.worst))


def _decisive(why: Why) -> list[Part]:
    """Return, for each item, its comparison where it is one of the worst and the level is told."""
    levels, parts = why.levels, []
    told = (levels.worst >= 0) & (levels.best == levels.worst)
    for place, one in enumerate(why.results):
        here = told & (levels.of[place] == levels.worst)
        if not here.any():
            continue
        part = pa.nulls(len(here), pa.string())
        for limit in why.standard.limits:
            if limit.item.id != one.column.item.id or limit.apart:
                continue
            rows = here & _under(why, limit.when)
            for level in np.unique(levels.worst[rows]).tolist():
                where = rows & (levels.worst == level)
                sentence = str(compared(why.standard, limit, GAP, one.column.unit, level))
                before, after = sentence.split(GAP)
                text = pc.binary_join_element_wise(before, pc.utf8_trim_whitespace(one.text), after, "")  # fmt: skip
                part = pc.if_else(pa.array(where), text, part)
        parts.append(part)
    return parts


def _untold(why: Why) -> Part:
    """Return why a level is not told: a limit of detection above the limits."""
    levels = why.levels
    here = (levels.worst >= 0) & (levels.best != levels.worst)
    sentence = {
        row: str(
            say(
                "只能判定在{best}至{worst}之间：{item} {value} 未测出，其检出限高于限值。",
                best=why.standard.called(int(levels.best[row])),
                worst=why.standard.called(int(levels.worst[row])),
                item=why.results[levels.decisive[row]].column.item.title,
                value=why.results[levels.decisive[row]].text[int(row)].as_py().strip(),
            )
        )
        for row in np.flatnonzero(here).tolist()
    }
    return pa.array([sentence.get(row) for row in range(len(here))], pa.string()) if sentence else pa.nulls(len(here), pa.string())  # fmt: skip


def _nothing(why: Why) -> Part:
    said = str(say("没有 {standard} 所列项目的结果，不能评价。", standard=why.standard.number))
    return _where(why.levels.worst < 0, said)


def _inferred(why: Why) -> list[Part]:
    judged = why.levels.worst >= 0
    return [_where(here & judged, str(sentence)) for here, sentence in why.inferred]


def _bad(why: Why) -> list[Part]:
    parts = []
    for one in why.results:
        if one.bad.any():
            title = str(one.column.item.title)
            text = pc.binary_join_element_wise(f"{title}“", one.text, "”不是测定结果，按缺测处理", "")  # fmt: skip
            parts.append(pc.if_else(pa.array(one.bad), text, None))
    return parts


def _gaps(why: Why) -> Part:
    """Return which items of the table have no result in the row."""
    count = len(why.levels.worst)
    pattern = np.zeros(count, np.int64)
    judged = [n for n, one in enumerate(why.results) if (why.levels.of[n] >= 0).any()]
    for bit, place in enumerate(judged):
        pattern |= (why.levels.of[place] < 0).astype(np.int64) << bit
    pattern[why.levels.worst < 0] = 0
    values, codes = np.unique(pattern, return_inverse=True)
    words = []
    for value in values.tolist():
        missing = [str(why.results[n].column.item.title) for bit, n in enumerate(judged) if value >> bit & 1]  # fmt: skip
        words.append(str(say("缺{items}，未参评", items="、".join(missing))) if missing else None)
    return pa.array(words, pa.string()).take(pa.array(codes))


def _where(here: NDArray[np.bool_], text: str) -> Part:
    return pc.if_else(pa.array(here), text, pa.scalar(None, pa.string()))


def _under(why: Why, when: Mapping[str, frozenset[str]]) -> NDArray[np.bool_]:
    rows = np.ones(len(why.levels.worst), bool)
    for name, options in when.items():
        choice = why.standard.choice(name)
        if name in why.chosen:
            rows &= np.isin(why.chosen[name], [choice.index(one) for one in options])
    return rows


def _woven(parts: list[Part], count: int) -> pa.Array:
    """Return one list a row from reasons by column, those that a row has, in order."""
    if not parts:
        return pa.array([[]] * count, pa.list_(pa.string()))
    there = np.stack([np.asarray(part.is_valid()) for part in parts], axis=1)
    offsets = np.concatenate([[0], np.cumsum(there.sum(axis=1))]).astype(np.int32)
    whole = pa.concat_arrays(parts)
    places = np.arange(len(parts) * count).reshape(len(parts), count).T[there]
    return pa.ListArray.from_arrays(pa.array(offsets), whole.take(pa.array(places)))
