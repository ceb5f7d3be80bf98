"""A run asked for, looked at before its thresholds are saved, cancelled, gone on with."""

import secrets
import shutil
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import transaction

from jingyi.core.refusal import Refusal
from jingyi.core.screening.compile import bound, shown
from jingyi.core.screening.model import Model
from jingyi.web.accounts.models import User
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate
from jingyi.web.screening import library
from jingyi.web.screening.actions.record import record
from jingyi.web.screening.models import DataSource, Run, RunInput, Threshold
from jingyi.web.screening.models import Mapping as Remembered

State = Run.State


@transaction.atomic
def ask(
    *, office: Procuratorate, model: Model, sources: Mapping[str, DataSource],
    columns: Mapping[str, Mapping[str, str]], said: Mapping[str, str], preview: bool, by: User,
    at: datetime, engine: str = "",
) -> Run:  # fmt: skip
    """Queue a run, and remember how each source's columns are read.

    Raises:
        Refusal: a table is missing or deleted, or a parameter is out of bounds.
    """
    require(by, "screening.run", office)
    values = {name: shown(value) for name, value in bound(model, dict(said)).items()}
    run = Run.objects.create(
        office=office, text=library.text_of(model, office), model=model.id, preview=preview,
        engine=engine or settings.SCREENING_ENGINE, values=values, salt=secrets.token_hex(16), by=by,
        at=at,
    )  # fmt: skip
    for table in model.sources:
        source = sources.get(table.name)
        if source is None or source.deleted_at or source.office_id != office.pk:
            raise Refusal("模型还缺“{title}”的数据。请先取数，再选用。", title=table.title)
        chosen = {k: v for k, v in columns.get(table.name, {}).items() if v}
        RunInput.objects.create(
            run=run, table=table.name, source=source, columns=chosen, sha256=source.sha256
        )
        Remembered.objects.update_or_create(
            office=office, contract=f"{model.id}:{table.name}", headings=headings_of(source),
            defaults={"columns": chosen},
        )  # fmt: skip
    record(
        "run-asked", f"run:{run.pk}", office=office, by=by, at=at, model=model.id, preview=preview,
        version=model.version, digest=model.digest, values=values, engine=run.engine,
        inputs={one.table: one.sha256 for one in run.inputs.all()},
    )  # fmt: skip
    _queue(run)
    return run


def headings_of(source: DataSource) -> str:
    """Return what a set of headings is remembered under."""
    return sha256("\x1f".join(one["heading"] for one in source.profile).encode()).hexdigest()


def remembered(office: Procuratorate, model: Model, table: str, source: DataSource) -> dict[str, str]:  # fmt: skip
    """Return how the columns of such a file were read the last time."""
    found = Remembered.objects.filter(
        office=office, contract=f"{model.id}:{table}", headings=headings_of(source)
    ).first()
    return dict(found.columns) if found else {}


@transaction.atomic
def settle(*, preview: Run, by: User, at: datetime) -> Run:
    """Save the thresholds of a preview that was seen, and run the model with them in earnest."""
    require(by, "screening.run", preview.office)
    if not preview.preview or preview.state != State.DONE:
        raise Refusal("须先看完预览的数量和样例，才能保存阈值。")
    model = library.of_text(preview.text)
    Threshold.objects.create(
        office=preview.office, model=preview.model, values=preview.values, preview=preview, by=by, at=at
    )  # fmt: skip
    record(
        "threshold-saved", f"model:{preview.model}", office=preview.office, by=by, at=at,
        values=preview.values, preview=preview.pk, hits=preview.hits,
    )  # fmt: skip
    inputs = list(preview.inputs.select_related("source"))
    return ask(
        office=preview.office, model=model, sources={one.table: one.source for one in inputs},
        columns={one.table: one.columns for one in inputs}, said=preview.values, preview=False, by=by,
        at=at, engine=preview.engine,
    )  # fmt: skip


def threshold(office: Procuratorate, slug: str) -> dict[str, str]:
    """Return the parameters the office saved last, or none."""
    saved = Threshold.objects.filter(office=office, model=slug).first()
    return dict(saved.values) if saved else {}


@transaction.atomic
def cancel(*, run: Run, by: User, at: datetime) -> Run:
    """Stop a run; one that waits ends at once, one that runs as soon as it looks up."""
    require(by, "screening.run", run.office)
    now = Run.objects.select_for_update().get(pk=run.pk)
    if not now.going:
        raise Refusal("这次运行已经结束。")
    now.cancel_asked = True
    if now.state == State.QUEUED:
        now.state, now.ended_at = State.CANCELLED, at
    now.save(update_fields=["cancel_asked", "state", "ended_at"])
    record("run-cancelled", f"run:{now.pk}", office=now.office, by=by, at=at)
    return now


@transaction.atomic
def resume(*, run: Run, by: User, at: datetime) -> Run:
    """Go on with a run that was cancelled or refused: tables that were read stay read."""
    require(by, "screening.run", run.office)
    now = Run.objects.select_for_update().get(pk=run.pk)
    if now.state not in {State.CANCELLED, State.REFUSED}:
        raise Refusal("这次运行没有中断，不需要继续。")
    if any(one.source.deleted_at for one in now.inputs.select_related("source")):
        raise Refusal("它用的数据已经到期删除。请重新取数后另行运行。")
    now.state, now.cancel_asked, now.problem, now.ended_at = State.QUEUED, False, None, None
    now.save(update_fields=["state", "cancel_asked", "problem", "ended_at"])
    record("run-resumed", f"run:{now.pk}", office=now.office, by=by, at=at)
    _queue(now)
    return now


def forget(run: Run) -> None:
    """Delete the working files of a run."""
    shutil.rmtree(run.folder, ignore_errors=True)


def _queue(run: Run) -> None:
    from jingyi.web.screening.jobs import screen  # noqa: PLC0415 -- the job calls back here

    transaction.on_commit(lambda: screen.enqueue(run.pk))
