"""A report, its receipt, and the messages between reporter and office."""

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256

import numpy as np
from django.db import transaction
from django.urls import reverse

from jingyi.core.datum import Datum, to_wgs84
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.evidence import keys
from jingyi.web.evidence.models import Blob
from jingyi.web.intake import codes
from jingyi.web.intake.jobs import queue_after
from jingyi.web.intake.models import Attachment, Identity, Message, Receipt, Report
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import holders

STAGES = {  # of a receipt; "declined" ends it early
    "received": say("收到"),
    "assessing": say("核实"),
    "filed": say("立案"),
    "urging": say("督促整改"),
    "done": say("办结"),
}
RECEIVED = say("检察院已收到您反映的问题。")


@transaction.atomic
def receive(
    *,
    office: Procuratorate,
    source: str,
    text: str,
    title: str = "",
    place_words: str = "",
    lon: float | None = None,
    lat: float | None = None,
    datum: Datum = "WGS-84",
    accuracy_m: float | None = None,
    happened_at: datetime | None = None,
    photos: Iterable[tuple[Blob, str]] = (),
    identity: Mapping[str, str] | None = None,
    key: str = "",
    at: datetime,
    by: User | None = None,
) -> tuple[Report, str]:
    """Take in one report and give its receipt code; the code is not stored and shown once.

    Args:
        lon, lat: degrees in `datum`; stored in WGS-84, with what was given.
        photos: sealed originals with the names they came under.
        identity: name and phone, kept apart and encrypted; None is anonymous.
        key: of the form; the same form sent twice gives the first report and "" as code.
    """
    fingerprint = sha256((key or secrets.token_hex(16)).encode()).hexdigest()
    report, is_new = Report.objects.get_or_create(
        office=office,
        sender=None,
        fingerprint=fingerprint,
        defaults={
            "ref": f"R{at:%y%m%d}-{secrets.token_hex(4)}",
            "source": source,
            "title": title,
            "text": text.replace("\x00", ""),
            "place_words": place_words,
            **_position(lon, lat, datum),
            "accuracy_m": accuracy_m,
            "happened_at": happened_at,
            "received_at": at,
            "anonymous": identity is None,
        },
    )
    if not is_new:
        return report, ""
    _keep_beside(report, photos, identity)
    code = codes.make()
    Receipt.objects.create(report=report, code_hash=codes.digest(code), told=RECEIVED.to_json())
    facts = {
        "source": source,
        "text": sha256(text.encode()).hexdigest(),
        "photos": sorted(report.attachments.values_list("blob_id", flat=True)),
        "salt": secrets.token_hex(
            16
        ),  # the leaf's hash is given away: nobody shall guess its words
    }
    _record(report, "report.received", by=by, at=at, **facts)
    transaction.on_commit(lambda: queue_after(office.pk))
    return report, code


def _keep_beside(
    report: Report, photos: Iterable[tuple[Blob, str]], identity: Mapping[str, str] | None
) -> None:
    """Keep the photos, and, encrypted and apart from the words, who reported."""
    Attachment.objects.bulk_create(
        Attachment(report=report, blob=blob, name=name[:200]) for blob, name in photos
    )
    if identity is not None:
        sealed = keys.box("identity").encrypt(json.dumps(dict(identity)).encode())
        Identity.objects.create(report=report, sealed=sealed)


@transaction.atomic
def tell_reporter(
    *, report: Report, stage: str, sentence: Sentence, by: User | None, at: datetime
) -> Receipt:
    """Say in plain words how far it is; whoever holds the receipt reads it."""
    receipt = Receipt.objects.select_for_update().get(report=report)
    receipt.stage, receipt.told = stage, sentence.to_json()
    receipt.save(update_fields=["stage", "told"])
    _record(report, "reporter.told", by=by, at=at, stage=stage)
    return receipt


@transaction.atomic
def write_to_office(*, receipt: Receipt, text: str, at: datetime) -> Message:
    """Keep what the reporter wrote, and tell those who answer."""
    report = receipt.report
    message = Message.objects.create(report=report, from_reporter=True, text=text, at=at)
    _record(report, "reporter.wrote", by=None, at=at, message=message.pk)
    for user in holders(report.office, "report.answer"):
        notify(
            user=user,
            sentence=say("举报人就 {ref} 来信。", ref=report.ref),
            url=reverse("intake:report_detail", args=[report.ref]),
            key=f"message:{message.pk}",
            at=at,
        )
    return message


@transaction.atomic
def answer_reporter(*, report: Report, text: str, by: User, at: datetime) -> Message:
    """Write to whoever reported; read through the receipt.

    Raises:
        Refusal: the report came without a receipt.
    """
    require(by, "report.answer", report.office)
    if not Receipt.objects.filter(report=report).exists():
        raise Refusal("这件反映没有回执，无法回信；请通过来源单位转告。")
    message = Message.objects.create(report=report, from_reporter=False, text=text, by=by, at=at)
    report.messages.filter(from_reporter=True, read_at=None).update(read_at=at)
    _record(report, "reporter.answered", by=by, at=at, message=message.pk)
    return message


@transaction.atomic
def look_at_identity(*, report: Report, reason: str, by: User, at: datetime) -> dict[str, str]:
    """Open who reported. The look and its reason are on record before anything is shown."""
    require(by, "report.identity", report.office)
    if not reason.strip():
        raise Refusal("查看举报人身份必须写明理由；理由会记入账本。")
    _record(report, "identity.viewed", by=by, at=at, reason=reason.strip())
    sealed = bytes(Identity.objects.get(report=report).sealed)
    return json.loads(keys.box("identity").decrypt(sealed))


@transaction.atomic
def take_original(*, photo: Attachment, by: User, at: datetime) -> None:
    """Put on record that somebody takes a photo's original out, with all that the camera wrote."""
    require(by, "report.read", photo.report.office)
    _record(photo.report, "original.taken", by=by, at=at, sha256=photo.blob_id)


def _position(lon: float | None, lat: float | None, datum: Datum) -> dict[str, object]:
    if lon is None or lat is None or datum == "WGS-84":
        return {"lon": lon, "lat": lat}
    (x,), (y,) = to_wgs84(np.array([lon]), np.array([lat]), datum)
    return {"lon": float(x), "lat": float(y), "datum": datum, "given_lon": lon, "given_lat": lat}


def _record(report: Report, kind: str, *, by: User | None, at: datetime, **facts: object) -> None:
    ledger.append(
        kind=kind, subject=f"report:{report.ref}", facts=facts, by=by, at=at, office=report.office
    )
