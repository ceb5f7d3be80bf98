"""The measures said once more, case by case, in the plainest way: what the columns are held to."""

from collections import defaultdict
from datetime import date

from jingyi.core import clocks, rulebook
from jingyi.core.clocks import Event

CN = rulebook.rest_days()
REPLY = "suggestion.reply"


def known(acts, by):
    """Return the live events of each case, from acts entered by a day; None: from all."""
    places = defaultdict(dict)
    for case, place, kind, on, until, track, mark, entered in acts:
        if by is not None and entered > by.toordinal():
            continue
        if kind:
            places[case][place] = (on, place, kind, until, track, mark)
        else:
            places[case].pop(place, None)
    return {case: sorted(events.values()) for case, events in places.items()}


def history(events):
    """Return a case's events for the clocks; a service has the track of the last decision."""
    found, urgent = [], False
    for on, _place, kind, until, track, _mark in events:
        data = {"until": date.fromordinal(until) if until else None}
        if kind == "suggestion.decided":
            urgent = track == "urgent"
        elif kind == "suggestion.served":
            data["track"] = "urgent" if urgent else "ordinary"
        elif track:
            data["track"] = track
        found.append(Event(kind, date.fromordinal(on), data))
    return found


def rows(acts, civil, *, on, by=None):
    """Return {set: sorted (case, day, result)} with result hit, miss or out."""
    found = defaultdict(list)
    for case, every in known(acts, by).items():
        events = [event for event in every if event[0] <= on.toordinal()]
        procedure = "civil" if civil[case] else "administrative"
        running = clocks.clocks_of(
            history(events), rules=rulebook.clocks(), procedure=procedure, calendar=CN, on=on
        )
        for name, day, result in _of_case(events, running, on, civil[case]):
            found[name].append((case, day.toordinal(), result))
    return {name: sorted(items) for name, items in found.items()}


def _of_case(events, running, on, is_civil):
    days = defaultdict(list)
    for day, _place, kind, _until, _track, mark in events:
        days[kind].append((date.fromordinal(day), mark))
    for day, mark in days["judgment.received"]:
        result = {"supported": "hit", "partly": "miss", "refused": "miss"}.get(mark, "out")
        yield "judgment", day, result
    closed = [event for event in events if event[2] in {"case.terminated", "case.concluded"}]
    if closed:
        visits = days["lookback.done"]
        mark = visits[-1][1] if visits else ""
        result = {"relapsed": "hit", "held": "miss"}.get(mark, "out")
        yield "relapse", date.fromordinal(closed[-1][0]), result
    if days["case.filed"] and not is_civil:
        yield "consultation", days["case.filed"][0][0], _consulted(days)
    started = [clock for clock in running if clock.started_on]
    for clock in started:
        yield f"deadline {clock.rule.id}", clock.due or clock.started_on, _met(clock)
    replies = [clock for clock in started if clock.rule.id == REPLY]
    for n, clock in enumerate(replies):
        gone = n + 1 < len(replies) or any(
            day >= clock.started_on for day, _ in days["suggestion.withdrawn"]
        )
        yield from _suggestion(clock, gone, events, on)


def _suggestion(clock, gone, events, on):
    def since(*kinds):
        return [
            kind
            for day, _place, kind, *_ in events
            if kind in kinds and day >= clock.started_on.toordinal()
        ]

    checks = since("verification.passed", "verification.failed")
    seen = "hit" if checks or since("followup.done") else "miss"
    yield "followup", clock.started_on, "out" if gone else seen
    ended = not gone and clock.due and clock.due < on
    passed = bool(checks) and checks[-1] == "verification.passed"
    day = clock.due or clock.started_on
    yield "rectified", day, ("hit" if passed else "miss") if ended else "out"
    yield "suit", day, ("hit" if since("case.sued") else "miss") if ended else "out"


def _consulted(days):
    if days["suggestion.decided"]:
        return "miss"
    if days["case.terminated"]:
        talked, ended = days["consultation.held"], days["case.terminated"]
        return "hit" if talked and talked[0][0] <= ended[0][0] else "miss"
    return "out" if days["case.transferred"] else "miss"


def _met(clock):
    return {"in-time": "hit", "late": "miss", "overdue": "miss"}.get(clock.state, "out")
