"""The column: issues written, scheduled, taken back."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from jingyi.core.refusal import Refusal
from jingyi.engines.typesetting import share
from jingyi.engines.typesetting.fonts import NoChineseFont
from jingyi.web.accounts.models import User
from jingyi.web.evidence import vault
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.models import Blob
from jingyi.web.registry.access import require
from jingyi.web.selection.actions.editions import locked, record
from jingyi.web.selection.models import Edition, Entry, Issue

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def circled(number: int) -> str:
    """Return ① to ⑳, and plain figures beyond."""
    return CIRCLED[number - 1] if number <= len(CIRCLED) else str(number)


def chosen(edition: Edition) -> list[int]:
    """Return the numbers of the chosen entries, best first; none before the decision."""
    if edition.stage != "decided":
        return []
    last = edition.counts.filter(round=edition.round).last()
    return [int(n) for n in last.result["certificate"]["chosen"]]


@transaction.atomic
def publish(
    *, entry: Entry, number: int, texts: dict[str, str], appears_at: datetime,
    files: dict[str, Blob | None] | None = None, bare: bool = False, by: User, at: datetime,
) -> Issue:  # fmt: skip
    """Write or rewrite the issue of a chosen brand; it appears at its moment.

    Args:
        files: its picture and film, sealed; what is not given stays as it is.
        bare: the picture and film it had are taken down first.

    Raises:
        Refusal: the entry was not chosen, or another issue has the number.
    """
    edition = locked(entry.edition)
    require(by, "selection.run", edition.office)
    if entry.number not in chosen(edition):
        raise Refusal("专栏只刊登定评入选的品牌。")
    same = Issue.objects.filter(entry__edition=edition, number=number).exclude(entry=entry)
    if same.exists():
        raise Refusal("第 {number} 期已经给了别的品牌，请换一个期号。", number=number)
    values: dict[str, Any] = {**texts, "number": number, "appears_at": appears_at, "by": by}
    if bare:
        values |= {"picture": None, "film": None}
    values |= {name: file for name, file in (files or {}).items() if file}
    made, _ = Issue.objects.update_or_create(entry=entry, defaults=values)
    made.share = _card(made, at)
    made.save(update_fields=["share"])
    facts = {"entry": entry.pk, "number": number, "appears_at": appears_at.isoformat()}
    record("selection.issue", edition, facts, by, at)
    return made


def _card(issue: Issue, at: datetime) -> Blob | None:
    """Return the drawn card for where the link is shared; None where no font here can print it."""
    copy = issue.picture and issue.picture.derivatives.filter(kind="clean").first()
    words = {
        "mark": circled(issue.number), "headline": issue.headline, "brand": issue.entry.title,
        "who": f"{issue.entry.office.name} · {issue.entry.edition.name}",
    }  # fmt: skip
    try:
        drawn = share.to_jpeg(words, b"".join(vault.read(copy.blob_id, folder=Path(settings.VAULT))) if copy else None)  # fmt: skip
    except NoChineseFont:
        return None
    return seal(chunks=[drawn], media_type="image/jpeg", at=at)
