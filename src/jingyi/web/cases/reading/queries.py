"""Reads of the reading room. Every one starts from a case that has been found for the person who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Avg, Count, QuerySet

from jingyi.core import rulebook
from jingyi.core.reading.dates import dates_in
from jingyi.core.reading.page import Box, Hit
from jingyi.web.accounts.models import User
from jingyi.web.cases.models import Case
from jingyi.web.cases.queries import cases_for, events
from jingyi.web.cases.reading.files import File
from jingyi.web.cases.reading.models import Dated, Note, Page, Reading
from jingyi.web.cases.reading.search import search

USUAL = 6.0  # seconds a page, before any page of a case has been read
MOST_RESULTS = 100


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the files of a case have been read: pages done of those known, files left, time left."""

    done: int
    total: int
    files: int
    seconds_left: float


@dataclass(frozen=True, slots=True)
class Result:
    """A page that holds what was searched for."""

    file: File
    page: Page
    hits: list[Hit]
    around: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A day named on a page about which nobody has decided."""

    file: File
    page: Page
    on: date
    start: int
    sure: bool
    around: tuple[str, str, str]
    boxes: tuple[Box, ...]

    @property
    def says(self) -> str:
        """What the page says next, up to the sentence's end or another day: a proposal for the wording."""
        after = self.around[2].lstrip(",，:：、至")
        ends = [at for mark in "。；;" if (at := after.find(mark)) > 0]
        ends += [one.start for one in dates_in(after, year=self.on.year) if one.start]
        return after[: min(ends)] if ends else after


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the chronology: an event of the case, or a confirmed day of a page."""

    on: date
    what: Any  # words or a Sentence
    more: str
    event: Any = None
    dated: Dated | None = None
    file: File | None = None


def notes_for(user: User) -> QuerySet[Note]:
    """Return the notes of the cases `user` may see, those taken back included."""
    return Note.objects.filter(item__case__in=cases_for(user)).select_related(
        "item__case__office", "by", "fact", "removed_by"
    )


def dated_for(user: User) -> QuerySet[Dated]:
    """Return the decisions about days in the cases `user` may see."""
    return Dated.objects.filter(item__case__in=cases_for(user)).select_related("item__case__office")


def pages_of(files: Sequence[File]) -> QuerySet[Page]:
    """Return the pages of some files."""
    blobs = {one.blob.pk for one in files}
    return Page.objects.filter(reading__in=blobs).order_by("reading", "number")


def progress_of(files: Sequence[File]) -> Progress | None:
    """Return how far reading has come; nothing where nothing is being read."""
    open_ = [one for one in files if one.reading and one.reading.state in ("waiting", "reading")]
    if not open_:
        return None
    found = Page.objects.filter(reading__in={one.blob.pk for one in open_}).aggregate(
        done=Count("pk"), pace=Avg("seconds")
    )
    total = sum(one.pages or 1 for one in open_)
    left = max(total - found["done"], 0) * (found["pace"] or USUAL)
    return Progress(found["done"], total, len(open_), left)


def results(files: Sequence[File], text: str) -> list[Result]:
    """Return the pages that hold `text`, in the order of the evidence list; at most `MOST_RESULTS`."""
    of = {one.blob.pk: one for one in files}
    found = [
        Result(of[page.reading_id], page, hits, letters.around(hits[0]))
        for page, letters, hits in search(pages_of(files), text)
    ]
    found.sort(key=lambda one: (one.file.number, one.page.number))
    return found[:MOST_RESULTS]


def candidates(files: Sequence[File], pages: QuerySet[Page] | None = None) -> list[Candidate]:
    """Return the days named on pages about which nobody has decided, in the order of the pages."""
    of = {one.blob.pk: one for one in files}
    decided = set(
        Dated.objects.filter(
            item__in=[one.item.pk for one in files if one.item], undone_at=None
        ).values_list("item", "page", "start")
    )
    found = []
    for page in (pages_of(files) if pages is None else pages).exclude(dates=[]):
        file = of[page.reading_id]
        letters = page.core()
        for day, start, end, sure in page.dates:
            if file.item and (file.item.pk, page.number, start) in decided:
                continue
            hit = letters.hit(start, end)
            around = letters.around(hit, 40)
            found.append(
                Candidate(file, page, date.fromisoformat(day), start, sure, around, hit.boxes)
            )
    found.sort(key=lambda one: (one.file.number, one.page.number, one.start))
    return found


def chronology(case: Case, files: Sequence[File]) -> list[Row]:
    """Return what happened, in order: the case's events and confirmed days, and nothing unconfirmed."""
    titles = rulebook.events()
    of = {one.item.pk: one for one in files if one.item}
    rows = [
        Row(one.on, titles[one.kind], one.facts.get("found") or one.facts.get("note") or "", one)
        for one in events().filter(case=case)
    ]
    rows += [
        Row(one.on, one.says, "", dated=one, file=of.get(one.item_id))
        for one in Dated.objects.filter(item__case=case, confirmed=True, undone_at=None)
        .select_related("by")
        .order_by("on", "pk")
    ]
    return sorted(rows, key=lambda row: row.on)


def rejected(case: Case) -> QuerySet[Dated]:
    """Return the days that somebody decided do not belong in the chronology."""
    return (
        Dated.objects.filter(item__case=case, confirmed=False, undone_at=None)
        .select_related("by", "item")
        .order_by("on", "pk")
    )


def read_through(files: Sequence[File]) -> int:
    """Return how many of the files have been read to the end."""
    return sum(bool(one.reading and one.reading.state == Reading.State.DONE) for one in files)
