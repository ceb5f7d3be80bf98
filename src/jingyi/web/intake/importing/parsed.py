"""A file's cells as they were read when it came: it is parsed once, before it is accepted.

They are kept beside the file, sealed as it is. Parquet is not kept twice: it needs no parsing.
"""

from collections import deque
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from jingyi.engines import kept, tables
from jingyi.web.evidence import vault
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.models import Blob, Derivative
from jingyi.web.intake.models import Batch

KIND = "cells"
ARROW = "application/vnd.apache.arrow.stream"


def keep(blob: Blob, sheet: tables.Sheet, at: datetime) -> None:
    """Keep what was read of a file; reading the same file again replaces it."""
    made = seal(chunks=[kept.dumped(sheet)], media_type=ARROW, at=at)
    Derivative.objects.update_or_create(parent=blob, kind=KIND, defaults={"blob": made})


def of(batch: Batch) -> tables.Sheet:
    """Return what was read of a batch's file; where nothing was kept, read it now.

    Raises:
        Refusal: the file is no longer what was sealed, or cannot be read.
    """
    folder = Path(settings.VAULT)
    original = vault.read(batch.file_id, folder=folder)
    cells = Derivative.objects.filter(parent=batch.file_id, kind=KIND).first()
    if cells:
        deque(original, maxlen=0)  # compared with its seal: what goes in is what is kept
        return kept.loaded(b"".join(vault.read(cells.blob_id, folder=folder)))
    with TemporaryDirectory(prefix="jingyi-") as lent:
        path = Path(lent) / Path(batch.file_name).name[-60:]
        with path.open("wb") as stream:
            stream.writelines(original)
        return tables.open_table(path)
