"""The limits an office judges by: the rulebook's, and those it loaded (`own-3`)."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django.utils import timezone

from jingyi.core.lab import book, own
from jingyi.core.lab.limits import Standard
from jingyi.core.rulebook import UnknownRule
from jingyi.web.lab.limits import queries
from jingyi.web.lab.limits.models import OwnLimit, OwnTable, plain
from jingyi.web.registry.models import Procuratorate


def standard(name: str, office: Procuratorate, on: date | None = None) -> Standard:
    """Return a table of limits by its id; with a day, one that was in force then.

    Raises:
        UnknownRule: there is none that the office has, or it was not in force.
    """
    found = _own(name, office)
    if found is None:
        return book.standard(name, on)
    made = of(found, on)
    if on and not made.in_force(on):
        raise UnknownRule(
            "{number} 的施行期间是 {start} 至 {end}，不能用于 {day}。", number=made.number,
            start=made.in_force_from, end=made.in_force_to or "今", day=on,
        )  # fmt: skip
    return made


def standards(office: Procuratorate, on: date) -> list[Standard]:
    """Return every table of limits in force on a day, the rulebook's first."""
    known = [one for one in book.standards().values() if one.in_force(on)]
    return known + [of(one, on) for one in queries.of_office(office) if _in_force(one, on)]


def has(name: str, office: Procuratorate) -> bool:
    """Tell whether there is such a table."""
    return name in book.standards() or _own(name, office) is not None


def stored(names: Iterable[str], on: date | None = None) -> dict[str, Standard]:
    """Return the tables that something was judged by, whoever asks now; one read for all."""
    asked, known = set(names), book.standards()
    numbers = [int(name.removeprefix("own-")) for name in asked - known.keys()]
    found = {one.name: of(one, on) for one in OwnTable.objects.filter(pk__in=numbers)} if numbers else {}  # fmt: skip
    return {name: known[name] for name in asked & known.keys()} | found


def of(found: OwnTable, on: date | None = None) -> Standard:
    """Return a loaded table as a standard: the rows in force on a day, else the last there were."""
    entered = timezone.localdate(found.at)
    head = own.Head(found.number, found.title, found.in_force_from, found.in_force_to, entered)
    return _made(found.pk, found.file_id, head, on)


@lru_cache(maxsize=32)
def _made(pk: int, _file: str, head: own.Head, on: date | None) -> Standard:
    """Make a standard of rows; they never change, so what is made of them may be kept."""
    rows = [_row(one) for one in OwnLimit.objects.filter(table=pk)]
    last = min(head.end or date.max, max(row.end or date.max for row in rows))
    for day in (on,) if on else (last, min(row.start for row in rows)):
        if held := [row for row in rows if row.holds(day)]:
            return own.standard(f"own-{pk}", head, held)
    return own.standard(f"own-{pk}", head, ())


def own_items(office: Procuratorate) -> list[tuple[str, str]]:
    """Return (id, name) of the items that only the office's own tables have."""
    found = OwnLimit.objects.filter(table__in=queries.of_office(office), item__startswith="own:")
    return list(found.order_by("name").values_list("item", "name").distinct())


def _row(one: OwnLimit) -> own.Row:
    item = book.names().items[one.item]
    low, high = (None if end is None else plain(end) for end in (one.low, one.high))
    return own.Row(
        item, one.name, one.food, low, high, one.below, one.temporary,
        book.names().unit(item, one.unit), one.cited, one.in_force_from, one.in_force_to,
    )  # fmt: skip


def _own(name: str, office: Procuratorate) -> OwnTable | None:
    number = name.removeprefix("own-")
    if number == name or not number.isascii() or not number.isdigit() or len(number) > 12:
        return None
    return queries.of_office(office).filter(pk=int(number)).first()


def _in_force(found: OwnTable, on: date) -> bool:
    return found.in_force_from <= on and (found.in_force_to is None or on <= found.in_force_to)
