"""Reads of covered copies. Who may see a file is for the room that it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from jingyi.core import evidence_book
from jingyi.core.reading.page import Box
from jingyi.core.words import Sentence, say
from jingyi.web.evidence.redaction.models import Redaction

KNOWN = say("已知的名称")
GONE: Mapping[str, Sentence] = {
    "object": say("图片、文本框或者嵌入内容"),
    "hidden": say("隐藏文字"),
    "change": say("修订中删去的内容"),
    "note": say("批注"),
    "embedded": say("嵌入的文件或者宏"),
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page to be looked at before the copy is made."""

    number: int
    boxes: tuple[Box, ...]
    readable: bool


def of_file(subject: str, key: str) -> QuerySet[Redaction]:
    """Return the copies of one file and those being prepared, the newest first."""
    return Redaction.objects.filter(subject=subject, key=key).select_related("copy", "by")


def leaves(redaction: Redaction) -> list[Leaf]:
    """Return the pages with what will be covered."""
    return [
        Leaf(one["number"], tuple(Box(*box) for box in one["boxes"]), one["readable"])
        for one in redaction.found.get("pages", ())
    ]


def words_found(redaction: Redaction) -> list[tuple[str, int]]:
    """Return each chosen word and how often it stands in the file."""
    return list(zip(redaction.words, redaction.found.get("times", ()), strict=False))


def gone(redaction: Redaction) -> list[tuple[Sentence, int]]:
    """Return what is left out of a Word document, and how often."""
    held = redaction.found.get("gone", {})
    return [(title, held[kind]) for kind, title in GONE.items() if held.get(kind)]


def choices(redaction: Redaction) -> list[tuple[object, list[tuple[str, int]]]]:
    """Return the proposed words by kind; a kind has a title in both languages."""
    kinds: dict[str, object] = {one.id: one for one in evidence_book.redaction()}
    kinds["name"] = {"title": KNOWN}
    return [
        (kinds[kind], [(word, times) for one, word, times in redaction.proposed if one == kind])
        for kind in dict.fromkeys(one for one, _word, _times in redaction.proposed)
        if kind in kinds
    ]
