"""What is shown of a file before it is taken in: its headings and first rows, kept beside it."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from jingyi.engines import tables
from jingyi.web.evidence import vault
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.models import Blob, Derivative

FIRST = 6  # rows
CELL = 120  # characters
KIND = "preview"


@dataclass(frozen=True, slots=True)
class Shown:
    """The head of a file: `rows` are cells as sent, cut short."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    count: int


def keep(blob: Blob, sheet: tables.Sheet, at: datetime) -> None:
    """Keep the head of `sheet` beside its file, so that no page has to read the file again."""
    head = sheet.table.slice(0, FIRST).to_pylist()
    body = {
        "names": list(sheet.names),
        "rows": [[(row[name] or "")[:CELL] for name in sheet.names] for row in head],
        "count": sheet.table.num_rows + len(sheet.rejected),
    }
    made = seal(
        chunks=[json.dumps(body, ensure_ascii=False).encode()],
        media_type="application/json",
        at=at,
    )
    Derivative.objects.update_or_create(parent=blob, kind=KIND, defaults={"blob": made})


def of(blob: Blob) -> Shown:
    """Return the head of a file that was kept."""
    made = Derivative.objects.get(parent=blob, kind=KIND)
    body = json.loads(b"".join(vault.read(made.blob_id, folder=Path(settings.VAULT))))
    return Shown(tuple(body["names"]), tuple(map(tuple, body["rows"])), body["count"])
