"""The minutes of a review meeting (推进会) as a document: who said what, what is to be done, by whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from jingyi.core.documents.draft import in_words
from jingyi.core.documents.model import Document, Paragraph, Statement

DRAFT = "（会议尚未结束，本件为草稿）"
NONE = "无。"


@dataclass(frozen=True, slots=True)
class Task:
    """A measure: `state` says in words how it stands."""

    what: str
    owner: str
    due_on: date
    state: str = ""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one department said, and what it will do next."""

    department: str
    highlights: str
    problems: str
    tasks: Sequence[Task]


@dataclass(frozen=True, slots=True)
class Guided:
    """What a superior said; `answer` is empty until there is one."""

    giver: str
    on: date
    text: str
    document: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Met:
    """A meeting as its minutes tell it."""

    office: str
    title: str
    on: date
    place: str
    chair: str
    carried: Sequence[Task]
    spoken: Sequence[Spoken]
    guidance: Sequence[Guided]
    closed: bool


def minutes(met: Met) -> Document:
    """Return the minutes; every sentence is a person's words and none is proof of anything."""
    paragraphs = tuple(
        Paragraph(style, (Statement(text, "said", cited=False),)) for style, text in _lines(met)
    )
    return Document("minutes", met.title, met.office, met.on, paragraphs)


def _lines(met: Met) -> Iterator[tuple[str, str]]:
    yield "office", met.office
    yield "title", f"{met.title}纪要"
    if not met.closed:
        yield "body", DRAFT
    yield "body", f"时间：{in_words(met.on)}"
    if met.place:
        yield "body", f"地点：{met.place}"
    yield "body", f"主持人：{met.chair}"
    yield "heading", "一、上次会议以来未完成措施"
    yield from _tasks(met.carried)
    yield "heading", "二、各部门情况"
    for spoken in met.spoken:
        yield "heading", f"（{spoken.department}）"
        for label, text in (("亮点", spoken.highlights), ("问题", spoken.problems)):
            yield from _text(label, text)
        yield "body", "下一步措施："
        yield from _tasks(spoken.tasks)
    yield "heading", "三、上级院指导意见及答复"
    if not met.guidance:
        yield "body", NONE
    for one in met.guidance:
        source = f"（{one.document}）" if one.document else ""
        yield from _text(f"{one.giver}{in_words(one.on)}指出{source}", one.text)
        yield from _text("答复", one.answer or "尚未答复。")
    yield "signature", met.office
    yield "date", in_words(met.on)


def _tasks(tasks: Sequence[Task]) -> Iterator[tuple[str, str]]:
    if not tasks:
        yield "body", NONE
    for n, task in enumerate(tasks, 1):
        state = f"{task.state}。" if task.state else ""
        yield (
            "body",
            f"{n}. {task.what}（责任人：{task.owner}，时限：{in_words(task.due_on)}）。{state}",
        )


def _text(label: str, text: str) -> Iterator[tuple[str, str]]:
    first, *rest = [line.strip() for line in text.splitlines() if line.strip()] or [NONE]
    yield "body", f"{label}：{first}"
    for line in rest:
        yield "body", line
