"""Which office a case may go to, by which kind of move, and when two cases become one.

Rules are data (rulebook/moves.toml); this module says which move is open now and, where one is
not, why, with the article.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jingyi.core.law import STATUSES, Instrument, Source, read_source, titled
from jingyi.core.refusal import Refusal
from jingyi.core.tables import Table
from jingyi.core.words import Sentence, say

DIRECTIONS = frozenset({"peer", "superior", "below", "decider", "named", "stays"})


class MoveClosed(Refusal):
    """The move is not open, or not to that office."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of move, as the rulebook has it. See the head of rulebook/moves.toml."""

    id: str
    title: Sentence
    direction: str
    asked_by: str  # "holder" or "superior"
    tracks: tuple[str, ...]  # empty: both
    states: tuple[str, ...]  # empty: every open one
    after: tuple[str, ...]
    for_suit: bool  # the review for suit begins anew on receipt
    due: bool  # a last day is set, and a report is owed
    source: Source
    closed_after: Source | None
    status: str
    confirmed_on: date


@dataclass(frozen=True, slots=True)
class MergeRule:
    """When two cases may become one."""

    tracks: tuple[str, ...]
    states: tuple[str, ...]
    source: Source
    status: str
    confirmed_on: date


@dataclass(frozen=True, slots=True)
class Office:
    """A procuratorate: `path` holds its own and its superiors' ids ("/1/4/9/")."""

    name: str
    level: str
    path: str

    def above(self, other: "Office") -> bool:
        """Tell whether `other` stands below this office."""
        return other.path != self.path and other.path.startswith(self.path)

    def parent_of(self, other: "Office") -> bool:
        return self.above(other) and other.path.count("/") == self.path.count("/") + 1


@dataclass(frozen=True, slots=True)
class Holding:
    """A case as it is held: by whom, where it stands, and how it came."""

    holder: Office
    track: str
    state: str
    open: bool
    came_by: str = ""  # the kind that brought it here
    on_its_way: bool = False  # sent and not received yet
    supervised: bool = False  # by the office that asks


@dataclass(frozen=True, slots=True)
class Option:
    """A kind of move, and why it is not open now; open if there is no reason."""

    kind: Kind
    reasons: tuple[Sentence, ...]

    @property
    def open(self) -> bool:
        return not self.reasons


def options(
    kinds: Mapping[str, Kind], holding: Holding, *, asks: Office, states: Mapping[str, Sentence]
) -> tuple[Option, ...]:
    """Return every kind of move with the reasons why `asks` cannot make it now.

    Args:
        states: the titles of the states, for the reasons.
    """
    return tuple(Option(kind, _reasons(kind, holding, asks, states)) for kind in kinds.values())


def check(
    kind: Kind, holding: Holding, *, asks: Office, to: Office, states: Mapping[str, Sentence]
) -> None:
    """Refuse a move that is not open, or not to the office `to`.

    Raises:
        MoveClosed: with the reason and the article.
    """
    for reason in _reasons(kind, holding, asks, states):
        raise MoveClosed(reason)
    if not fits(kind, holding.holder, asks=asks, to=to):
        values = {"name": to.name, "kind": kind.title, "source": str(kind.source)}
        raise MoveClosed(Sentence(_WHERE[kind.direction].text, values))


def fits(kind: Kind, holder: Office, *, asks: Office, to: Office) -> bool:
    """Tell whether `to` stands where a move of this kind goes."""
    match kind.direction:
        case "peer":
            return to.level == holder.level and to.path != holder.path
        case "superior":
            return to.parent_of(holder)
        case "below":
            return holder.above(to)
        case "decider":
            return to.path == asks.path
        case "named":
            return asks.above(to) and to.path != holder.path
    return to.path == holder.path


_WHERE = {
    "peer": say("{name}不是同级的其他人民检察院，不能“{kind}”（{source}）。"),
    "superior": say("{name}不是上一级人民检察院，不能“{kind}”（{source}）。"),
    "below": say("{name}不是本院的下级人民检察院，不能“{kind}”（{source}）。"),
    "decider": say("“{kind}”由决定的上级院自己办理，不能交给{name}（{source}）。"),
    "named": say("{name}不是决定机关辖区内的其他人民检察院，不能“{kind}”（{source}）。"),
    "stays": say("“{kind}”不改变承办的人民检察院，不能写{name}（{source}）。"),
}


def _reasons(
    kind: Kind, now: Holding, asks: Office, states: Mapping[str, Sentence]
) -> tuple[Sentence, ...]:
    found = []
    if now.on_its_way:
        found.append(say("案件已经移送，正等待受移送的人民检察院接收。"))
    elif not now.open:
        found.append(say("案件已经办结或者移出，不再变更管辖。"))
    elif kind.states and now.state not in kind.states:
        found.append(
            say(
                "案件处于“{state}”，这时不能“{kind}”（{source}）。",
                state=states[now.state],
                kind=kind.title,
                source=str(kind.source),
            )
        )
    if kind.tracks and now.track not in kind.tracks:
        found.append(
            say("这类案件没有“{kind}”（{source}）。", kind=kind.title, source=str(kind.source))
        )
    if kind.asked_by == "holder" and asks.path != now.holder.path:
        found.append(say("“{kind}”由承办的{name}决定。", kind=kind.title, name=now.holder.name))
    if kind.asked_by == "superior" and not asks.above(now.holder):
        found.append(
            say(
                "“{kind}”由上级人民检察院决定（{source}）。",
                kind=kind.title,
                source=str(kind.source),
            )
        )
    if now.came_by in kind.after and kind.closed_after:
        found.append(
            say(
                "本案由同级人民检察院移送而来，应当受理，不得退回或者再行移送；认为不属于本院管辖的，"
                "报请上一级人民检察院（{source}）。",
                source=str(kind.closed_after),
            )
        )
    if kind.direction == "stays" and now.supervised:
        found.append(say("本案已在督办之中。"))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Mergeable:
    """What is looked at when two cases are to become one. `kind`: the kind of violation."""

    ref: str
    office: str
    organ: str
    track: str
    domain: str
    state: str
    filed: tuple[date, int]  # the order of filing
    on_its_way: bool = False


def why_not_merge(rule: MergeRule, earlier: Mergeable, later: Mergeable) -> tuple[Sentence, ...]:
    """Return why `later` cannot be closed into `earlier`; nothing if it can.

    One organ with several violations of the same kind is one case; several organs with different
    duties are separate ones. Once the suggestion has been sent, each goes its own way.
    """
    cite = str(rule.source)
    found = []
    if earlier.ref == later.ref:
        found.append(say("不能把案件并入它自己。"))
    elif earlier.filed > later.filed:
        found.append(say("并案时后立的案件并入先立的案件：请到 {ref} 办理。", ref=earlier.ref))
    if earlier.office != later.office:
        found.append(say("两案不在同一个人民检察院；请先移送，再并案。"))
    if {earlier.track, later.track} - set(rule.tracks):
        found.append(say("并案办理只适用于行政公益诉讼案件（{source}）。", source=cite))
    elif not earlier.organ or earlier.organ != later.organ:
        found.append(
            say(
                "两案的行政机关不同，各自负有不同的监督管理职责，应当分别立案（{source}）。",
                source=cite,
            )
        )
    if earlier.domain != later.domain:
        found.append(say("两案不是同类违法行为，不能并案（{source}）。", source=cite))
    too_late = (one for one in (earlier, later) if one.on_its_way or one.state not in rule.states)
    found += [
        say(
            "案件 {ref} 的检察建议已经发出或者已不在调查阶段，不能并案（{source}）。",
            ref=one.ref,
            source=cite,
        )
        for one in too_late
    ]
    return tuple(found)


def read_kind(item: Table, instruments: dict[str, Instrument]) -> Kind:
    """Read one `[[kind]]` of rulebook/moves.toml."""
    after = item.texts("after", default=())
    kind = Kind(
        id=item.text("id"),
        title=titled(item.text("title"), item.text("title_en")),
        direction=item.one_of("direction", DIRECTIONS),
        asked_by=item.one_of("asked_by", frozenset({"holder", "superior"})),
        tracks=tuple(item.texts("tracks", default=())),
        states=tuple(item.texts("states", default=())),
        after=tuple(after),
        for_suit=item.yes("for_suit", False),
        due=item.yes("due", False),
        source=read_source(item.table("source"), instruments),
        closed_after=read_source(item.table("closed_after"), instruments) if after else None,
        status=item.one_of("status", STATUSES),
        confirmed_on=item.day("confirmed_on"),
    )
    item.done()
    return kind


def read_merge(item: Table, instruments: dict[str, Instrument]) -> MergeRule:
    """Read the table `[merge]` of rulebook/moves.toml."""
    rule = MergeRule(
        tracks=tuple(item.texts("tracks")),
        states=tuple(item.texts("states")),
        source=read_source(item.table("source"), instruments),
        status=item.one_of("status", STATUSES),
        confirmed_on=item.day("confirmed_on"),
    )
    item.done()
    return rule
