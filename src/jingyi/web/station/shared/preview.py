"""What would become of a file if it were taken in: row by row, nothing written."""

from collections.abc import Mapping
from dataclasses import dataclass

from jingyi.core import rulebook
from jingyi.core.ledgers import Kind, check
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence
from jingyi.web.station.shared import importing
from jingyi.web.station.shared.importing import Read
from jingyi.web.station.shared.models import Row, Upload

FIRST = 8  # rows shown


@dataclass(frozen=True, slots=True)
class Preview:
    """`new`, `changed` and `same` are numbers of rows; `wrong` are those that will be left out."""

    kind: Kind
    names: tuple[str, ...]
    problem: Sentence | None = None
    new: int = 0
    changed: int = 0
    same: int = 0
    wrong: tuple[Read, ...] = ()
    sample: tuple[Read, ...] = ()
    columns: tuple[str, ...] = ()

    @property
    def heads(self) -> list[Sentence]:
        """The titles of the columns recognised, in the kind's order."""
        return [self.kind.field(name).title for name in self.columns]

    @property
    def table(self) -> list[tuple[int, list[str]]]:
        """The first sound rows as they would be kept."""
        return [(row.number, [row.values.get(n, "") for n in self.columns]) for row in self.sample]


def of(upload: Upload, mapping: Mapping[str, str]) -> Preview:
    """Return what taking `upload` in by `mapping` would do; `problem` where it cannot be done."""
    kind = rulebook.ledgers()[upload.kind]
    sheet = importing.sealed(upload.file, upload.name)
    try:
        chosen = check(kind, mapping, sheet.names)
    except Refusal as refusal:
        return Preview(kind, sheet.names, refusal.sentence)
    read = list(importing.rows(kind, sheet, chosen))
    sound = [row for row in read if not row.wrong]
    rows = Row.objects.filter(organ=upload.organ, kind=upload.kind)
    known = dict(rows.values_list("key", "values"))
    new = sum(row.key not in known for row in sound)
    same = sum(known.get(row.key) == row.values for row in sound)
    return Preview(
        kind, sheet.names, None, new, len(sound) - new - same, same,
        tuple(row for row in read if row.wrong), tuple(sound[:FIRST]),
        tuple(one.id for one in kind.fields if one.id in chosen),
    )  # fmt: skip
