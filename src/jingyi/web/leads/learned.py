"""The models an office has learned from its own decisions: files in its data folder, newest last.

`models/<office>/0001.model` is one training: its card with the figures, and,
if it was better than what was in use, the corrections to the shipped model.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from jingyi.core.refusal import Refusal
from jingyi.core.triage.book import Book
from jingyi.core.triage.learning import adapting
from jingyi.core.triage.learning.adapting import Figures, Outcome
from jingyi.engines import models


@dataclass(frozen=True, slots=True)
class Training:
    """One training as its card tells it. `used`: it was better, and took over."""

    name: str
    at: datetime
    by: str
    used: bool
    shipped: str  # mark of the shipped model it corrects
    decisions: str  # digest of what it was told
    trained_on: int
    measured_on: int
    old: Figures
    new: Figures


def folder(code: str) -> Path:
    """Return where an office's models are."""
    return Path(settings.DATA) / "models" / code


def newest(code: str) -> str:
    """Return the name of the latest training, "" if there is none."""
    return max((path.name for path in folder(code).glob("*.model")), default="")


def stamp(code: str) -> str:
    """Return what changes when a training is added, or put back from a backup; "" without any."""
    name = newest(code)
    return f"{name}:{(folder(code) / name).stat().st_mtime_ns}" if name else ""


def trainings(code: str) -> list[Training]:
    """Return every training whose file can be read, newest first."""
    found = []
    for path in sorted(folder(code).glob("*.model"), reverse=True):
        try:
            found.append(_told(path.name, models.read(path)[0]))
        except (Refusal, KeyError, TypeError, ValueError):
            continue
    return found


def in_use(code: str, shipped: str) -> Training | None:
    """Return the training whose corrections apply to the shipped model with this mark."""
    return next((one for one in trainings(code) if one.used and one.shipped == shipped), None)


def corrected(book: Book, code: str) -> Book:
    """Return the book with what the office has learned, or as it is where that is nothing."""
    found = in_use(code, adapting.print_of(book.model)) if newest(code) else None
    if found is None:
        return book
    try:
        stored = models.read(folder(code) / found.name)[1]
        return replace(book, model=adapting.applied(book.model, stored))
    except Refusal:
        return book  # the shipped model is always there; the page shows which is in use


def keep(
    *, code: str, book: Book, outcome: Outcome, decisions: str, by: str, at: datetime
) -> Training:
    """Write one training; its corrections only if they are to be used."""
    last = newest(code)
    name = f"{int(last.split('.')[0]) + 1 if last else 1:04d}.model"
    card: dict[str, Any] = {
        "id": "triage.office",
        "office": code,
        "at": at.isoformat(),
        "by": by,
        "used": outcome.better,
        "shipped": adapting.print_of(book.model),
        "decisions": decisions,
        "trained_on": outcome.trained_on,
        "measured_on": outcome.measured_on,
        "measured": "留出的决定，不参与训练",
        "not_for": "不得据以拒绝受理、作出决定或评价个人；只用于排序和提示，由检察官判断",
        **_flat("old", outcome.old),
        **_flat("new", outcome.new),
    }
    arrays = adapting.arrays(book.model, outcome.model) if outcome.better else {}
    models.write(folder(code) / name, card, arrays)
    return _told(name, card)


def _flat(which: str, figures: Figures) -> dict[str, float]:
    names = ("precision", "recall", "f1", "loss")
    return {f"{which}_{name}": float(getattr(figures, name)) for name in names}


def _told(name: str, card: Mapping[str, Any]) -> Training:
    def figures(which: str) -> Figures:
        return Figures(
            precision=float(card[f"{which}_precision"]),
            recall=float(card[f"{which}_recall"]),
            f1=float(card[f"{which}_f1"]),
            loss=float(card[f"{which}_loss"]),
        )

    return Training(
        name=name,
        at=datetime.fromisoformat(card["at"]),
        by=card["by"],
        used=bool(card["used"]),
        shipped=card["shipped"],
        decisions=card["decisions"],
        trained_on=int(card["trained_on"]),
        measured_on=int(card["measured_on"]),
        old=figures("old"),
        new=figures("new"),
    )
