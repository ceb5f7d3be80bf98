"""The kinds of ledger an organ keeps: their columns, how they are recognised, what others may see.

These are the values of rulebook/ledgers/*.toml. Which dates follow from a row is `core/duties.py`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from jingyi.core.clock_rules import Rule
from jingyi.core.law import STATUSES, Instrument, Source, read_source, titled
from jingyi.core.refusal import Refusal
from jingyi.core.tables import Table
from jingyi.core.words import Sentence

TYPES = frozenset({"text", "party", "person-id", "phone", "date", "money"})
SEEN = frozenset({"full", "masked", "hidden"})
LONGEST = 300  # characters of one cell that are kept
PERSON_ID = re.compile(r"(?<![0-9A-Za-z])(\d{6})\d{8}(\d{3}[0-9Xx])(?![0-9A-Za-z])")
PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
LANDLINE = re.compile(r"(?<!\d)(0\d{2,3})[-－ ]\d{7,8}(?!\d)")
# What the name of a firm or an institution has in it; any other party is taken for a person.
FIRM = re.compile(
    r"公司|厂|店|行|部$|社|院|校|所|站|场|馆|中心|集团|企业|合作|局|委员会|协会|矿|园|户$|坊|铺|超市|经营"
)


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a ledger.

    `event` is what its date is to a clock; `implies` are events that happened by then at the latest,
    where no column has their own day. `due` the title of a last day that the column itself
    states, met once one of `met_by` has a date. `seen` is what the other side sees of it.
    """

    id: str
    title: Sentence
    type: str
    headings: tuple[str, ...]
    required: bool
    key: bool
    seen: str
    event: str
    implies: tuple[str, ...]
    due: Sentence | None
    due_party: str  # whose last day it is: organ or public
    met_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of ledger.

    `clocks` are counted from its dates; `others` are those of them that another organ has to keep;
    `reminder` is the wait before one.
    """

    id: str
    order: int
    title: Sentence
    fields: tuple[Field, ...]
    clocks: tuple[Rule, ...]
    others: tuple[str, ...]
    reminder: Rule | None
    source: Source
    reading: Sentence
    status: str

    def field(self, name: str) -> Field:
        """Return the column `name`; KeyError where there is none."""
        return {one.id: one for one in self.fields}[name]

    @property
    def columns(self) -> frozenset[str]:
        return frozenset(one.id for one in self.fields)


def read_kind(table: Table, instruments: dict[str, Instrument], rules: Mapping[str, Rule]) -> Kind:
    """Read one ledger file; every clock it names has to be there, and its events be heard."""
    named = table.texts("clocks")
    reminder = table.text("reminder", "")
    for name in (*named, *([reminder] if reminder else [])):
        if name not in rules:
            raise table.wrong("clocks", f"{name!r} is no clock")
    kind = Kind(
        id=table.text("id"),
        order=table.number("order"),
        title=titled(table.text("title"), table.text("title_en")),
        fields=tuple(_read_field(item) for item in table.tables("field", least=2)),
        clocks=tuple(rules[name] for name in named),
        others=table.texts("others", ()),
        reminder=rules[reminder] if reminder else None,
        source=read_source(table.table("source"), instruments),
        reading=titled(table.text("reading"), table.text("reading_en")),
        status=table.one_of("status", STATUSES),
    )
    table.day("confirmed_on")
    table.done()
    _check(kind, table)
    return kind


def _check(kind: Kind, table: Table) -> None:
    if len(kind.columns) != len(kind.fields):
        raise table.wrong("field", "one id is there twice")
    if not any(one.key for one in kind.fields):
        raise table.wrong("field", "none tells one row from another")
    heard = {event for rule in kind.clocks for event in rule.events}
    if not set(kind.others) <= {rule.id for rule in kind.clocks}:
        raise table.wrong("others", "names no clock of the ledger")
    for one in kind.fields:
        for event in {one.event, *one.implies} - {"", "penalty.urged"} - heard:
            raise table.wrong("field", f"{one.id}: no clock of the ledger hears {event}")
        if not set(one.met_by) <= kind.columns:
            raise table.wrong("field", f"{one.id}: met_by names no column")


def _read_field(item: Table) -> Field:
    due = item.text("due", "")
    one = Field(
        id=item.text("id"),
        title=titled(item.text("title"), item.text("title_en")),
        type=item.one_of("type", TYPES),
        headings=item.texts("headings"),
        required=item.yes("required", default=False),
        key=item.yes("key", default=False),
        seen=item.one_of("seen", SEEN, "hidden"),
        event=item.text("event", ""),
        implies=item.texts("implies", ()),
        due=titled(due, item.text("due_en")) if due else None,
        due_party=item.one_of("due_party", frozenset({"organ", "public"}), "public"),
        met_by=item.texts("met_by", ()),
    )
    item.done()
    if (one.event or one.implies or due) and one.type != "date":
        raise item.wrong("type", "is not a date, but starts or ends something")
    if bool(due) != bool(one.met_by):
        raise item.wrong("due", "needs met_by, and the other way round")
    return one


# ---------------------------------------------------------------- columns


def guess(kind: Kind, names: Sequence[str]) -> dict[str, str]:
    """Return our column → their heading for every one recognised; the likeliest heading first.

    Headings that are the same word go before those that only contain it, and longer words before
    shorter ones, so that 复议诉讼期满日 is not taken for the day of a suit.
    """
    words = [
        (exact, -len(plain(word)), place, n, one.id, plain(word))
        for place, one in enumerate(kind.fields)
        for n, word in enumerate(one.headings)
        for exact in (0, 1)
    ]
    found: dict[str, str] = {}
    for exact, _length, _place, _n, field, word in sorted(words):
        if field in found:
            continue
        for name in names:
            says = plain(name) == word if exact == 0 else len(word) > 1 and word in plain(name)
            if says and name not in found.values():
                found[field] = name
                break
    return found


def plain(heading: str) -> str:
    """Return a heading without spaces, brackets and marks."""
    return re.sub(r"[\s()（）\[\]【】:：*_/、]+", "", heading).casefold()


def heading_set(names: Sequence[str]) -> str:
    """Return what is the same for the same set of headings, in whatever order."""
    return sha256("\x1f".join(sorted(map(plain, names))).encode()).hexdigest()


def check(kind: Kind, mapping: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """Return the mapping without empty choices.

    Raises:
        Refusal: a required column is not named, a heading is not there or is used twice.
    """
    chosen = {one.id: mapping[one.id] for one in kind.fields if mapping.get(one.id)}
    for field, name in chosen.items():
        if name not in names:
            raise Refusal(
                "表中没有名为“{name}”的列（{field}）。请另选一列。",
                name=name, field=kind.field(field).title,
            )  # fmt: skip
    for one in kind.fields:
        if one.required and one.id not in chosen:
            raise Refusal(
                "还没有指明哪一列是“{field}”，无法导入。请选择；现有的列：{names}。",
                field=one.title, names="、".join(names),
            )  # fmt: skip
    twice = [name for name in chosen.values() if list(chosen.values()).count(name) > 1]
    if twice:
        raise Refusal("列“{name}”被选作两样内容；每一列只能选一次。", name=min(twice))
    if not any(kind.field(field).key for field in chosen):
        raise Refusal("没有一列能认出是哪一件（例如案号），再次导入会重复。请选择编号所在的列。")
    return chosen


def key_of(kind: Kind, values: Mapping[str, str]) -> str:
    """Return what one row is known by when it comes again.

    Where the columns meant for it are empty, the party and what is told of the matter stand in.
    """
    named = [(one.id, values.get(one.id, "")) for one in kind.fields if one.key]
    if not any(value for _, value in named):
        named = [
            (name, values.get(name, "")) for name in ("party", "cause", "filed_on", "decided_on")
        ]
    words = "\x1f".join(f"{name}={''.join(value.split())}" for name, value in named)
    return sha256(f"{kind.id}\x1f{words}".encode()).hexdigest()


# ---------------------------------------------------------------- what others see


def shown(one: Field, value: str) -> str | None:
    """Return what the other side sees of a value; None where the column is not for them."""
    if one.seen == "hidden":
        return None
    if not value or one.type in {"date", "money"}:
        return value
    if one.type == "person-id":
        return f"{value[:3]}{'*' * max(len(value) - 5, 1)}{value[-2:]}" if len(value) > 5 else "***"
    if one.type == "phone":
        return f"{value[:3]}****{value[-2:]}" if len(value) > 5 else "***"
    if one.type == "party" and one.seen == "masked":
        return scrubbed(value) if FIRM.search(value) else f"{value[:1]}**"
    return scrubbed(value) if one.seen == "full" else f"{value[:1]}**"


def minimised(kind: Kind, values: Mapping[str, str]) -> dict[str, str]:
    """Return the columns of a row that the other side may see, as it sees them."""
    seen = {one.id: shown(one, values.get(one.id, "")) for one in kind.fields}
    return {name: value for name, value in seen.items() if value is not None}


def scrubbed(text: str) -> str:
    """Hide identity and telephone numbers that somebody wrote into a text."""
    text = PERSON_ID.sub(r"\1********\2", text)
    return LANDLINE.sub(r"\1-********", PHONE.sub(r"\1****\2", text))
