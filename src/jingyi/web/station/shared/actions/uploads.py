"""Files of an organ's ledger: looked at, confirmed, undone. Only people of the organ do any of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction

from jingyi.core import ledgers, rulebook
from jingyi.core.duties import duties
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.evidence.actions import seal
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.models import Organ
from jingyi.web.station.access import require_in
from jingyi.web.station.shared import importing
from jingyi.web.station.shared.models import Change, Due, Headings, Row, Upload

State = Upload.State
MOST_REFUSED = 500  # reasons kept with a file
PIECE = 500


def look_at(
    *, organ: Organ, kind: str, chunks: Iterable[bytes], name: str, by: User, at: datetime
) -> Upload:
    """Read a file of an organ's ledger and propose its columns; nothing is taken in yet.

    Raises:
        Http404: `by` does not keep the ledger of this organ.
        Refusal: it is no table that can be read. Nothing is kept of it.
    """
    require_in(by, "station.import", organ)
    name = Path(name.replace("\\", "/")).name[-200:] or "table"
    data, sheet = importing.opened(chunks, name)
    return _keep(organ, rulebook.ledgers()[kind], data, sheet, name=name, by=by, at=at)


@transaction.atomic
def _keep(organ, kind, data, sheet, *, name: str, by: User, at: datetime) -> Upload:
    known = Headings.objects.filter(
        organ=organ, kind=kind.id, digest=ledgers.heading_set(sheet.names)
    ).first()
    mapping = importing.fitting(kind, sheet, ledgers.guess(kind, sheet.names))
    if known:
        mapping = {field: one for field, one in known.mapping.items() if one in sheet.names}
    upload = Upload.objects.create(
        organ=organ, kind=kind.id, name=name, mapping=mapping, remembered=known is not None,
        file=seal(chunks=[data], media_type="application/octet-stream", at=at),
        rows=sheet.table.num_rows + len(sheet.rejected), by=by, at=at,
    )  # fmt: skip
    record("station.ledger-sent", upload, by, at, sha256=upload.file_id, rows=upload.rows)
    return upload


@transaction.atomic
def take_in(*, upload: Upload, mapping: Mapping[str, str], by: User, at: datetime) -> Upload:
    """Confirm which column is what, remember it for these headings, and take the rows in.

    A row known before is changed where the file says otherwise and left alone where it does not.

    Raises:
        Refusal: the columns will not do, or the file was taken in before.
    """
    upload = _locked(upload, by)
    if upload.state != State.PREVIEW:
        raise Refusal("这份台账已经导入过。要改，请先撤销，再重新上传。")
    kind = rulebook.ledgers()[upload.kind]
    sheet = importing.sealed(upload.file, upload.name)
    upload.mapping = ledgers.check(kind, mapping, sheet.names)
    Headings.objects.update_or_create(
        organ=upload.organ, kind=kind.id, digest=ledgers.heading_set(sheet.names),
        defaults={"mapping": upload.mapping, "by": by, "at": at},
    )  # fmt: skip
    read = list(importing.rows(kind, sheet, upload.mapping))
    sound = [row for row in read if not row.wrong]
    wrong = [[row.number, row.wrong.to_json()] for row in read if row.wrong]
    _write(upload, sound, at)
    upload.refused, upload.rows = wrong[:MOST_REFUSED], len(read)
    upload.state, upload.done_at = State.DONE, at
    upload.save()
    record(
        "station.ledger-imported", upload, by, at, new=upload.new, changed=upload.changed,
        same=upload.same, refused=len(wrong),
        digest=ledger.digest_of(f"{row.key}:{sorted(row.values.items())}".encode() for row in sound),
    )  # fmt: skip
    return upload


def _write(upload: Upload, sound: list[importing.Read], at: datetime) -> None:
    """Write what is new or other than before, with what it was, so that it can be put back."""
    known = {row.key: row for row in Row.objects.filter(organ=upload.organ, kind=upload.kind)}
    new, changed, changes = [], [], []
    for one in sound:
        row = known.get(one.key)
        if row is None:
            row = Row(organ=upload.organ, kind=upload.kind, key=one.key, since=at)
            new.append(row)
            changes.append(Change(upload=upload, key=one.key, after=one.values))
        elif row.values != one.values:
            changed.append(row)
            changes.append(
                Change(upload=upload, key=one.key, before=row.values, before_upload_id=row.upload_id,
                       after=one.values)
            )  # fmt: skip
        else:
            continue
        row.values, row.upload = one.values, upload
        row.number = one.values.get("number", "")[:120]
    Row.objects.bulk_create(new, batch_size=PIECE)
    Row.objects.bulk_update(changed, ["values", "upload", "number"], batch_size=PIECE)
    Change.objects.bulk_create(changes, batch_size=PIECE)
    recount([*new, *changed])
    upload.new, upload.changed = len(new), len(changed)
    upload.same = len(sound) - len(new) - len(changed)


def recount(rows: Iterable[Row]) -> int:
    """Count the last days of rows anew; return how many rows there were."""
    rows, kinds, calendar = list(rows), rulebook.ledgers(), rulebook.rest_days()
    Due.objects.filter(row__in=[row.pk for row in rows]).delete()
    made = []
    for row in rows:
        found, uncounted = duties(kinds[row.kind], row.values, calendar=calendar)
        row.uncounted = [[one.title.to_json(), one.why.to_json()] for one in uncounted]
        made += [
            Due(
                row=row, rule=one.rule, title=one.title.to_json(), party=one.party, wait=one.wait,
                due_on=one.due, provisional=one.provisional, open=one.open, met_on=one.met_on,
                steps=[step.to_json() for step in one.steps],
            )
            for one in found
        ]  # fmt: skip
    Row.objects.bulk_update(rows, ["uncounted"], batch_size=PIECE)
    Due.objects.bulk_create(made, batch_size=PIECE)
    return len(rows)


@transaction.atomic
def undo(*, upload: Upload, by: User, at: datetime) -> Upload:
    """Put every row back to what it was before a file, and take away what the file brought.

    Raises:
        Refusal: it was not taken in, or a later file changed the same rows.
    """
    upload = _locked(upload, by)
    if upload.state != State.DONE:
        raise Refusal("这份台账没有导入，或者已经撤销。")
    changes = {one.key: one for one in upload.changes.all()}
    rows = list(Row.objects.filter(organ=upload.organ, kind=upload.kind, upload=upload))
    if {row.key for row in rows} != changes.keys():
        raise Refusal("后来的文件又改动了其中的行。请先撤销后来的文件。")
    back = []
    for row in rows:
        change = changes[row.key]
        if change.before is not None:
            row.values, row.upload_id = change.before, change.before_upload_id
            row.number = change.before.get("number", "")[:120]
            back.append(row)
    gone = [row.pk for row in rows if changes[row.key].before is None]
    Row.objects.filter(pk__in=gone).delete()
    Row.objects.bulk_update(back, ["values", "upload", "number"], batch_size=PIECE)
    recount(back)
    upload.state, upload.undone_at, upload.undone_by = State.UNDONE, at, by
    upload.save()
    record("station.ledger-undone", upload, by, at, gone=len(gone), back=len(back))
    return upload


def _locked(upload: Upload, by: User) -> Upload:
    upload = Upload.objects.select_for_update(of=("self",)).select_related("organ", "file").get(
        pk=upload.pk
    )  # fmt: skip
    require_in(by, "station.import", upload.organ)
    return upload


def record(kind: str, upload: Upload, by: User, at: datetime, **facts: object) -> None:
    """Enter an act on a file into the ledger."""
    ledger.append(
        kind=kind, subject=f"organ:{upload.organ.code}", by=by, at=at,
        facts={"upload": upload.pk, "ledger": upload.kind, **facts},
    )  # fmt: skip
