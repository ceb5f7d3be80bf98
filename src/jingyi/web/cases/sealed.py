"""A case as a sealed package that a court can check offline."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

from django.conf import settings
from django.db import transaction

from jingyi.web.accounts.models import User
from jingyi.web.cases.custody.actions import subject_of
from jingyi.web.cases.models import Case
from jingyi.web.cases.reading.files import File, files_of
from jingyi.web.cases.sealing.marking import watermark
from jingyi.web.cases.sealing.models import Sealing
from jingyi.web.cases.sealing.queries import sealing_of
from jingyi.web.evidence import vault
from jingyi.web.ledger import actions as ledger
from jingyi.web.ledger import packages
from jingyi.web.ledger.queries import history_of

IN_MEMORY = 8 * 2**20  # bytes; a larger package waits on disk
LONGEST_NAME = 80  # characters


def export(*, case: Case, by: User | None, at: datetime) -> IO[bytes]:
    """Return a case's files, acts and proofs as one ZIP, at its start, and record that it was taken.

    Every original is hashed again on its way out. The caller has checked who asks.

    Raises:
        Refusal: a sealed file is missing or no longer what it was; then nothing is recorded.
    """
    subject = f"case:{case.ref}"
    stream = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- whoever asked closes it
    files = files_of(case)
    sealing = sealing_of(case)
    subjects = [subject, *(subject_of(case, file) for file in files)]  # their custody goes along
    try:
        with transaction.atomic():
            head = ledger.sign_head(at=at)
            packages.write(
                stream,
                subject=subject,
                files=(*_mark(sealing, by, at), *_read(files)),
                entries=history_of(*subjects),
                upto=head,
            )
            ledger.append(
                kind="case.sealed_export",
                subject=subject,
                facts={"files": len(files), "size": head.size, "root": head.root},
                by=by,
                at=at,
                office=case.office,
            )
    except BaseException:
        stream.close()
        raise
    stream.seek(0)
    return stream


def save(package: IO[bytes], to: Path) -> None:
    """Put a package in its place at once and whole, or not at all."""
    with package, tempfile.NamedTemporaryFile(dir=to.parent, delete=False) as target:
        try:
            shutil.copyfileobj(package, target)
            target.flush()
            Path(target.name).replace(to)
        except BaseException:
            Path(target.name).unlink()
            raise


def _read(files: list[File]) -> Iterator[packages.File]:
    for file in files:
        yield _path(file), vault.read(file.blob.pk, folder=Path(settings.VAULT))


def _mark(sealing: Sealing | None, by: User | None, at: datetime) -> list[packages.File]:
    """Return what says, in the package of a sealed case, who took it out and when."""
    return [("WATERMARK.txt", [f"{watermark(by, at)}\n".encode()])] if sealing else []


def _path(file: File) -> str:
    """Return a file's path in the package: its number, and a name no system trips over."""
    kept = "".join(c if c.isalnum() or c in "-_." else "_" for c in PurePosixPath(file.name).name)
    return f"files/{file.number:03d}-{kept[-LONGEST_NAME:].lstrip('.')}"
