"""Talent: skills and the tasks that show them, marks of a double-blind contest, satisfaction with its n."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median

from jingyi.core import rulebook
from jingyi.core.law import STATUSES, titled
from jingyi.core.tables import Table
from jingyi.core.words import Sentence, say

SHOWN_BY = frozenset({"handled", "event", "typical", "verified"})


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of work in a real case: how the file shows it, which skills it shows."""

    id: str
    title: Sentence
    shown_by: str
    events: frozenset[str]
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is asked, and the lawful moment; `events` of a case that make it, where it is one of a case."""

    id: str
    title: Sentence
    moment: Sentence
    events: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """One question, answered from 1 to 5."""

    id: str
    title: Sentence
    audiences: frozenset[str]


@dataclass(frozen=True, slots=True)
class Book:
    """rulebook/talent.toml; every table by id. `threshold` in marks, `least` in answers."""

    skills: Mapping[str, Sentence]
    tasks: Mapping[str, Task]
    audiences: Mapping[str, Audience]
    questions: Mapping[str, Question]
    full_marks: int
    threshold: int
    least: int
    days: int


@cache
def book() -> Book:
    """Return what talent goes by."""
    return read_talent(rulebook.table("talent.toml"))


def read_talent(top: Table) -> Book:
    """Read rulebook/talent.toml."""
    top.one_of("status", STATUSES)
    top.day("confirmed_on")
    top.text("reading")
    contest, satisfaction = top.table("contest"), top.table("satisfaction")
    skills = {t.text("id"): _title(t) for t in top.tables("skill", least=1)}
    tasks = [
        Task(t.text("id"), _title(t), t.one_of("shown_by", SHOWN_BY), frozenset(t.texts("events", ())), t.texts("skills"))
        for t in top.tables("task", least=1)
    ]  # fmt: skip
    for task in tasks:
        if not skills.keys() >= set(task.skills) or (task.shown_by == "event") != bool(task.events):
            raise top.wrong("task", f"{task.id}: an unknown skill, or events that do not fit")
    audiences = [
        Audience(t.text("id"), _title(t), titled(t.text("moment"), t.text("moment_en")), frozenset(t.texts("events", ())))
        for t in top.tables("audience", least=1)
    ]  # fmt: skip
    questions = [
        Question(t.text("id"), _title(t), frozenset(t.texts("audiences")))
        for t in top.tables("question", least=1)
    ]
    made = Book(
        skills, {t.id: t for t in tasks}, {a.id: a for a in audiences}, {q.id: q for q in questions},
        contest.number("full_marks"), contest.number("threshold"), satisfaction.number("least"),
        satisfaction.number("days"),
    )  # fmt: skip
    top.done()
    return made


def _title(item: Table) -> Sentence:
    return titled(item.text("title"), item.text("title_en"))


@dataclass(frozen=True, slots=True)
class Graded:
    """The mark of an entry; None while it waits, for whom `because` says."""

    mark: float | None
    third: bool  # a third reader is needed, or was
    because: Sentence


def graded(marks: Sequence[float], threshold: float) -> Graded:
    """Return the mark of an entry by the marks of its readers, in the order they were assigned.

    Two readers: their mean, unless they differ by more than `threshold`. Then a third reads, and
    the mark is the median of the three: the reader who stands apart does not pull it.
    """
    if len(marks) < 2:
        return Graded(None, third=False, because=say("还差 {n} 位评卷人。", n=2 - len(marks)))
    apart = abs(marks[0] - marks[1])
    if apart <= threshold:
        mean = sum(marks[:2]) / 2
        because = say("两位评卷人相差 {apart} 分，不超过 {most} 分，取平均。", apart=f"{apart:g}", most=f"{threshold:g}")  # fmt: skip
        return Graded(mean, third=False, because=because)
    if len(marks) == 2:
        because = say("两位评卷人相差 {apart} 分，超过 {most} 分，由第三人评卷。", apart=f"{apart:g}", most=f"{threshold:g}")  # fmt: skip
        return Graded(None, third=True, because=because)
    because = say("两位评卷人相差 {apart} 分，超过 {most} 分；第三人评卷后取三个分数的中位数。", apart=f"{apart:g}", most=f"{threshold:g}")  # fmt: skip
    return Graded(float(median(marks[:3])), third=True, because=because)


@dataclass(frozen=True, slots=True)
class Share:
    """What was answered to one question: n, and how many of them said 4 or 5; None below the least n."""

    n: int
    content: int | None


def share(answers: Sequence[int], least: int) -> Share:
    """Return how many answered, and how many were content, if they are enough not to be told apart."""
    n = len(answers)
    return Share(n, sum(one >= 4 for one in answers) if n >= least else None)
