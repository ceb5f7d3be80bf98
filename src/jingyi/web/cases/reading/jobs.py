"""Reading a file as a durable job, page by page: a killed worker's file goes on where it stood."""

import tempfile
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from jingyi.core.refusal import Refusal
from jingyi.engines.reading import pages as engine
from jingyi.web.cases.reading.actions import pages
from jingyi.web.cases.reading.models import Reading
from jingyi.web.evidence import vault


@task
def read_file(digest: str) -> None:
    """Draw and read the pages of a sealed file that have not been yet. Safe to run twice."""
    reading = Reading.objects.get(pk=digest)
    if reading.state in {Reading.State.DONE, Reading.State.REFUSED}:
        return
    try:
        with tempfile.NamedTemporaryFile(prefix="jingyi-page-") as copy:
            for chunk in vault.read(digest, folder=Path(settings.VAULT)):
                copy.write(chunk)
            copy.flush()
            _read(reading, Path(copy.name))
    except Refusal as refusal:
        pages.give_up(reading=reading, refusal=refusal)


def _read(reading: Reading, path: Path) -> None:
    looked = engine.look(path)
    pages.begin(reading=reading, pages=looked.pages)
    have = set(reading.leaves.values_list("number", flat=True))
    first = next((n for n in range(1, looked.pages + 1) if n not in have), None)
    if first:
        began = monotonic()
        for page in engine.read(path, first=first):
            pages.keep_page(
                reading=reading, page=page, seconds=monotonic() - began, at=timezone.now()
            )
            began = monotonic()
    pages.finish(reading=reading)
