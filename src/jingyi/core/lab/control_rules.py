"""The laboratory's rules of quality control: which controls a batch needs, and their limits.

rulebook/lab/control.toml, dated: the rules are those in force on the day of the batch. A limit that
names the item or the method goes before one that does not.
"""

from dataclasses import dataclass
from datetime import date

from jingyi.core.lab.deciding import Thresholds, read_thresholds
from jingyi.core.law import STATUSES, Instrument, Source, read_source
from jingyi.core.refusal import Refusal
from jingyi.core.tables import Table
from jingyi.core.words import Sentence, say

KINDS: dict[str, Sentence] = {
    "method-blank": say("方法空白"),
    "field-blank": say("全程序空白"),
    "duplicate": say("平行样"),
    "spike": say("加标回收"),
    "reference": say("标准样品"),
    "calibration-check": say("校准核查"),
    "instrument-check": say("仪器检查"),
    "kit": say("试剂批号与有效期"),
    "positive": say("阳性对照"),
    "negative": say("阴性对照"),
    "chart": say("质控图"),
}
TECHNIQUES = frozenset({"instrument", "meter", "strip"})
# By which figures a kind is judged: low, high, absolute; the kinds not named, by none.
_FIGURES = {
    "spike": {(True, True, False)},
    "duplicate": {(False, True, False), (False, False, True)},
    "calibration-check": {(False, True, False), (False, False, True)},
}
BRACKETS = frozenset({"", "before", "both"})


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a rule is for. No items, no methods: all. `trace`: for values near the detection limit."""

    techniques: frozenset[str]
    items: frozenset[str]
    methods: frozenset[str]
    trace: bool
    valid_from: date
    valid_to: date | None

    def holds(self, technique: str, item: str, method: str, on: date) -> bool:
        return (
            technique in self.techniques
            and (not self.items or item in self.items)
            and (not self.methods or method in self.methods)
            and self.valid_from <= on
            and (self.valid_to is None or on <= self.valid_to)
        )


@dataclass(frozen=True, slots=True)
class Limit:
    """What a control of one kind has to keep, in percent; None where its kind needs no figure.

    `absolute`, in the item's unit, instead of percent: of a pH, a tenth says more than a share.
    """

    kind: str
    scope: Scope
    low: float | None
    high: float | None
    absolute: float | None
    reading: str
    source: Source
    status: str


@dataclass(frozen=True, slots=True)
class Way:
    """So many controls of a kind: a share of the samples in percent, and at least `least`."""

    kind: str
    share: int
    least: int

    def needed(self, samples: int) -> int:
        return max(self.least, -(-samples * self.share // 100))


@dataclass(frozen=True, slots=True)
class Need:
    """One of the ways has to be met. `bracket`: around each result (before it, or on both sides)."""

    ways: tuple[Way, ...]
    bracket: str
    scope: Scope
    reading: str
    source: Source
    status: str


@dataclass(frozen=True, slots=True)
class Rules:
    """rulebook/lab/control.toml."""

    limits: tuple[Limit, ...]
    needs: tuple[Need, ...]
    screening: tuple[Thresholds, ...]

    def limit(
        self, kind: str, technique: str, item: str, method: str, on: date, *, trace: bool = False
    ) -> Limit:
        """Return the limit of a kind of control; the narrowest that applies.

        Raises:
            Refusal: there is none: a control nobody can judge releases nothing.
        """
        fit = [
            one
            for one in self.limits
            if one.kind == kind and one.scope.holds(technique, item, method, on)
        ]
        fit = [one for one in fit if one.scope.trace is trace] or fit
        if not fit:
            raise Refusal(
                "规则库没有{kind}在 {on} 对“{item}”的合格界限，无法判断质控。请在 lab/control.toml 补充。",
                kind=KINDS[kind],
                on=on,
                item=item,
            )
        return max(fit, key=lambda one: (bool(one.scope.methods), bool(one.scope.items)))

    def needed(self, technique: str, item: str, method: str, on: date) -> tuple[Need, ...]:
        """Return what a batch needs for an item."""
        return tuple(one for one in self.needs if one.scope.holds(technique, item, method, on))


def read_rules(top: Table, instruments: dict[str, Instrument]) -> Rules:
    """Read rulebook/lab/control.toml."""
    rules = Rules(
        tuple(_read_limit(item, instruments) for item in top.tables("limit", least=1)),
        tuple(_read_need(item, instruments) for item in top.tables("need", least=1)),
        tuple(read_thresholds(item, instruments) for item in top.tables("screening", least=1)),
    )
    top.done()
    return rules


def _read_scope(table: Table) -> Scope:
    techniques = frozenset(table.texts("techniques"))
    if not techniques or techniques - TECHNIQUES:
        raise table.wrong("techniques", f"is not of {', '.join(sorted(TECHNIQUES))}")
    return Scope(
        techniques,
        frozenset(table.texts("items", ())),
        frozenset(table.texts("methods", ())),
        table.yes("trace", default=False),
        table.day("valid_from"),
        table.day_or_none("valid_to"),
    )


def _read_limit(table: Table, instruments: dict[str, Instrument]) -> Limit:
    low, high = table.number("low_percent", -1), table.number("high_percent", -1)
    found = Limit(
        kind=table.one_of("kind", frozenset(KINDS)),
        scope=_read_scope(table),
        low=None if low < 0 else float(low),
        high=None if high < 0 else float(high),
        absolute=float(table.text("absolute")) if table.has("absolute") else None,
        reading=table.text("reading"),
        source=read_source(table.table("source"), instruments),
        status=table.one_of("status", STATUSES),
    )
    table.day("confirmed_on")
    table.done()
    given = (found.low is not None, found.high is not None, found.absolute is not None)
    if given not in _FIGURES.get(found.kind, {(False, False, False)}):
        raise table.wrong("kind", f"{found.kind}: has not the figures that it is judged by")
    return found


def _read_need(table: Table, instruments: dict[str, Instrument]) -> Need:
    found = Need(
        ways=tuple(_read_way(item) for item in table.tables("ways", least=1)),
        bracket=table.one_of("bracket", BRACKETS, ""),
        scope=_read_scope(table),
        reading=table.text("reading"),
        source=read_source(table.table("source"), instruments),
        status=table.one_of("status", STATUSES),
    )
    table.day("confirmed_on")
    table.done()
    return found


def _read_way(table: Table) -> Way:
    way = Way(
        table.one_of("kind", frozenset(KINDS)),
        table.number("share_percent", 0),
        table.number("least"),
    )
    table.done()
    return way
