"""Why a report was judged so: sentences that a page can show in either language."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from jingyi.core import rulebook
from jingyi.core.law import titled
from jingyi.core.triage.book import Book
from jingyi.core.triage.cues import Cue
from jingyi.core.triage.domain import Judgement
from jingyi.core.triage.model import LEAD, strength
from jingyi.core.triage.place import OUTSIDE, SWAPPED
from jingyi.core.words import Sentence, say

if TYPE_CHECKING:
    from jingyi.core.triage.verdicts import Part

MOST_CUES = 3


def coded(sentences: Iterable[Sentence]) -> list[str]:
    """Return the sentences as JSON, to be stored and shown later in the reader's language."""
    return [json.dumps(one.to_json(), ensure_ascii=False) for one in sentences]


def of_domain(book: Book, judged: Judgement, part: "Part", i: int) -> list[Sentence]:
    """Return the domain with the words that speak for it, or why there is none."""
    share = judged.probability[i]
    if judged.abstains[i]:
        one, other = (rulebook.domain(slug).title for slug in judged.sets[i][:2])
        return [say("可能是{one}，也可能是{other}，请人工判断", one=one, other=other)]
    slug = judged.domain[i]
    if slug is None:
        return [say("不属于法定领域（把握 {share:.0%}）", share=float(share[0]))]
    title = rulebook.domain(slug).title
    sure = float(share[judged.classes.index(slug)])
    return [
        say("{domain}（把握 {share:.0%}）", domain=title, share=sure),
        *_of_cues(book, part, i, slug),
    ]


def of_lead(book: Book, judged: Judgement, part: "Part", i: int) -> list[Sentence]:
    """Return whether it is a lead, with the words for and against."""
    share = float(judged.lead[i])
    if judged.is_lead[i]:
        verdict = say("公益受损且可能违法，按线索处理（把握 {share:.0%}）", share=share)
    else:
        verdict = say("未见公益受损且可能违法，不按线索处理（线索可能 {share:.0%}）", share=share)
    return [verdict, *_of_cues(book, part, i, LEAD)]


def _of_cues(book: Book, part: "Part", i: int, about: str) -> list[Sentence]:
    """Return the cues of `about` that weigh most, each with the word found."""
    present = strength(part.seen[i])
    found = [k for k in np.flatnonzero(present) if book.cues[k].about == about]
    found.sort(key=lambda k: -abs(book.cues[k].weight) * present[k])
    return [_of_cue(book.cues[k], book.words[part.first[i, k]]) for k in found[:MOST_CUES]]


def _of_cue(cue: Cue, word: str) -> Sentence:
    title = titled(cue.title, cue.title_en)
    if cue.about == LEAD and cue.weight < 0:
        return say("不像线索：{cue}（“{word}”）", cue=title, word=word)
    return say("{cue}（“{word}”）", cue=title, word=word)


def of_coordinates(state: int) -> list[Sentence]:
    """Return what was done to the coordinates given, if anything was."""
    if state == SWAPPED:
        return [say("经度与纬度颠倒，已对调。")]
    if state == OUTSIDE:
        return [say("坐标不在中国境内，未采用。")]
    return []
