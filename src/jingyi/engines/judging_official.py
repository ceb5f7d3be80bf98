"""Where our class and the official one differ, and what kind of difference it is.

Kinds, asked in this order, each from the figures of the row alone:
  same       no difference
  none       we give no class
  condition  ours is the official one under another option of a condition (river or lake)
  edge       it is the official one once every figure is moved by one unit of its last digit: the
             official class was worked out before rounding
  near       it is once every figure is moved by `NEAR`: what is printed and what was assessed differ
  better     the official class is better than the worst item printed: that item was not assessed
  worse      the official class is worse than every item printed: something not in the table was
"""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jingyi.core.lab import columns
from jingyi.core.words import Sentence, say
from jingyi.engines.judging_words import Why

KINDS = ("same", "none", "condition", "edge", "near", "better", "worse")
NEAR = 0.1  # of a figure
TITLES = {
    "same": say("一致"),
    "none": say("本系统不能评价"),
    "condition": say("按另一种水体评价即一致"),
    "edge": say("读数与限值相差不超过末位一个单位：官方类别按修约前的数评价"),
    "near": say("读数与限值相差不到一成：所列读数与参评的数有出入"),
    "better": say("官方类别好于所列最差项：该项未参评，或者读数后来审核更正"),
    "worse": say("官方类别差于所列各项：参评的数或者项目不在表中"),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """Rows with an official class, by kind; `kind` i8 [n] is an index into KINDS, -1 for no class."""

    kind: NDArray[np.int8]
    items: dict[str, Counter[str]]

    @property
    def counts(self) -> dict[str, int]:
        return {name: int((self.kind == n).sum()) for n, name in enumerate(KINDS)}

    @property
    def agreed(self) -> float:
        """Return the share of rows with an official class where ours is the same."""
        rows = int((self.kind >= 0).sum())
        return self.counts["same"] / rows if rows else 0.0


def compare(why: Why, official: pa.Array) -> Compared:
    """Compare the levels of a wide table with a column of official classes."""
    standard, levels = why.standard, why.levels
    names = pa.array([*standard.levels, standard.beyond])
    cells = pc.utf8_trim_whitespace(pc.fill_null(official.cast(pa.string()), ""))
    said = np.asarray(pc.fill_null(pc.index_in(cells, value_set=names), -1), np.int8)
    ours = np.where(levels.best == levels.worst, levels.worst, columns.NONE)
    kind = np.full(len(said), -1, np.int8)
    has = said >= 0
    tests = {
        "same": ours == said,
        "none": ours < 0,
        "condition": _otherwise(why, said),
        "edge": _moved(why, said, [_last_digit(one.text) for one in why.results]),
        "near": _moved(why, said, [np.abs(one.column.numbers) * NEAR for one in why.results]),
        "better": said < ours,
        "worse": said > ours,
    }
    for n, name in enumerate(KINDS):
        kind[has & (kind < 0) & tests[name]] = n
    items: dict[str, Counter[str]] = {name: Counter() for name in KINDS}
    for n, name in enumerate(KINDS):
        if name in {"better", "edge", "near", "condition"}:
            for place in levels.decisive[kind == n].tolist():
                items[name][str(why.results[place].column.item.title)] += 1
    return Compared(kind, items)


def line(name: str, found: Compared) -> Sentence:
    """Return one kind with its count and the items it is mostly about."""
    most = "、".join(f"{item} {count}" for item, count in found.items[name].most_common(4))
    share = found.counts[name] / max(1, int((found.kind >= 0).sum()))
    head = say("{title}：{count} 行（{share:.2%}）", title=TITLES[name], count=found.counts[name], share=share)  # fmt: skip
    return say("{head}，多为{items}", head=head, items=most) if most else head


def _otherwise(why: Why, said: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Tell where another option of one condition gives the official class."""
    found = np.zeros(len(said), bool)
    held = [one.column for one in why.results]
    for choice in why.standard.choices:
        if choice.measured:
            continue
        for n in range(len(choice.options)):
            other = {**why.chosen, choice.id: np.full(len(said), n, np.int8)}
            levels = columns.assess(why.standard, held, other, len(said))
            found |= (levels.worst == said) & (levels.best == levels.worst)
    return found


def _moved(why: Why, said: NDArray[np.int8], steps: list[NDArray[np.float64]]) -> NDArray[np.bool_]:
    """Tell where moving every figure by its step, all to the better or all to the worse, gives the official class."""
    of = []
    for sign in (-1, 0, 1):
        held = [
            replace(one.column, numbers=one.column.numbers + sign * step)
            for one, step in zip(why.results, steps, strict=True)
        ]
        of.append(columns.assess(why.standard, held, why.chosen, len(said)).of)
    better, worse = np.min(of, axis=0).max(axis=0), np.max(of, axis=0).max(axis=0)
    return np.asarray((better == said) | (worse == said))


def _last_digit(text: pa.Array) -> NDArray[np.float64]:
    """Return what one unit of the last printed digit is worth."""
    decimals = pc.utf8_length(pc.replace_substring_regex(text, r"^[^.]*\.?", ""))
    return np.power(10.0, -np.asarray(pc.fill_null(decimals, 0), np.float64)) * (1 + 1e-9)
