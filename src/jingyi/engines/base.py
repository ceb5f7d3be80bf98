"""What every engine does: run triage over a file and write the verdicts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from jingyi.core.triage.book import Book


@dataclass(frozen=True, slots=True)
class Job:
    """One run: a file in, a file out; `columns` names columns, the rest is guessed."""

    source: Path
    target: Path
    columns: Mapping[str, str]
    book: Book


@dataclass(frozen=True, slots=True)
class Done:
    """What a run did: rows read and written, rows that could not be read, seconds by stage."""

    rows: int
    rejected: tuple[str, ...]
    seconds: Mapping[str, float]


class Engine(Protocol):
    """Runs a job; calls `progress(rows done, rows in all)` as it goes."""

    def __call__(self, job: Job, progress: Callable[[int, int], None] | None = None) -> Done: ...
