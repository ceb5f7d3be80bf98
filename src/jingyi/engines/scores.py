"""Scores out of a table: one row a score, with the entry, the judge, the criterion and the points."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from jingyi.core.judging.scores import WHOLE, Scores
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.engines import tables

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "entry": ("entry", "作品", "品牌", "参评", "项目", "候选", "选手"),
    "judge": ("judge", "评委", "评审", "裁判"),
    "criterion": ("criterion", "评分项", "指标", "标准", "维度"),
    "score": ("score", "分数", "得分", "评分", "分值"),
    "judge_unit": ("judge_unit", "评委单位", "评委所属"),
    "entry_unit": ("entry_unit", "参评单位", "作品单位", "申报单位"),
}
NEEDED = ("entry", "judge", "score")
NONE = frozenset(("", "-", "--", "—", "/", "弃权", "回避", "缺席", "n/a", "na", "nan", "null"))


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The scores, whose unit is which where the table says, and the rows that hold no score."""

    scores: Scores
    judge_unit: Mapping[str, str]
    entry_unit: Mapping[str, str]
    blank: tuple[tuple[int, Sentence], ...]


def read(path: str | Path, named: Mapping[str, str], blank: frozenset[str] = frozenset()) -> Sheet:
    """Return the scores of a table.

    Args:
        path: XLSX, CSV or Parquet.
        named: field → heading, where it should not be guessed.
        blank: more words that mean that a judge gave no score.

    Raises:
        Refusal: it cannot be read, lacks a column, or a score is no number: a result
            without that score would be another result.
    """
    sheet = tables.open_table(path)
    if sheet.rejected:
        first = sheet.rejected[0]
        raise Refusal("第 {row} 行读不懂：{why}。", row=first.row, why=first.reason)
    chosen = _chosen(sheet.names, named)
    columns = {
        field: [(cell or "").strip() for cell in sheet.table[heading].to_pylist()]
        for field, heading in chosen.items()
    }
    numbers = sheet.rows.to_pylist()
    criteria = columns.get("criterion") or [WHOLE] * len(numbers)
    rows, empty = [], []
    judge_unit: dict[str, str] = {}
    entry_unit: dict[str, str] = {}
    for at, number in enumerate(numbers):
        entry, judge, said = (columns[field][at] for field in NEEDED)
        if not entry or not judge or not criteria[at]:
            raise Refusal("第 {row} 行没有写明作品、评委或评分项。", row=number)
        for unit, who, field in (
            (judge_unit, judge, "judge_unit"),
            (entry_unit, entry, "entry_unit"),
        ):
            if field in columns and columns[field][at]:
                unit.setdefault(who, columns[field][at])
        if said.lower() in NONE or said in blank:
            empty.append((number, say("“{judge}”没有给“{entry}”打分", judge=judge, entry=entry)))
            continue
        rows.append((entry, judge, criteria[at], _points(said, number)))
    return Sheet(Scores.of(rows), judge_unit, entry_unit, tuple(empty))


def _points(said: str, row: int) -> float:
    try:
        points = float(said.replace("，", ".").removesuffix("分"))
    except ValueError:
        points = float("nan")
    if not isfinite(points):
        raise Refusal(
            "第 {row} 行的分数“{said}”不是数字。请改正；没有打分请留空或写“弃权”。",
            row=row, said=said[:20],
        )  # fmt: skip
    return points


def _chosen(names: tuple[str, ...], named: Mapping[str, str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for exact in (True, False):
        for field, words in HEADINGS.items():
            said = named.get(field)
            if said and said not in names:
                raise Refusal("表中没有名为“{heading}”的列。", heading=said)
            for word in (said,) if said else words:
                free = (n for n in names if n not in chosen.values())
                match = next((n for n in free if _says(n, word, exact=exact or bool(said))), None)
                if match and field not in chosen:
                    chosen[field] = match
    for field in NEEDED:
        if field not in chosen:
            raise Refusal(
                "找不到“{field}”列。请用 --{field} 指明；现有的列：{names}。",
                field=field, names="、".join(names),
            )  # fmt: skip
    return chosen


def _says(name: str, word: str, *, exact: bool) -> bool:
    plain = name.strip().lower()
    return plain == word if exact else word in plain
