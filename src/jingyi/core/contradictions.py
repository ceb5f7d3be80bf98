"""Where an organ's reply and what is shown for it disagree: both sides quoted, never a verdict.

Each rule looks at one duty: what the suggestion demands, what the reply says of it, and the
exhibits (photographs with their own time and place, papers, measurements). Rules, units and how
far apart is too far are data: rulebook/contradictions.toml.

Not looked for: whether a picture shows what it is said to show; sums; promises kept elsewhere.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import asin, cos, radians, sin, sqrt

from jingyi.core.figures import Figure, Unit, figures_in, read_unit
from jingyi.core.law import STATUSES, Instrument, Source, read_source
from jingyi.core.photo import ALIKE, apart
from jingyi.core.reading.dates import dates_in
from jingyi.core.tables import Table
from jingyi.core.words import Sentence, say

WEIGHTS = ("strong", "notable", "slight")
SENTENCE = re.compile(r"[^。；;！!？?\n]+")
CLAUSE = re.compile(r"[^，]+")
AROUND = 8  # letters beside a figure that say what it measures
EARTH_M = 6_371_008.8
Point = tuple[float, float]  # longitude, latitude, WGS-84


@dataclass(frozen=True, slots=True)
class Rules:
    """What is compared, and how far apart is too far."""

    units: tuple[Unit, ...]
    tolerance: Fraction
    about: Fraction
    near_m: int
    late_days: int
    weigh: dict[str, str]
    words: dict[str, tuple[str, ...]]
    source: Source
    status: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One exhibit: `kind` is before, after, photo, paper or measured; verified if not the organ's."""

    name: str
    kind: str
    caption: str = ""
    taken_on: date | None = None
    where: Point | None = None
    fingerprint: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a reply says of one duty. `said`: done, partly, not, not-ours or disputed."""

    duty: int
    demand: str
    said: str
    text: str
    replied_on: date
    served_on: date | None = None
    where: Point | None = None
    radius_m: int = 0
    shown: tuple[Shown, ...] = ()
    found: str = ""  # of the last verification, in the same words as `said`, or ""
    found_on: date | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Words and where they stand: `source` is reply, demand, or the name of an exhibit."""

    source: str
    text: str
    start: int = 0
    end: int = 0

    @property
    def marked(self) -> tuple[str, str, str]:
        """The text before, the words meant, the text after."""
        return self.text[: self.start], self.text[self.start : self.end], self.text[self.end :]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two quotes that do not fit, and why; how much it weighs is the rulebook's word."""

    kind: str
    weight: str
    duty: int
    one: Quote
    other: Quote
    because: Sentence


Found = tuple[str, Quote, Quote, Sentence]


def read_rules(top: Table, instruments: dict[str, Instrument]) -> Rules:
    """Read rulebook/contradictions.toml."""
    weigh, words = top.table("weigh"), top.table("words")
    rules = Rules(
        units=tuple(read_unit(item) for item in top.tables("unit", least=1)),
        tolerance=Fraction(top.text("tolerance")),
        about=Fraction(top.text("about")),
        near_m=top.number("near_m"),
        late_days=top.number("late_days"),
        weigh={name: weigh.one_of(name, frozenset(WEIGHTS)) for name in weigh.data},
        words={name: words.texts(name) for name in words.data},
        source=read_source(top.table("source"), instruments),
        status=top.one_of("status", STATUSES),
    )
    top.text("reading")
    top.day("confirmed_on")
    top.done()
    return rules


def contradictions(claims: Sequence[Claim], rules: Rules) -> list[Disagreement]:
    """Return where each claim and what is shown for it disagree, the weightiest first."""
    looks: tuple[Callable[[Claim, Rules], Iterator[Found]], ...] = (
        _dates, _plans, _figures, _short, _places, _names, _pictures, _bare, _finding,
    )  # fmt: skip
    found = [
        Disagreement(kind, rules.weigh[kind], claim.duty, one, other, because)
        for claim in claims
        for look in looks
        for kind, one, other, because in look(claim, rules)
    ]
    return sorted(found, key=lambda one: (WEIGHTS.index(one.weight), one.duty))


def metres(one: Point, other: Point) -> float:
    """Return the distance over the ground (great circle)."""
    (x1, y1), (x2, y2) = [tuple(map(radians, point)) for point in (one, other)]
    half = sin((y2 - y1) / 2) ** 2 + cos(y1) * cos(y2) * sin((x2 - x1) / 2) ** 2
    return 2 * EARTH_M * asin(sqrt(half))


# ---------------------------------------------------------------- dates


def _sentences(text: str) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Yield each sentence with its clauses and where in `text` they begin."""
    for sentence in SENTENCE.finditer(text):
        clauses = [(sentence.start() + c.start(), c[0]) for c in CLAUSE.finditer(sentence[0])]
        yield sentence[0], clauses


def _has(text: str, words: Sequence[str]) -> bool:
    return any(word in text for word in words)


def _done_on(claim: Claim, rules: Rules) -> tuple[date, Quote] | None:
    """Return the last day the claim names for what is done; a plan's day is none."""
    last: tuple[date, Quote] | None = None
    clauses = [clause for _, parts in _sentences(claim.text) for clause in parts]
    for at, clause in clauses if claim.said in {"done", "partly"} else ():
        if _has(clause, rules.words["plan"]):
            continue
        for day in dates_in(clause, year=claim.replied_on.year):
            if last is None or day.on > last[0]:
                last = day.on, Quote("reply", claim.text, at + day.start, at + day.end)
    return last


def _photos(claim: Claim) -> Iterator[Shown]:
    for one in claim.shown:
        if one.kind in {"before", "after", "photo"} and one.taken_on:
            yield one


def _taken(one: Shown) -> Quote:
    day = one.taken_on.isoformat() if one.taken_on else ""
    return Quote(one.name, day, 0, len(day))


def _dates(claim: Claim, rules: Rules) -> Iterator[Found]:
    done = _done_on(claim, rules)
    replied = claim.replied_on
    if done and done[0] > replied:
        because = say("称 {done} 完成，但回复的日期是 {replied}", done=done[0], replied=replied)
        yield "done-after-reply", done[1], _whole("replied", replied.isoformat()), because
    for one in _photos(claim):
        day = one.taken_on
        if day is None:
            continue
        served = claim.served_on
        if one.kind == "after" and served and day < served:
            because = say("整改后的照片拍摄于 {day}，早于送达之日 {served}", day=day, served=served)
            yield "photo-before-service", _whole("reply", claim.text), _taken(one), because
        elif one.kind == "after" and done and day < done[0]:
            because = say("称 {done} 完成，整改后的照片却拍摄于 {day}", done=done[0], day=day)
            yield "photo-before-done", done[1], _taken(one), because
        if one.kind == "before" and done and day > done[0]:
            because = say("称 {done} 完成，整改前的照片却拍摄于 {day}", done=done[0], day=day)
            yield "before-after-done", done[1], _taken(one), because
        if day > replied + timedelta(days=rules.late_days):
            because = say("照片拍摄于 {day}，晚于回复之日 {replied}", day=day, replied=replied)
            yield "photo-after-reply", _whole("replied", replied.isoformat()), _taken(one), because


def _whole(source: str, text: str) -> Quote:
    return Quote(source, text, 0, len(text))


def _plans(claim: Claim, rules: Rules) -> Iterator[Found]:
    """Yield a claim of done that only plans: no sentence says what was done (R82)."""
    if claim.said != "done":
        return
    planned: Quote | None = None
    for sentence, clauses in _sentences(claim.text):
        at = next((at for at, clause in clauses if _has(clause, rules.words["plan"])), None)
        if at is not None:
            end = clauses[-1][0] + len(clauses[-1][1])
            planned = planned or Quote("reply", claim.text, at, end)
        elif (
            _has(sentence, rules.words["finished"])
            or _read(sentence, rules)
            or dates_in(sentence, year=claim.replied_on.year)
        ):
            return
    if planned:
        yield "plan", _whole("said", "已完成"), planned, say("称已完成，文字说的却是计划")


# ---------------------------------------------------------------- figures


def _read(text: str, rules: Rules) -> list[Figure]:
    return figures_in(text, rules.units, rules.words["about"])


def _alike(one: Figure, other: Figure, rules: Rules) -> bool:
    """Tell whether two figures of a dimension are the same, within the tolerance."""
    share = rules.about if one.about or other.about else rules.tolerance
    return abs(one.base - other.base) <= share * max(one.base, other.base)


def _pairs(text: str) -> set[str]:
    letters = re.sub(r"[\W\d]", "", text)
    return {letters[n : n + 2] for n in range(len(letters) - 1)}


def _beside(text: str, figure: Figure) -> set[str]:
    """Return the pairs of letters beside a figure: what it is a figure of."""
    before = text[max(0, figure.start - AROUND) : figure.start]
    return _pairs(before) | _pairs(text[figure.end : figure.end + AROUND])


def _figures(claim: Claim, rules: Rules) -> Iterator[Found]:
    """Yield each exhibit's figure that is no figure of the reply, beside the nearest that it has."""
    said = _read(claim.text, rules)
    for one in claim.shown:
        for shown in _read(one.caption, rules) if one.kind != "before" else ():
            same = [figure for figure in said if figure.unit.dimension == shown.unit.dimension]
            if not same or any(_alike(figure, shown, rules) for figure in same):
                continue
            beside = _beside(one.caption, shown)
            near = max(same, key=lambda figure: len(beside & _beside(claim.text, figure)))
            sure = len(same) == 1 or bool(beside & _beside(claim.text, near))
            quotes = _figure("reply", claim.text, near), _figure(one.name, one.caption, shown)
            because = say(
                "回复写“{said}”，附件写“{shown}”",
                said=quotes[0].marked[1],
                shown=quotes[1].marked[1],
            )
            yield "figure" if sure else "figure-loose", *quotes, because


def _figure(source: str, text: str, figure: Figure) -> Quote:
    return Quote(source, text, figure.start, figure.end)


def _short(claim: Claim, rules: Rules) -> Iterator[Found]:
    """Yield a figure of the demand that everything said of it falls short of, though said done."""
    if claim.said != "done":
        return
    said = _read(claim.text, rules)
    for asked in _read(claim.demand, rules):
        same = [figure for figure in said if figure.unit.dimension == asked.unit.dimension]
        if not same:
            continue
        most = max(same, key=lambda figure: figure.base)
        whole = sum((figure.base for figure in same), Fraction(0))
        if whole < asked.base and not _alike(most, asked, rules):
            quotes = _figure("reply", claim.text, most), _figure("demand", claim.demand, asked)
            because = say(
                "要求的是“{asked}”，称已完成的是“{said}”",
                asked=quotes[1].marked[1],
                said=quotes[0].marked[1],
            )
            yield "short", *quotes, because


# ---------------------------------------------------------------- places


def _places(claim: Claim, rules: Rules) -> Iterator[Found]:
    if claim.where is None:
        return
    limit = max(claim.radius_m, rules.near_m)
    for one in claim.shown:
        if one.where and (away := metres(claim.where, one.where)) > limit:
            where = f"{one.where[1]:.5f}, {one.where[0]:.5f}"
            because = say(
                "照片拍摄处距案件地点 {away} 米，超过 {limit} 米", away=round(away), limit=limit
            )
            yield "far", _whole("demand", claim.demand), _whole(one.name, where), because


def _named(text: str, rules: Rules) -> list[tuple[str, str, int, int]]:
    """Return the places a text names: (suffix, name, start, end)."""
    suffixes = "|".join(sorted(map(re.escape, rules.words["places"]), key=len, reverse=True))
    leads = sorted(rules.words["lead_in"], key=len, reverse=True)
    found = []
    for match in re.finditer(rf"[\u4e00-\u9fff]{{1,8}}?(?P<suffix>{suffixes})(?!{suffixes})", text):
        name, start = match[0], match.start()
        cut = max((name.rfind(lead) + len(lead) for lead in leads if lead in name[:-1]), default=0)
        name = name[cut:]
        if len(name) > len(match["suffix"]):
            found.append((match["suffix"], name, start + cut, match.end()))
    return found


def _same_name(one: str, other: str) -> bool:
    """Tell whether two names may be one, whatever words were caught before them."""
    return one.endswith(other) or other.endswith(one) or one[-3:] == other[-3:]


def _names(claim: Claim, rules: Rules) -> Iterator[Found]:
    """Yield a place that an exhibit names and neither the demand nor the reply does."""
    said = [(*one, "reply", claim.text) for one in _named(claim.text, rules)]
    said += [(*one, "demand", claim.demand) for one in _named(claim.demand, rules)]
    for one in claim.shown:
        for suffix, name, start, end in _named(one.caption, rules):
            same = [known for known in said if known[0] == suffix]
            if not same or any(_same_name(known[1], name) for known in same):
                continue
            _, known, at, to, source, text = same[0]
            because = say("说的是“{said}”，附件写的是“{shown}”", said=known, shown=name)
            yield (
                "name",
                Quote(source, text, at, to),
                Quote(one.name, one.caption, start, end),
                because,
            )


# ---------------------------------------------------------------- exhibits


def _pictures(claim: Claim, _rules: Rules) -> Iterator[Found]:
    """Yield a before and an after photograph that are one picture."""
    for before in claim.shown:
        for after in claim.shown if before.kind == "before" else ():
            if after.kind != "after" or before.fingerprint is None or after.fingerprint is None:
                continue
            if apart(before.fingerprint, after.fingerprint) <= ALIKE:
                because = say("整改前后的两张照片是同一画面")
                yield (
                    "same-picture",
                    _whole(before.name, before.caption),
                    _whole(after.name, after.caption),
                    because,
                )


def _bare(claim: Claim, _rules: Rules) -> Iterator[Found]:
    if claim.said == "done" and all(one.kind in {"before", "verified"} for one in claim.shown):
        yield "bare", _whole("said", "已完成"), _whole("none", ""), say("称已完成，没有任何附件")


def _finding(claim: Claim, _rules: Rules) -> Iterator[Found]:
    """Yield a duty said to be done that a verification after it found open."""
    if claim.said == "done" and claim.found in {"partly", "not"} and claim.found_on:
        day = claim.found_on.isoformat()
        because = say("称已完成，{day} 核实没有整改到位", day=claim.found_on)
        yield "finding", _whole("reply", claim.text), _whole("verified", day), because
