"""Why a report was judged so: numbers while a million are judged, sentences where a person reads.

A reason is one number: what it says and the two things it says it of. Few
distinct ones occur in a run, so each is put into words once, and the verdicts
hold a dictionary of sentences, which a page can show in either language.
"""

import json
from collections.abc import Callable
from functools import partial

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jingyi.core import rulebook
from jingyi.core.law import titled
from jingyi.core.triage import reason_kernels as kernels
from jingyi.core.triage.book import Book
from jingyi.core.triage.domain import Judgement
from jingyi.core.triage.model import LEAD, TITLE_SHARE
from jingyi.core.words import Sentence, say

I64 = NDArray[np.int64]
PART = 1 << 24
SAID = pa.list_(pa.dictionary(pa.int32(), pa.string()))


def told(
    book: Book,
    judged: Judgement,
    seen: NDArray[np.uint8],
    first: NDArray[np.int32],
    empty: NDArray[np.bool_],
) -> tuple[I64, I64]:
    """Return (offsets, numbers) of the reasons for each row's domain and for its being a lead."""
    slug = {name: k for k, name in enumerate(judged.classes)} | {LEAD: len(judged.classes)}
    about = np.array([slug[cue.about] for cue in book.cues], np.int8)
    weight = np.array([abs(cue.weight) for cue in book.cues], np.float32)
    off = np.zeros(len(seen) + 1, np.int64)
    out = np.empty(len(seen) * kernels.SLOTS, np.int64)
    kernels.tell(
        judged.best, judged.abstains.astype(np.uint8), judged.chosen, judged.probability,
        judged.lead, judged.is_lead.astype(np.uint8), seen, first, about, weight, TITLE_SHARE,
        empty.astype(np.uint8), off, out,
    )  # fmt: skip
    return off, out[: off[-1]]


def numbers(what: int, a: NDArray[np.int64] | int, b: NDArray[np.int64] | int) -> I64:
    """Return reasons of one kind as numbers."""
    return np.asarray(
        np.int64(what) << 48 | np.asarray(a, np.int64) << 24 | np.asarray(b, np.int64)
    )


def appended(off: I64, told: I64, more: I64) -> tuple[I64, I64]:
    """Return the reasons with more behind those of each row: (rows × k), 0 where there is none."""
    out_off = np.zeros(len(off), np.int64)
    out = np.empty(len(told) + more.size, np.int64)
    kernels.append(off, told, np.ascontiguousarray(more), out_off, out)
    return out_off, out[: out_off[-1]]


def said(book: Book, off: I64, told: I64) -> tuple[pa.Array, pa.Array]:
    """Return the reasons in words and as JSON sentences: two lists of dictionary-coded strings."""
    coded = pa.array(told).dictionary_encode()
    sentences = [sentence(book, number) for number in coded.dictionary.to_pylist()]
    in_words = pa.array([str(one) for one in sentences], pa.string())
    stored = pa.array(
        [json.dumps(one.to_json(), ensure_ascii=False) for one in sentences], pa.string()
    )
    listed = partial(pa.ListArray.from_arrays, pa.array(off, pa.int32()))
    return tuple(
        listed(pa.DictionaryArray.from_arrays(coded.indices, words)) for words in (in_words, stored)
    )


def sentence(book: Book, number: int) -> Sentence:
    """Put one reason into words."""
    what, a, b = number >> 48, number >> 24 & PART - 1, number & PART - 1
    return _PLAIN.get(what) or _SAYING[what](book, a, b)


def _of_domain(book: Book, a: int, b: int) -> Sentence:
    return say("{domain}（把握 {share:.0%}）", domain=_title(book, a), share=b / 100)


def _of_none(_book: Book, _a: int, b: int) -> Sentence:
    return say("不属于法定领域（把握 {share:.0%}）", share=b / 100)


def _of_question(book: Book, a: int, b: int) -> Sentence:
    one, other = _title(book, a), _title(book, b)
    return say("可能是{one}，也可能是{other}，请人工判断", one=one, other=other)


def _of_lead(_book: Book, _a: int, b: int) -> Sentence:
    return say("公益受损且可能违法，按线索处理（把握 {share:.0%}）", share=b / 100)


def _of_no_lead(_book: Book, _a: int, b: int) -> Sentence:
    return say("未见公益受损且可能违法，不按线索处理（线索可能 {share:.0%}）", share=b / 100)


def _of_cue(book: Book, use: int, _b: int) -> Sentence:
    cue = book.cues[book.cue_table.use_cue[use]]
    word = book.words[np.searchsorted(book.cue_table.use_off, use, side="right") - 1]
    title = titled(cue.title, cue.title_en)
    if cue.about == LEAD and cue.weight < 0:
        return say("不像线索：{cue}（“{word}”）", cue=title, word=word)
    return say("{cue}（“{word}”）", cue=title, word=word)


def _of_near(book: Book, a: int, b: int) -> Sentence:
    return say("距受保护的{name} {metres} 米", name=book.protected[a].name, metres=b)


def _of_named(book: Book, a: int, _b: int) -> Sentence:
    return say("提到受保护的{name}", name=book.protected[a].name)


def _of_reports(_book: Book, a: int, b: int) -> Sentence:
    return say("同一件事已有 {reports} 件反映，来自 {reporters} 人", reports=a, reporters=b)


def _title(book: Book, number: int) -> Sentence:
    """Return the title of a class; 0 is none, the domains follow."""
    return rulebook.domain(book.domains[number - 1]).title


_SAYING: dict[int, Callable[[Book, int, int], Sentence]] = {
    kernels.DOMAIN: _of_domain,
    kernels.NO_DOMAIN: _of_none,
    kernels.ASK: _of_question,
    kernels.LEAD: _of_lead,
    kernels.NO_LEAD: _of_no_lead,
    kernels.CUE: _of_cue,
    kernels.NEAR: _of_near,
    kernels.NAMED: _of_named,
    kernels.REPORTS: _of_reports,
}
_PLAIN = {
    kernels.AGAIN: say("相隔较久后再次出现"),
    kernels.LIFE: say("涉及生命健康"),
    kernels.SWAPPED: say("经度与纬度颠倒，已对调。"),
    kernels.OUTSIDE: say("坐标不在中国境内，未采用。"),
    kernels.LONG: say("正文过长，只读了前 20000 字。"),
    kernels.EMPTY: say("没有正文，无法判断。"),
}
