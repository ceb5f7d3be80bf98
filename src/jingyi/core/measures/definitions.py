"""What a measure counts, in words: rulebook/measures.toml."""

from dataclasses import dataclass
from datetime import date

from jingyi.core.law import STATUSES, Instrument, Source, read_source, titled
from jingyi.core.tables import Table
from jingyi.core.words import Sentence

SETS = frozenset(
    {"lead", "conversion", "consultation", "reply", "rectified", "followup", "suit",
     "judgment", "relapse", "deadlines", "told", "rated", ""}
)  # fmt: skip
UNITS = frozenset({"lead", "case", "suggestion", "judgment", "deadline", "report", "proposal"})


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure. `kind` is rate or median; `rows` names the set of rows in `core.measures.rows`.

    Below `smallest` rows no rate and no median is shown. `missing` says why there are no rows at
    all where the system does not hold what is needed.
    """

    id: str
    title: Sentence
    kind: str
    unit: str
    rows: str
    definition: Sentence
    counted: Sentence
    hit: Sentence
    silent: Sentence
    smallest: int
    rules: tuple[str, ...]
    missing: Sentence | None
    source: Source
    status: str
    confirmed_on: date

    @property
    def of_cases(self) -> bool:
        """Whether its rows belong to cases, and so to a domain and a track."""
        return self.unit not in {"lead", "report", "proposal"}


def read_measure(item: Table, instruments: dict[str, Instrument]) -> Measure:
    """Read one `[[measure]]`."""

    def words(key: str) -> Sentence:
        return titled(item.text(key), item.text(f"{key}_en"))

    found = Measure(
        id=item.text("id"),
        title=words("title"),
        kind=item.one_of("kind", frozenset({"rate", "median"})),
        unit=item.one_of("unit", UNITS),
        rows=item.one_of("rows", SETS, ""),
        definition=words("definition"),
        counted=words("counted"),
        hit=words("hit"),
        silent=words("silent"),
        smallest=item.number("smallest"),
        rules=item.texts("rules", ()),
        missing=words("missing") if item.has("missing") else None,
        source=read_source(item.table("source"), instruments),
        status=item.one_of("status", STATUSES),
        confirmed_on=item.day("confirmed_on"),
    )
    item.done()
    if not found.rows and found.missing is None:
        raise item.wrong("missing", "is needed where there are no rows")
    if found.smallest < 1:
        raise item.wrong("smallest", "is less than one")
    return found
