"""The `[[link]]` of a model's file, checked against its sources."""

from collections.abc import Sequence

from jingyi.core.screening.linking import NAMES
from jingyi.core.screening.model import Link, LinkField, SourceTable
from jingyi.core.screening.subset import PLAIN_NAME
from jingyi.core.tables import Table

KINDS = NAMES | {"date", "text"}


def read_link(table: Table, sources: Sequence[SourceTable]) -> Link:
    """Read one link; at least one of its fields is a name, by which candidates are found."""
    known = {one.name: one for one in sources}
    found = Link(
        name=table.text("name"),
        left=table.one_of("left", frozenset(known)),
        right=table.one_of("right", frozenset(known)),
        fields=tuple(_field(one) for one in table.tables("field", least=1)),
    )
    table.done()
    if not PLAIN_NAME.match(found.name) or found.name in known:
        raise table.wrong("name", f"{found.name!r} is not a plain name of its own")
    if not any(one.kind in NAMES for one in found.fields):
        raise table.wrong("field", "compares no name")
    for one in found.fields:
        for side, column in ((found.left, one.left), (found.right, one.right)):
            stored = {c.name: c.stored for c in known[side].columns}.get(column)
            if stored != ("date" if one.kind == "date" else "text"):
                raise table.wrong("field", f"{side}.{column} is not there, or of another kind")
    return found


def _field(table: Table) -> LinkField:
    found = LinkField(
        table.text("left"),
        table.text("right", table.data.get("left", "")),
        table.one_of("kind", KINDS),
    )
    table.done()
    return found
