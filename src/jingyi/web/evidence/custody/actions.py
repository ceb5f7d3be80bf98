"""One act of a chain: allowed by the chain itself, the files counted again, entered in the ledger."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from math import isfinite
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import IntegrityError, transaction

from jingyi.core import custody
from jingyi.core import datum as datums
from jingyi.core.custody import Kind
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.evidence import vault
from jingyi.web.evidence.custody.models import Link
from jingyi.web.evidence.custody.queries import acts_of, links_of, told
from jingyi.web.evidence.models import Blob
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.models import Procuratorate

MOVES = {  # at which files are counted again
    Kind.OFFERED,
    Kind.ACCEPTED,
    Kind.RETURNED,
    Kind.DISPOSED,
}


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of an act. Degrees of `datum`; `clock_offset_s`: device less server."""

    seal: str = ""
    intact: bool | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    datum: datums.Datum = "WGS-84"
    device: str = ""
    clock_offset_s: float | None = None
    method: str = ""
    purpose: str = ""
    condition: str = ""
    reason: str = ""


def enter(
    *,
    subject: str,
    kind: Kind,
    said: Said = Said(),
    second: User | None = None,
    to: User | None = None,
    files: Iterable[Blob] = (),
    happened_at: datetime | None = None,
    office: Procuratorate,
    by: User,
    at: datetime,
) -> Link:
    """Add a link to a chain. Whoever calls has seen to it that `by` may see the subject.

    Files of the chain are counted again before the database is asked to wait for anything.

    Raises:
        Refusal: the chain does not allow it now, the time lies ahead, the place is none, or a file
            is not what was sealed.
    """
    when = happened_at or at
    if when > at:
        raise Refusal("时间 {time} 还没有到，请核对。", time=told(when))
    place = _place(said)
    act = custody.Act(
        kind, by.pk, when, second.pk if second else None, to.pk if to else None, said.seal.strip(),
        said.intact, said.reason, said.condition,
    )  # fmt: skip
    if kind in MOVES:
        custody.allow(custody.stand(acts_of(links_of(subject))), act)
        _count_again(subject)
    values = asdict(said) | place | {"seal": act.seal}
    with transaction.atomic():
        chain = list(links_of(subject).select_for_update(of=("self",)))
        custody.allow(custody.stand(acts_of(chain)), act)
        made = Link(
            subject=subject, number=chain[-1].number + 1 if chain else 1, kind=kind, by=by,
            second=second, to=to, at=at, happened_at=when, **values,
        )  # fmt: skip
        _keep(made)
        made.files.set(files)
        ledger.append(
            kind=f"custody.{kind}", subject=subject, facts=_facts(made, said), by=by, at=at,
            office=office,
        )  # fmt: skip
    return made


def _keep(made: Link) -> None:
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as wrong:
        if not Link.objects.filter(subject=made.subject, number=made.number).exists():
            raise
        raise Refusal("刚才有人登记了另一环节。请刷新页面，看过以后再办。") from wrong


def _facts(made: Link, said: Said) -> dict[str, object]:
    """Return all that was said, as it was said: the place in its own datum, the files by digest."""
    given = {name: value for name, value in asdict(said).items() if value not in {None, ""}}
    if said.lon is None:
        del given["datum"]
    return given | {
        "second": made.second.username if made.second else "",
        "to": made.to.username if made.to else "",
        "happened_at": made.happened_at.isoformat(),
        "files": sorted(made.files.values_list("sha256", flat=True)),
    }


def _place(said: Said) -> dict[str, object]:
    """Return the place in WGS-84, and the datum it was said in."""
    lon, lat, accuracy = said.lon, said.lat, said.accuracy_m
    if lon is None and lat is None:
        return {"accuracy_m": None, "datum": ""}
    sound = (
        lon is not None and lat is not None and isfinite(lon) and isfinite(lat)
        and abs(lon) <= 180 and abs(lat) <= 90
        and (accuracy is None or (isfinite(accuracy) and accuracy >= 0))
    )  # fmt: skip
    if not sound:
        raise Refusal("地点要写经度和纬度两个数（度），精度要写米数。请核对后重填。")
    there = datums.to_wgs84(np.array([lon]), np.array([lat]), said.datum)
    return {"lon": float(there[0][0]), "lat": float(there[1][0]), "datum": said.datum}


def _count_again(subject: str) -> None:
    """Refuse to move on what is no longer the file that was sealed, by either digest."""
    held = Blob.objects.filter(pk__in=Link.files.through.objects.filter(link__subject=subject).values("blob"))  # fmt: skip
    for blob in held.order_by("pk"):
        if blob.failed_at:
            raise vault.changed(blob.sha256)
        counted = vault.check(blob.sha256, folder=Path(settings.VAULT))
        if blob.sm3 and counted.sm3 != blob.sm3:
            raise vault.changed(blob.sha256)
