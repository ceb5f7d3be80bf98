"""Brands of departments: their life, what their figures count, the faults one can point at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from jingyi.core import rulebook
from jingyi.core.law import STATUSES, titled
from jingyi.core.refusal import Refusal
from jingyi.core.tables import Table
from jingyi.core.words import Sentence, say

ROWS = frozenset({"leads", "cases", "suggestions", "suits"})


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a brand's life and those it may go on to."""

    id: str
    title: Sentence
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """What a figure may count: `rows` is one of ROWS."""

    id: str
    title: Sentence
    rows: str
    definition: Sentence


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when on something is called a fault; characters, sections, percent, channels, months."""

    vague_meaning: int
    vague_sections: int
    alike_percent: int
    one_channel: int
    no_upkeep_months: int


@dataclass(frozen=True, slots=True)
class Book:
    """rulebook/brands.toml; every table by id, in the order it is shown."""

    stages: Mapping[str, Stage]
    focuses: Mapping[str, Sentence]
    sections: Mapping[str, Sentence]
    counts: Mapping[str, Count]
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class Told:
    """What the faults are looked for in: `kept_on` is the day somebody last cared for the brand."""

    meaning: str
    sections: int
    channels: int
    kept_on: date
    words: str  # what it stands for, meaning and slogan, for likeness


@cache
def book() -> Book:
    """Return what brands go by."""
    return read_brands(rulebook.table("brands.toml"))


def read_brands(top: Table) -> Book:
    """Read rulebook/brands.toml."""
    limits = top.table("thresholds")
    stages = [Stage(t.text("id"), _title(t), t.texts("to")) for t in top.tables("stage", least=1)]
    counts = [
        Count(t.text("id"), _title(t), t.one_of("rows", ROWS),
              titled(t.text("definition"), t.text("definition_en")))
        for t in top.tables("count", least=1)
    ]  # fmt: skip
    known = {stage.id for stage in stages}
    for stage in stages:
        if not known.issuperset(stage.to):
            raise top.wrong("stage", f"{stage.id} leads to an unknown stage")
    made = Book(
        {stage.id: stage for stage in stages},
        {t.text("id"): _title(t) for t in top.tables("focus", least=1)},
        {t.text("id"): _title(t) for t in top.tables("section", least=1)},
        {count.id: count for count in counts},
        Thresholds(**{name: limits.number(name) for name in Thresholds.__slots__}),
    )
    top.one_of("status", STATUSES)
    top.text("reading")
    top.day("confirmed_on")
    return made


def _title(item: Table) -> Sentence:
    return titled(item.text("title"), item.text("title_en"))


def move(stage: str, to: str) -> None:
    """Refuse a step that the life of a brand does not know.

    Raises:
        Refusal: `to` does not follow on `stage`.
    """
    stages = book().stages
    if to not in stages[stage].to:
        raise Refusal(
            "品牌处在“{stage}”阶段，不能直接转入“{to}”；请先走完中间的阶段。",
            stage=stages[stage].title,
            to=stages[to].title,
        )


def doubt(stored: int, now: int) -> Sentence | None:
    """Say why a claimed figure is not borne by the data any longer; None while it is."""
    if stored == now:
        return None
    return say("页面写的是 {stored}，按同一口径现在查得 {now}；数据已经变动，这个数字不再成立。",
               stored=f"{stored:,}", now=f"{now:,}")  # fmt: skip


def faults(told: Told, *, on: date) -> list[tuple[str, Sentence]]:
    """Return the faults of one brand alone, by kind, each with its reason."""
    limits, found = book().thresholds, []
    if len(told.meaning) < limits.vague_meaning or told.sections < limits.vague_sections:
        found.append(("vague", say(
            "定位模糊：内涵 {n} 字（至少 {least} 字），写了 {sections} 个方面（至少 {wanted} 个）。",
            n=len(told.meaning), least=limits.vague_meaning,
            sections=told.sections, wanted=limits.vague_sections)))  # fmt: skip
    if told.channels < limits.one_channel:
        found.append(("channel", say("渠道单一：只有 {n} 个宣传渠道。", n=told.channels)))
    months = (on.year - told.kept_on.year) * 12 + on.month - told.kept_on.month
    months -= on.day < told.kept_on.day
    if months >= limits.no_upkeep_months:
        found.append(("upkeep", say("缺少维护：已有 {n} 个月没有维护记录（最近 {day}）。",
                                    n=months, day=told.kept_on)))  # fmt: skip
    return found


def alike(one: str, other: str) -> float:
    """Return the share, 0–1, of pairs of neighbouring characters two texts have in common (Jaccard).

    Punctuation and spaces do not count; two empty texts are not alike.
    """
    a, b = _pairs(one), _pairs(other)
    return len(a & b) / len(a | b) if a and b else 0.0


def alikes(words: Sequence[str]) -> list[tuple[int, int, float]]:
    """Return the pairs of texts at or above the threshold, most alike first."""
    least = book().thresholds.alike_percent / 100
    found = [
        (i, j, share)
        for i in range(len(words))
        for j in range(i + 1, len(words))
        if (share := alike(words[i], words[j])) >= least
    ]
    return sorted(found, key=lambda pair: (-pair[2], pair[:2]))


def _pairs(text: str) -> set[str]:
    plain = "".join(c for c in text if c.isalnum())
    return {plain[i : i + 2] for i in range(len(plain) - 1)}


def same(name: str, share: float) -> Sentence:
    """Say that a brand is told in much the same words as another."""
    return say("同质：与“{name}”的文字相同 {percent}%。", name=name, percent=round(share * 100))
