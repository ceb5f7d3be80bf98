"""Private collision with a partner organ: agreed on, counted query by query, only the overlap learned."""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime

from cryptography.fernet import Fernet
from django.db import transaction
from django.utils import timezone

from jingyi.core.refusal import Refusal
from jingyi.core.screening import private
from jingyi.core.screening.practice import practice
from jingyi.engines.screening.colliding import identifiers
from jingyi.engines.tables import open_table
from jingyi.web.accounts.models import User
from jingyi.web.evidence import keys
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate
from jingyi.web.screening.actions import sources
from jingyi.web.screening.actions.record import record
from jingyi.web.screening.models import Agreement, Collision, DataSource

MOST_HASHES = 20_000_000


@transaction.atomic
def agree(
    *, office: Procuratorate, code: str, partner: str, purpose: str, kind: str, digest: str, most: int,
    until: date, key: str = "", by: User, at: datetime,
) -> tuple[Agreement, str]:  # fmt: skip
    """Enter what was agreed; return it with the key, made here unless the partner made it."""
    require(by, "screening.run", office)
    if until < timezone.localdate(at):
        raise Refusal("约定的最后一天不能早于今天。")
    if Agreement.objects.filter(office=office, code=code.strip()).exists():
        raise Refusal("本院已有编号为“{code}”的约定。", code=code.strip())
    agreed = key.strip().lower() or private.new_key()
    private.query_key(agreed, code, 1)
    made = Agreement.objects.create(
        office=office, code=code.strip(), partner=partner.strip(), purpose=purpose.strip(), kind=kind,
        digest=digest, sealed=_box().encrypt(agreed.encode()), most=min(most, practice().most_queries),
        until=until, by=by, at=at,
    )  # fmt: skip
    record(
        "agreed", f"agreement:{made.pk}", office=office, by=by, at=at, code=made.code,
        partner=made.partner, purpose=made.purpose, most=made.most, until=until.isoformat(),
    )  # fmt: skip
    return made, agreed


@transaction.atomic
def blind(
    *, agreement: Agreement, source: DataSource, column: str, by: User, at: datetime
) -> tuple[Collision, list[str]]:
    """Count one query, and return the keyed hashes to hand over.

    Raises:
        Refusal: the agreement is used up or over, or the list is so short that it asks by name.
    """
    require(by, "screening.run", agreement.office)
    now = Agreement.objects.select_for_update().get(pk=agreement.pk)
    private.refuse_spent(now.collisions.count(), now.most, now.until, timezone.localdate(at))
    rows = _rows(now, source, column)
    made = Collision.objects.create(
        agreement=now, query=now.collisions.count() + 1, source=source, column=column,
        ours=len(rows), by=by, at=at,
    )  # fmt: skip
    told = private.blinded(rows, _key(now, made.query), now.digest)
    record(
        "blinded", f"agreement:{now.pk}", office=now.office, by=by, at=at, query=made.query,
        source=source.sha256, identifiers=made.ours,
    )  # fmt: skip
    return made, told


@transaction.atomic
def meet(*, collision: Collision, theirs: Iterable[bytes], by: User, at: datetime) -> Collision:
    """Find which of our rows are in the partner's hashes; they become a source of their own."""
    agreement = collision.agreement
    require(by, "screening.run", agreement.office)
    now = Collision.objects.select_for_update(of=("self",)).select_related("source", "agreement__office").get(pk=collision.pk)  # fmt: skip
    if now.theirs is not None:
        raise Refusal("第 {n} 次比对已经做完。再比对须另算一次。", n=now.query)
    hashes = _read(theirs)
    private.refuse_probing(len(hashes), practice().least_blinded)
    rows = _rows(agreement, now.source, now.column)
    ours = private.hashed(rows, _key(agreement, now.query), agreement.digest)
    common = private.in_common(ours, hashes)
    now.theirs, now.common = len(hashes), len(common)
    if common:
        now.result = _kept(now, {row for one in common for row in rows[one]}, by, at)
    now.save()
    record(
        "collided", f"agreement:{agreement.pk}", office=agreement.office, by=by, at=at,
        query=now.query, ours=len(ours), theirs=now.theirs, common=now.common,
    )  # fmt: skip
    return now


def _rows(agreement: Agreement, source: DataSource, column: str) -> dict[str, list[int]]:
    if source.deleted_at or source.office_id != agreement.office_id:
        raise Refusal("这份数据已经删除，或者不是本院的。")
    rows = identifiers(source.path, column, agreement.kind)
    private.refuse_probing(len(rows), practice().least_blinded)
    return rows


def _kept(now: Collision, wanted: set[int], by: User, at: datetime) -> DataSource:
    """Keep our own rows that are in common as a source, under the same day of deletion."""
    sheet, out = open_table(now.source.path), io.StringIO()
    lines = csv.writer(out)
    lines.writerow(sheet.names)
    numbers = sheet.rows.to_pylist()
    for number, row in zip(numbers, sheet.table.to_pylist(), strict=True):
        if number in wanted:
            lines.writerow([row[name] for name in sheet.names])
    return sources.take_upload(
        office=now.source.office, name=f"{now.source.name} ∩ {now.agreement.partner}"[:120],
        holder=now.source.holder, delete_on=now.source.delete_on, chunks=[out.getvalue().encode()],
        file_name=f"common-{now.agreement.code}-{now.query}.csv", by=by, at=at,
    )  # fmt: skip


def _read(chunks: Iterable[bytes]) -> list[str]:
    """Read a file of keyed hashes, one a line under a heading."""
    found = b"".join(chunks).decode("ascii", "replace").split()
    hashes = [one.lower() for one in found if private.HEX.match(one.lower())]
    if len(hashes) < len(found) - 1 or not hashes:
        raise Refusal(
            "这不是密钥摘要的文件：除第一行外，每行须是 64 位十六进制数字。请让对方重新导出。"
        )
    if len(hashes) > MOST_HASHES:
        raise Refusal("文件里的摘要太多，请分几次比对。")
    return hashes


def _box() -> Fernet:
    return Fernet(keys.key("screening"))


def _key(agreement: Agreement, query: int) -> bytes:
    agreed = _box().decrypt(bytes(agreement.sealed)).decode()
    return private.query_key(agreed, agreement.code, query)
