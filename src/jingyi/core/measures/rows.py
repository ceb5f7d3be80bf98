"""The rows behind each measure, and why each counts or does not.

A row is one lead, case, suggestion, judgment or deadline. It belongs to the period that holds its
day `on`; its `result` is HIT, MISS or OUT, and `why` names the sentence that says so.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from jingyi.core.calendars import RestDays
from jingyi.core.clock_rules import Rule
from jingyi.core.clocks_columns import STATE, Columns
from jingyi.core.measures.clocks import Clocks, joined
from jingyi.core.measures.files import DECLINED, FILED, RATINGS, REGISTERED, Files, Flags, Ints
from jingyi.core.words import Sentence, say

MISS, HIT, OUT = 0, 1, 2
CLOSED = ("case.terminated", "case.concluded")
CHECKS = ("verification.passed", "verification.failed")
REPLY, LETTER = "suggestion.reply", "letter.answer"

WHY: Mapping[str, Sentence] = {
    "filed": say("{done} 立案"),
    "declined": say("{done} 决定不予受理"),
    "took": say("{start} 登记，{done} 立案"),
    "unregistered": say("{done} 立案，此前没有登记的记录"),
    "met": say("{due} 到期，{done} 完成"),
    "late": say("{due} 到期，{done} 才完成"),
    "overdue": say("{due} 到期，没有完成"),
    "running": say("{due} 到期，还没有到"),
    "paused": say("计时暂停中"),
    "void": say("{done} 起不再适用"),
    "uncounted": say("{start} 起算，最后一日算不出来"),
    "withdrawn": say("检察建议已经撤回或者被取代"),
    "rectified": say("{due} 整改期满；{done} 现场核实整改到位"),
    "unrectified": say("{due} 整改期满；没有核实整改到位的记录"),
    "found-not": say("{due} 整改期满；{done} 现场核实未整改到位"),
    "followed": say("{start} 送达；{done} 到现场跟进"),
    "not-followed": say("{start} 送达；没有到现场跟进的记录"),
    "sued": say("{due} 整改期满；{done} 提起诉讼"),
    "not-sued": say("{due} 整改期满；没有提起诉讼"),
    "agreed": say("{start} 磋商；{done} 终结案件，没有提出检察建议"),
    "unagreed": say("{done} 终结案件，此前没有磋商"),
    "suggested": say("{done} 提出检察建议"),
    "transferred": say("{done} 移送其他人民检察院"),
    "open": say("还没有办结"),
    "supported": say("{done} 收到裁判：诉讼请求得到支持"),
    "partly": say("{done} 收到裁判：诉讼请求得到部分支持"),
    "refused": say("{done} 收到裁判：诉讼请求没有得到支持"),
    "unsaid": say("{done} 收到裁判，没有登记诉讼请求是否得到支持"),
    "relapsed": say("{done} 回头看：问题反弹"),
    "held": say("{done} 回头看：没有反弹"),
    "unseen": say("{done} 办结，还没有回头看"),
    "rated-satisfied": say("{done} 提出人评价：满意"),
    "rated-mostly": say("{done} 提出人评价：基本满意"),
    "rated-not": say("{done} 提出人评价：不满意"),
    "unsaid-rating": say("{done} 提出人评价过，账册里没有记下是否满意"),
    "unsaid-visit": say("{done} 回头看，没有登记是否反弹"),
}  # fmt: skip
CODES = {name: n for n, name in enumerate(WHY)}
_SENTENCES = tuple(WHY.values())


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as columns; `unit` numbers the case (or lead), days are ordinals, 0 for none.

    `value` is a length in days, for medians; `rule` indexes `rules`, for deadlines.
    """

    unit: Ints
    on: Ints
    result: Ints
    why: Ints
    start: Ints
    due: Ints
    done: Ints
    value: Ints
    rule: Ints
    rules: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.unit)

    def take(self, which: Flags | Ints) -> "Rows":
        """Return some of the rows."""
        columns = {name: getattr(self, name)[which] for name in FIELDS}
        return Rows(rules=self.rules, **columns)

    def within(self, first: date | None, last: date | None) -> "Rows":
        """Return the rows of a period, both days included; None is no bound."""
        low = first.toordinal() if first else 0
        high = last.toordinal() if last else date.max.toordinal()
        return self.take((self.on >= low) & (self.on <= high))

    def says(self, row: int) -> Sentence:
        """Return why a row counts or does not."""
        days = {name: int(getattr(self, name)[row]) for name in ("start", "due", "done")}
        values = {name: date.fromordinal(day) if day else "—" for name, day in days.items()}
        return Sentence(_SENTENCES[self.why[row]].text, values)


FIELDS = ("unit", "on", "result", "why", "start", "due", "done", "value", "rule")


def made(unit: Ints, on: Ints, judged: tuple[Ints, Ints], **more: Ints) -> Rows:
    """Return rows; `judged` is result and why, and what is not given is 0."""
    columns = dict.fromkeys(FIELDS, np.zeros(len(unit), np.int64))
    columns |= {"unit": unit, "on": on, "result": judged[0], "why": judged[1], **more}
    return Rows(rules=(), **columns)


def choose(size: int, *cases: tuple[Flags, int, str], rest: tuple[int, str]) -> tuple[Ints, Ints]:
    """Return result and reason of each row: of the first case that holds, else `rest`."""
    if not cases:
        return np.full(size, rest[0]), np.full(size, CODES[rest[1]])
    conditions = [condition for condition, _, _ in cases]
    results = np.select(conditions, [said for _, said, _ in cases], rest[0])
    codes = np.select(conditions, [CODES[said] for _, _, said in cases], CODES[rest[1]])
    return results, codes


class Counted:
    """Every set of rows of the files of one day; a set is worked out when it is asked for."""

    def __init__(self, files: Files, *, rules: Iterable[Rule], calendar: RestDays) -> None:
        self.files = files
        self.clocks = Clocks(files, rules=rules, calendar=calendar)
        self.today = files.on.toordinal()

    def rows(self, name: str, rules: Sequence[str] = ()) -> Rows:
        """Return the rows of a set that a measure names; `rules` for those of deadlines."""
        if name == "deadlines":
            return self.deadlines(rules)
        found: Callable[[], Rows] = getattr(self, name)
        return found()

    # Leads

    def lead(self) -> Rows:
        """Leads that were judged: filed, or declined."""
        table = self.files.decisions
        last = table[np.isin(table[:, 2], (FILED, DECLINED))]
        last = last[np.argsort(last[:, 0], kind="stable")]
        last = last[np.flatnonzero(np.diff(last[:, 0], append=-1))]  # of each lead
        day = last[:, 4]
        judged = choose(len(day), (last[:, 2] == FILED, HIT, "filed"), rest=(MISS, "declined"))
        return made(last[:, 0], day, judged, done=day)

    def conversion(self) -> Rows:
        """Leads that were filed, with the days since a person registered them."""
        every = self.lead()
        filed = every.take(every.result == HIT)
        table = self.files.decisions
        registered = table[table[:, 2] == REGISTERED][::-1]  # the earliest is written last
        since = np.zeros(self.files.kept.leads, np.int64)
        since[registered[:, 0]] = registered[:, 4]
        start = np.where(since[filed.unit] <= filed.on, since[filed.unit], 0)
        known = start > 0
        judged = choose(len(filed), (known, HIT, "took"), rest=(OUT, "unregistered"))
        value = np.where(known, filed.on - start, 0)
        return made(filed.unit, filed.on, judged, start=start, done=filed.on, value=value)

    # Cases

    def consultation(self) -> Rows:
        """Administrative cases filed: ended after a consultation, with no suggestion?"""
        first = self.files.first
        filed = first("case.filed")
        cases = np.flatnonzero((filed > 0) & ~self.files.kept.civil)
        talked, asked, ended, gone = (
            first(kind)[cases]
            for kind in (
                "consultation.held", "suggestion.decided", "case.terminated", "case.transferred",
            )
        )  # fmt: skip
        judged = choose(
            len(cases),
            (asked > 0, MISS, "suggested"),
            ((ended > 0) & (talked > 0) & (talked <= ended), HIT, "agreed"),
            (ended > 0, MISS, "unagreed"),
            (gone > 0, OUT, "transferred"),
            rest=(MISS, "open"),
        )
        done = np.select([asked > 0, ended > 0], [asked, ended], gone)
        return made(cases, filed[cases], judged, start=talked, done=done)

    def judgment(self) -> Rows:
        """First-instance judgments: were the claims supported?"""
        rows = self.files.rows_of("judgment.received")
        results = {"supported": HIT, "partly": MISS, "refused": MISS}
        day = self.files.events.on[rows]
        return made(
            self.files.events.case[rows], day, self.marked(rows, results, "unsaid"), done=day
        )

    def relapse(self) -> Rows:
        """Closed cases: did a later visit find that the problem had come back?"""
        closing = self.files.last(*CLOSED)
        cases = np.flatnonzero(closing >= 0)
        day = self.files.events.on[closing[cases]]
        visit = self.files.last("lookback.done")[cases]
        seen = visit >= 0
        result, why = choose(len(cases), rest=(OUT, "unseen"))
        done = day.copy()
        results = {"relapsed": HIT, "held": MISS}
        result[seen], why[seen] = self.marked(visit[seen], results, "unsaid-visit")
        done[seen] = self.files.events.on[visit[seen]]
        return made(cases, day, (result, why), done=done)

    def marked(self, rows: Ints, results: Mapping[str, int], unsaid: str) -> tuple[Ints, Ints]:
        """Return what each event's own mark says; `unsaid` where there is none."""
        marks = self.files.marks[rows]
        words = {word: n for n, word in enumerate(self.files.words)}
        cases = ((marks == words.get(word, -1), said, word) for word, said in results.items())
        return choose(len(rows), *cases, rest=(OUT, unsaid))

    # Suggestions

    def reply(self) -> Rows:
        """Suggestions whose period to reply ended: replied in time?"""
        return self.deadlines([REPLY])

    def rectified(self) -> Rows:
        """Suggestions whose period ended: verified on site as rectified?"""
        clocks = self.clocks.of(REPLY)
        row = self.files.last(*CHECKS)[clocks.case]
        on = np.append(self.files.events.on, 0)[row]  # row -1: the 0
        day = np.where(on >= clocks.start, on, 0)
        passed = np.isin(row, self.files.rows_of("verification.passed"))
        return self.ended(
            day,
            ((day > 0) & passed, HIT, "rectified"),
            (day > 0, MISS, "found-not"),
            rest=(MISS, "unrectified"),
        )

    def suit(self) -> Rows:
        """Suggestions whose period ended: was a suit brought?"""
        day = self.clocks.first_after(self.clocks.of(REPLY), "case.sued")
        return self.ended(day, (day > 0, HIT, "sued"), rest=(MISS, "not-sued"))

    def followup(self) -> Rows:
        """Suggestions served: did somebody go to see?"""
        clocks = self.clocks.of(REPLY)
        seen = self.clocks.first_after(clocks, "followup.done", *CHECKS)
        judged = choose(
            len(clocks),
            (self.clocks.withdrawn(clocks), OUT, "withdrawn"),
            (seen > 0, HIT, "followed"),
            rest=(MISS, "not-followed"),
        )
        return made(clocks.case, clocks.start, judged, start=clocks.start, done=seen)

    def ended(self, done: Ints, *cases: tuple[Flags, int, str], rest: tuple[int, str]) -> Rows:
        """Return a row for each suggestion, judged by `cases` where its period has ended."""
        clocks = self.clocks.of(REPLY)
        judged = choose(
            len(clocks),
            (self.clocks.withdrawn(clocks), OUT, "withdrawn"),
            (clocks.due == 0, OUT, "uncounted"),
            (clocks.due >= self.today, OUT, "running"),
            *cases,
            rest=rest,
        )
        on = np.where(clocks.due > 0, clocks.due, clocks.start)
        return made(clocks.case, on, judged, start=clocks.start, due=clocks.due, done=done)

    # Deadlines

    def deadlines(self, names: Sequence[str]) -> Rows:
        """Every clock of the rules named: met, missed, or not to be judged?"""
        parts = [self.clocks.of(name) for name in names]
        return judged_clocks(parts, names)

    def told(self) -> Rows:
        """Reports of the public: answered in time?"""
        letters = self.files.letters
        return judged_clocks([self.clocks.of_letters(LETTER, letters)], [LETTER], letters[:, 0])

    def rated(self) -> Rows:
        """Proposals whose proposers said what they think of the answer: satisfied?"""
        ratings = self.files.ratings
        judged = choose(
            len(ratings),
            *(
                (ratings[:, 2] == RATINGS.index(word), said, f"rated-{word}")
                for word, said in (("satisfied", HIT), ("mostly", HIT), ("not", MISS))
            ),
            rest=(OUT, "unsaid-rating"),
        )
        return made(ratings[:, 0], ratings[:, 1], judged, done=ratings[:, 1])


def judged_clocks(
    parts: Sequence[Columns], names: Sequence[str], units: Ints | None = None
) -> Rows:
    """Return a row for each clock, by whether it was met; `units` names what a clock belongs to."""
    clocks = joined(parts)
    state = clocks.state
    judged = choose(
        len(clocks),
        (state == STATE["in-time"], HIT, "met"),
        (state == STATE["late"], MISS, "late"),
        (state == STATE["overdue"], MISS, "overdue"),
        (state == STATE["void"], OUT, "void"),
        (state == STATE["unknown"], OUT, "uncounted"),
        (state == STATE["paused"], OUT, "paused"),
        rest=(OUT, "running"),
    )
    on = np.where(clocks.due > 0, clocks.due, clocks.start)
    days = {"start": clocks.start, "due": clocks.due, "done": clocks.ended}
    rule = np.repeat(np.arange(len(names)), [len(part) for part in parts])
    unit = clocks.case if units is None else units[clocks.case]
    found = made(unit, on, judged, rule=rule, **days)
    return replace(found, rules=tuple(names))
