"""Who of the other side saw what of an organ's ledger. Written before the page is shown."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from jingyi.core import rulebook
from jingyi.web.accounts.models import User
from jingyi.web.registry.models import Organ
from jingyi.web.station.shared import queries
from jingyi.web.station.shared.models import Look, Row


@transaction.atomic
def note(*, rows: Iterable[Row], page: str, by: User, at: datetime) -> int:
    """Write down that `by` is shown `rows` on a page; return how many entries that made.

    One entry for each organ and kind of ledger, with the columns that were shown; of a single row
    it names the row. People of the organ itself are not written down.
    """
    rows = list(rows)
    organs: dict[int, Organ] = {row.organ_id: row.organ for row in rows}
    kinds = rulebook.ledgers()
    made = []
    for (organ, kind), count in sorted(Counter((row.organ_id, row.kind) for row in rows).items()):
        office = queries.office_over(by, organs[organ])
        if office is None or queries.sits_in(by, organs[organ]):
            continue
        columns = [one.id for one in kinds[kind].fields if one.seen != "hidden"]
        made.append(
            Look(
                organ_id=organ, kind=kind, row=rows[0] if page == "row" else None, page=page,
                count=count, columns=columns, office=office, by=by, at=at,
            )
        )  # fmt: skip
    Look.objects.bulk_create(made)
    return len(made)
