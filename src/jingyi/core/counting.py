"""Statutory periods counted: the last day in time, and every step of how it was found.

The starting day is not counted. Months end on the day of the same number, or on the last day of a
shorter month. Only a last day that is a rest day moves, to the first day that is not one; a
weekend day that is worked is a workday. The articles that say so are cited from the rulebook.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from jingyi.core.arithmetic import Length, NotCountable, Span, end_of
from jingyi.core.calendars import DAY, WEEKDAYS, CalendarGap, RestDays
from jingyi.core.clock_rules import Period, Prolongation, Rule, RuleVersion, Track
from jingyi.core.law import Reading
from jingyi.core.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Extension:
    """A prolongation granted on `on`; `until` where the decision names the new last day."""

    kind: str
    on: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """`due` is the last day on which acting is in time; `due_raw` the same before it rolls.

    `steps` say how it was counted; `version` is the day the rule's version came into force;
    `settled` is false where the counting is our own reading.
    """

    rule_id: str
    version: date
    track: str
    started_on: date
    due_raw: date
    due: date
    steps: tuple[Sentence, ...]
    settled: bool
    spans: tuple[Span, ...] = ()
    due_at: datetime | None = None  # only where the period runs by the hour


def deadline(
    rule: Rule,
    *,
    started_on: date,
    calendar: RestDays,
    track: str = "",
    spans: Iterable[Span] = (),
    extensions: Iterable[Extension] = (),
) -> Deadline:
    """Return the last day in time for a clock of `rule` begun on `started_on`, with the reasons.

    Args:
        rule: from `rulebook.clock`.
        started_on: day of the starting event; a datetime where the period runs by the hour.
        calendar: from `rulebook.rest_days`.
        track: a track of the version in force; its first one if empty.
        spans: days to leave out, each of a kind the rule knows.
        extensions: prolongations granted, in any order.

    Raises:
        RuleNotInForce: no version covers `started_on`.
        CalendarGap: the end falls outside the announced calendar; `raw` is the end unrolled.
        NotCountable: the rule has no such track, pause or extension, or not at that time.
    """
    start = started_on.date() if isinstance(started_on, datetime) else started_on
    version = rule.version_on(start)
    chosen = _track(rule, version, track)
    if chosen.period.hours:
        return _by_the_hour(rule, version, chosen, started_on)
    if version.counts_back:
        return _counted_back(rule, version, chosen, start)
    counted = _Counted(rule, version, start, calendar, chosen)
    happened: list[Span | Extension] = [*spans, *extensions]
    for item in sorted(happened, key=_begun):
        if isinstance(item, Span):
            counted.leave_out(item)
        else:
            counted.prolong(item)
    raw = counted.end
    try:
        due = counted.roll()
    except CalendarGap as gap:
        raise CalendarGap(gap.day, calendar, raw) from None
    return Deadline(
        rule_id=rule.id,
        version=version.in_force_from,
        track=chosen.id,
        started_on=start,
        due_raw=raw,
        due=due,
        steps=(*counted.steps, *_doubts([version.reading, *counted.readings])),
        settled=version.reading.settled,
        spans=tuple(counted.moved),
    )


# ---------------------------------------------------------------- the counting itself


def _begun(item: Span | Extension) -> tuple[date, bool, date]:
    """Sort by the day something began; of one day first the spans, the shorter before the longer."""
    if isinstance(item, Span):
        return item.first, False, item.last
    return item.on, True, item.on


def _track(rule: Rule, version: RuleVersion, wanted: str) -> Track:
    if not wanted:
        return next(iter(version.tracks.values()))
    if wanted not in version.tracks:
        raise NotCountable(
            "“{rule}”没有“{track}”这一情形；可选：{tracks}。",
            rule=rule.title,
            track=wanted,
            tracks="、".join(version.tracks),
        )
    return version.tracks[wanted]


class _Counted:
    """One period on its way to its last day: what has been added and left out, and the steps."""

    def __init__(
        self, rule: Rule, version: RuleVersion, start: date, calendar: RestDays, track: Track
    ) -> None:
        period = track.period
        self.rule = rule
        self.version = version
        self.track = track
        self.start = start
        self.calendar = calendar
        self.length = Length.of(period)
        self.spans: list[Span] = []
        self.moved: list[Span] = []  # the spans that made a difference
        self.granted: list[str] = []
        self.readings: list[Reading] = []
        self.steps = self.bareend_of(period)

    @property
    def end(self) -> date:
        return end_of(self.length, self.start, self.spans, self.calendar)

    def end_on(self, day: date) -> date:
        """Return the end as it stood on `day`: what is still left out then pushes it on later."""
        so_far = [
            Span(span.kind, span.first, min(span.last, day))
            for span in self.spans
            if span.first <= day
        ]
        return end_of(self.length, self.start, so_far, self.calendar)

    def bareend_of(self, period: Period) -> list[Sentence]:
        """Say where the period starts, how long it is and where it would end by itself."""
        counting = self.version.counting
        end = end_of(self.length, self.start, (), self.calendar)
        steps = [
            say(
                "自 {day} 起算，当日不计入（{source}）",
                day=self.start,
                source=str(counting.start_day),
            ),
            say(
                "{source}：期限为 {period}，至 {end}（{weekday}）",
                source=str(self.version.cites(self.track)),
                period=period.sentence,
                end=end,
                weekday=WEEKDAYS[end.weekday()],
            ),
        ]
        if period.months and end.day != self.start.day:
            steps.append(
                say(
                    "到期月没有与起算日对应的日，以月末日 {end} 为最后一日（{source}）",
                    end=end,
                    source=str(counting.month_end),
                )
            )
        return steps

    def leave_out(self, span: Span) -> None:
        """Leave out the days of `span`, and say what that did."""
        pause = self.version.pauses.get(span.kind)
        if pause is None:
            raise NotCountable(
                "“{rule}”没有“{kind}”这种不计入期限的事由；可选：{kinds}。",
                rule=self.rule.title,
                kind=span.kind,
                kinds="、".join(self.version.pauses) or say("无"),
            )
        before = self.end
        self.spans.append(span)
        said = {"first": span.first, "last": span.last, "title": pause.title}
        if self.end == before:
            self.steps.append(say("{first} 至 {last} 的{title}不在期限之内，不影响期限", **said))
            return
        self.moved.append(span)
        self.readings.append(pause.reading)
        self.steps.append(
            say(
                "{first} 至 {last} 为{title}，其中 {n} 日不计入（{source}），顺延至 {end}",
                **said,
                n=(self.end - before).days,
                source=str(pause.source),
                end=self.end,
            )
        )

    def prolong(self, extension: Extension) -> None:
        """Add what was granted, if the rule allows it then."""
        allowed = self.allowed(extension)
        end = self.end_on(extension.on)
        if extension.on > end and extension.on > self.calendar.first_workday(end):
            raise NotCountable(
                "{on} 的“{title}”在期限 {end} 届满之后，届满后不能再延长。请核对批准日期。",
                on=extension.on,
                title=allowed.title,
                end=end,
            )
        adds = _until(allowed, extension.until, end) if extension.until else allowed.adds
        self.length = self.length.plus(adds)
        self.granted.append(extension.kind)
        self.readings.append(allowed.reading)
        self.steps.append(
            say(
                "{on} {title}，延长至 {end}（{source}）",
                on=extension.on,
                title=allowed.title,
                end=self.end,
                source=str(allowed.source),
            )
        )

    def allowed(self, extension: Extension) -> Prolongation:
        """Return the rule's own word on this kind of extension, or refuse."""
        allowed = self.version.extensions.get(extension.kind)
        if allowed is None:
            raise NotCountable(
                "“{rule}”不能以“{kind}”延长；可选：{kinds}。",
                rule=self.rule.title,
                kind=extension.kind,
                kinds="、".join(self.version.extensions) or say("无"),
            )
        if allowed.most and self.granted.count(extension.kind) >= allowed.most:
            raise NotCountable(
                "“{title}”至多 {most} 次（{source}）。仍需延长的，请报上一级人民检察院。",
                title=allowed.title,
                most=allowed.most,
                source=str(allowed.source),
            )
        for kind in allowed.after:
            if kind not in self.granted:
                raise NotCountable(
                    "“{title}”之前须先有“{earlier}”（{source}）。",
                    title=allowed.title,
                    earlier=self.version.extensions[kind].title,
                    source=str(allowed.source),
                )
        return allowed

    def roll(self) -> date:
        """Return the first day from the end on that is no rest day, naming each one passed over."""
        raw = self.end
        if not self.version.roll_off_rest_days:
            return raw
        due = self.calendar.first_workday(raw)
        day = raw
        while day < due:
            self.steps.append(say("{day} 为休假日（{why}）", day=day, why=self.calendar.why(day)))
            day += DAY
        if due != raw:
            source = str(self.version.counting.roll)
            self.steps.append(
                say("期限顺延至休假日后的第一日 {due}（{source}）", due=due, source=source)
            )
        elif raw in self.calendar.make_up:
            self.steps.append(say("{day} 虽为周末，但为调休上班日，不顺延", day=raw))
        return due


def _doubts(readings: Iterable[Reading]) -> list[Sentence]:
    """Say, once each, which readings a date rests on that nobody has confirmed."""
    return [
        say("以上算法为推定，尚待确认：{reading}", reading=reading.sentence)
        for reading in dict.fromkeys(readings)
        if not reading.settled
    ]


def _until(allowed: Prolongation, until: date, end: date) -> Period:
    """Return what has to be added for the period to end on the day the decision names."""
    if not allowed.may_name_end:
        raise NotCountable(
            "“{title}”的长度由条文规定，不能另定截止日（{source}）。请只填批准日期。",
            title=allowed.title,
            source=str(allowed.source),
        )
    if until <= end:
        raise NotCountable(
            "“{title}”定的截止日 {until} 不晚于现有期限 {end}，延长不能缩短期限。请核对决定书。",
            title=allowed.title,
            until=until,
            end=end,
        )
    return Period(days=(until - end).days)


def _counted_back(rule: Rule, version: RuleVersion, track: Track, start: date) -> Deadline:
    """Count days back from an event to come; such a day does not roll, or it would be too late."""
    end = start - timedelta(days=track.period.days)
    steps = (
        say(
            "自 {day} 向前计算，当日不计入（{source}）",
            day=start,
            source=str(version.counting.start_day),
        ),
        say(
            "{source}：最迟在 {period}之前，即 {end}（{weekday}）",
            source=str(version.cites(track)),
            period=track.period.sentence,
            end=end,
            weekday=WEEKDAYS[end.weekday()],
        ),
    )
    return _unmoved(rule, version, track, start=start, end=end, steps=steps)


def _by_the_hour(rule: Rule, version: RuleVersion, track: Track, started_on: date) -> Deadline:
    """Count a period of hours from the moment itself; it neither rolls nor pauses."""
    if not isinstance(started_on, datetime):
        raise NotCountable(
            "“{rule}”按小时计算，须写明起算的时刻（如 2026-08-03T09:30）。", rule=rule.title
        )
    end = started_on + timedelta(hours=track.period.hours)
    steps = [
        say(
            "自 {at} 起算（{source}）",
            at=started_on.isoformat(" ", "minutes"),
            source=str(version.counting.hours),
        ),
        say(
            "{source}：期限为 {period}，至 {end}",
            source=str(version.cites(track)),
            period=track.period.sentence,
            end=end.isoformat(" ", "minutes"),
        ),
    ]
    days = {"start": started_on.date(), "end": end.date()}
    return replace(_unmoved(rule, version, track, **days, steps=steps), due_at=end)


def _unmoved(
    rule: Rule,
    version: RuleVersion,
    track: Track,
    *,
    start: date,
    end: date,
    steps: Iterable[Sentence],
) -> Deadline:
    """Return a last day that neither rolls nor was paused."""
    return Deadline(
        rule_id=rule.id,
        version=version.in_force_from,
        track=track.id,
        started_on=start,
        due_raw=end,
        due=end,
        steps=(*steps, *_doubts([version.reading])),
        settled=version.reading.settled,
    )
