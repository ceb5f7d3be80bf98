"""One act of a chain: allowed by the chain itself, the files counted again, entered in the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jingyi.core import custody
from jingyi.core.custody import Kind
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.evidence import vault
from jingyi.web.evidence.custody.models import Link
from jingyi.web.evidence.custody.queries import acts_of, links_of
from jingyi.web.evidence.models import Blob
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.models import Procuratorate

MOVES = {
    Kind.OFFERED,
    Kind.ACCEPTED,
    Kind.RETURNED,
    Kind.DISPOSED,
}  # at which files are counted again


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of an act. Place in WGS-84 degrees; `clock_offset_s`: device less server."""

    seal: str = ""
    intact: bool | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    device: str = ""
    clock_offset_s: float | None = None
    method: str = ""
    purpose: str = ""
    condition: str = ""
    reason: str = ""


@transaction.atomic
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

    Raises:
        Refusal: the chain does not allow it now, the time lies ahead, or a file is not what it was.
    """
    when = happened_at or at
    if when > at:
        told = f"{timezone.localtime(when):%Y-%m-%d %H:%M}"
        raise Refusal("时间 {time} 还没有到，请核对。", time=told)
    chain = list(links_of(subject).select_for_update(of=("self",)))
    act = custody.Act(
        kind, by.pk, timezone.localtime(when), second.pk if second else None, to.pk if to else None, said.seal.strip(),
        said.intact, said.reason,
    )  # fmt: skip
    custody.allow(custody.stand(acts_of(chain)), act)
    if kind in MOVES:
        _count_again(chain)
    made = Link.objects.create(
        subject=subject, kind=kind, by=by, second=second, to=to, at=at, happened_at=when,
        seal=said.seal.strip(), intact=said.intact, lon=said.lon, lat=said.lat,
        accuracy_m=said.accuracy_m, device=said.device, clock_offset_s=said.clock_offset_s,
        method=said.method, purpose=said.purpose, condition=said.condition, reason=said.reason,
    )  # fmt: skip
    made.files.set(files)
    facts = {
        "second": second.username if second else "", "to": to.username if to else "",
        "seal": made.seal, "intact": said.intact, "happened_at": when.isoformat(),
        "files": sorted(made.files.values_list("sha256", flat=True)), "reason": said.reason,
    }  # fmt: skip
    ledger.append(kind=f"custody.{kind}", subject=subject, facts=facts, by=by, at=at, office=office)
    return made


def _count_again(chain: Iterable[Link]) -> None:
    """Refuse to move on what is no longer the file that was sealed."""
    wanted = Blob.objects.filter(pk__in={pk for link in chain for pk in link.files.values_list("pk", flat=True)})  # fmt: skip
    for blob in wanted:
        counted = sha256()
        for block in vault.read(blob.sha256, folder=Path(settings.VAULT)):
            counted.update(block)
        if counted.hexdigest() != blob.sha256:
            raise Refusal(
                "文件 {name}… 与封存时不一致，不能移交。请通知系统管理员从备份恢复。",
                name=blob.sha256[:12],
            )
