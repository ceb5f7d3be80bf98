"""Why two texts are taken to speak of the same matter: the parts, and the sentences that match."""

from dataclasses import dataclass

import numpy as np

from jingyi.core.matching import part_kernels
from jingyi.core.matching.index import Index, Rows
from jingyi.core.matching.rules import Rules
from jingyi.core.words import Sentence, say

NAMES = ("near", "short", "words", "organ", "region", "day")
MOST_SENTENCES = 200  # of a text that are compared; later ones are not
SHOWN = 3  # pairs of sentences
WHOLE = 1 << 30
SHARE = 0.1  # of the best pair, below which another is not shown


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two sentences that say alike: characters `mine` of the query's text, `its` of the candidate's.

    Texts are as they were read: the cleaned title, a line feed, the cleaned body. `weight` is what
    the sentences share, so the first pair is the strongest.
    """

    mine: tuple[int, int]
    its: tuple[int, int]
    text: str
    other: str
    weight: float


def sentences(index: Index, queries: Rows, query: int, row: int) -> tuple[Alignment, ...]:
    """Return the pairs of sentences that agree most, each sentence at most once, strongest first."""
    mine, its = _split(queries, query), _split(index.rows, row)
    shared = np.zeros((len(mine[0]), len(its[0])), np.float32)
    part_kernels.align(queries.texts.buf, *mine, index.rows.texts.buf, *its, index.rarity, shared)
    out: list[Alignment] = []
    least = shared.max(initial=0) * SHARE
    while len(out) < SHOWN and shared.size and shared.max() > max(least, 1e-6):
        i, k = divmod(int(shared.argmax()), shared.shape[1])
        first, text = _quoted(queries, query, mine[0][i], mine[1][i])
        second, other = _quoted(index.rows, row, its[0][k], its[1][k])
        out.append(Alignment(first, second, text, other, float(shared[i, k])))
        shared[i, :] = 0
        shared[:, k] = 0
    return tuple(out)


def _split(rows: Rows, row: int) -> tuple[np.ndarray, np.ndarray]:
    low, high = int(rows.texts.off[row]), int(rows.texts.off[row + 1])
    start, end = np.empty(high - low + 1, np.int64), np.empty(high - low + 1, np.int64)
    count = min(part_kernels.sentences(rows.texts.buf, low, high, start, end), MOST_SENTENCES)
    return start[:count].copy(), end[:count].copy()


def _quoted(rows: Rows, row: int, start: int, end: int) -> tuple[tuple[int, int], str]:
    """Return a sentence's place in characters of its text, and the sentence."""
    low = int(rows.texts.off[row])
    before = len(rows.texts.part(row, 0, int(start) - low))
    text = rows.texts.part(row, int(start) - low, int(end) - low)
    return (before, before + len(text)), text


def because(
    score: float,
    parts: dict[str, float],
    found: tuple[Alignment, ...],
    rules: Rules,
    longest: int = WHOLE,
) -> tuple[Sentence, ...]:
    """Return the reasons for a score, the weightiest first."""
    out = [
        say(
            "较短一方的用语有 {short}% 见于另一方，按稀有程度计的总重合为 {near}%",
            short=round(100 * parts["short"]),
            near=round(100 * min(parts["near"], 1)),
        )
    ]
    if parts["words"] > 0:
        out.append(say("数字、编号有 {share}% 相同", share=round(100 * parts["words"])))
    if parts["organ"] > 0:
        out.append(say("责任机关相同"))
    if parts["organ"] < 0:
        out.append(say("责任机关不同"))
    if parts["region"] > 0:
        out.append(say("所在县区或者所在市相同"))
    if parts["region"] < 0:
        out.append(say("不在同一省份"))
    if parts["day"] > 0:
        out.append(say("时间相近"))
    out += [
        say("“{one}” 对应 “{other}”", one=_cut(one.text, longest), other=_cut(one.other, longest))
        for one in found
    ]
    if score < rules.offer:
        out.append(say("可能性低于提示界限 {offer}%", offer=round(100 * rules.offer)))
    return tuple(out)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"
