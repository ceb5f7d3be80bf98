"""Two versions of a document, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from jingyi.core.documents.model import Document, Paragraph

SAME, OUT, IN = "same", "out", "in"
# A date, a number with its unit, a Latin word and a citation's article each change as one word; in
# Chinese text, which marks no words, the character is the least that can change.
WORD = re.compile(
    r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?"
    r"|第[〇一二三四五六七八九十百千]+[条款项章节]"
    r"|[〇一二两三四五六七八九十百千万]+(?:个工作日|个月|日|天|年|米|元|人|处|次|项)"
    r"|\d+(?:[.,]\d+)*[%％]?(?:个工作日|个月|平方米|千克|公里|[年月日天米元人处次项号吨亩户])?"
    r"|[A-Za-z][A-Za-z0-9_-]*|\s+|."
)
SHORT = 1  # so few equal characters between two changes are read as part of the change


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text: in both versions, only in the older (`out`) or only in the newer (`in`)."""

    op: str
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One paragraph in both versions; `changed` if any word differs."""

    style: str
    parts: tuple[Part, ...]

    @property
    def changed(self) -> bool:
        return any(part.op != SAME for part in self.parts)


def compare(older: Document, newer: Document) -> tuple[Compared, ...]:
    """Return every paragraph of both, in order; reading `same` and `in` gives the newer one whole."""
    before, after = older.paragraphs, newer.paragraphs
    matcher = SequenceMatcher(None, _keys(before), _keys(after), autojunk=False)
    found: list[Compared] = []
    for op, i, j, k, m in matcher.get_opcodes():
        if op == "equal":
            found += [Compared(p.style, (Part(SAME, p.text),)) for p in before[i:j]]
        else:
            found += _pairs(before[i:j], after[k:m])
    return tuple(found)


def _keys(paragraphs: Sequence[Paragraph]) -> list[tuple[str, str]]:
    return [(p.style, p.text) for p in paragraphs]


def _pairs(before: Sequence[Paragraph], after: Sequence[Paragraph]) -> Iterator[Compared]:
    """Yield paragraphs that stand in each other's place; what one side has more is wholly out or in."""
    both = min(len(before), len(after))
    for old, new in zip(before, after, strict=False):
        yield Compared(new.style, words(old.text, new.text))
    for old in before[both:]:
        yield Compared(old.style, (Part(OUT, old.text),))
    for new in after[both:]:
        yield Compared(new.style, (Part(IN, new.text),))


def words(older: str, newer: str) -> tuple[Part, ...]:
    """Return the difference of two texts by words; what went comes before what took its place."""
    a, b = WORD.findall(older), WORD.findall(newer)
    steps: list[tuple[str, str, str]] = []  # same, out, in
    for op, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        old, new = "".join(a[i:j]), "".join(b[k:m])
        steps.append((old, "", "") if op == "equal" else ("", old, new))
    return tuple(_parts(_joined(steps)))


def _joined(steps: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return the steps with a stray equal character between two changes made part of them."""
    found: list[tuple[str, str, str]] = []
    for n, (same, old, new) in enumerate(steps):
        inner = 0 < n < len(steps) - 1
        here = ("", same, same) if same and inner and len(same) <= SHORT else (same, old, new)
        if found and not found[-1][0] and not here[0]:
            last = found.pop()
            here = ("", last[1] + here[1], last[2] + here[2])
        found.append(here)
    return found


def _parts(steps: list[tuple[str, str, str]]) -> Iterator[Part]:
    for same, old, new in steps:
        for op, text in ((SAME, same), (OUT, old), (IN, new)):
            if text:
                yield Part(op, text)
