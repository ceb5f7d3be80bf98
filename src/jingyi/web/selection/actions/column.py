"""The column: issues written, scheduled, taken back."""

from datetime import datetime
from typing import Any

from django.db import transaction

from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.evidence.models import Blob
from jingyi.web.registry.access import require
from jingyi.web.selection.actions.editions import locked, record
from jingyi.web.selection.models import Edition, Entry, Issue


def chosen(edition: Edition) -> list[int]:
    """Return the numbers of the chosen entries, best first; none before the decision."""
    if edition.stage != "decided":
        return []
    last = edition.counts.filter(round=edition.round).last()
    return [int(n) for n in last.result["certificate"]["chosen"]]


@transaction.atomic
def publish(
    *, entry: Entry, number: int, texts: dict[str, str], appears_at: datetime,
    picture: Blob | None = None, by: User, at: datetime,
) -> Issue:  # fmt: skip
    """Write or rewrite the issue of a chosen brand; it appears at its moment.

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
    if picture:
        values["picture"] = picture
    made, _ = Issue.objects.update_or_create(entry=entry, defaults=values)
    facts = {"entry": entry.pk, "number": number, "appears_at": appears_at.isoformat()}
    record("selection.issue", edition, facts, by, at)
    return made
