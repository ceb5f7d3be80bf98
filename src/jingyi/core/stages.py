"""Where a case stands on the line of its track: the stages gone through, the one now, those ahead."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from jingyi.core.words import Sentence

Mark = Literal["past", "skipped", "now", "ahead"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stop on the line of a track, and the states in which a case is there."""

    id: str
    title: Sentence
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """A stage as one case stands to it.

    `since` is the day the case came there: the last time, where it stands now; the first, where it
    has gone on from; None where it has not been.
    """

    stage: Stage
    mark: Mark
    since: date | None


def line(stages: Sequence[Stage], passed: Iterable[tuple[str, date]]) -> tuple[Stop, ...]:
    """Return the stages of a track, in order, as a case stands to them.

    Args:
        stages: those of the track, each state in one at most.
        passed: the states the case has been in, oldest first, with the day each began. States that
            no stage names (moved or merged away) leave it where it was.
    """
    place = {state: number for number, stage in enumerate(stages) for state in stage.states}
    first: dict[int, date] = {}
    now, since = 0, None
    for state, day in passed:
        if state not in place:
            continue
        if place[state] != now or since is None:
            now, since = place[state], day
        first.setdefault(now, day)
    return tuple(
        Stop(stage, "now", since) if number == now else _stop(stage, number, now, first)
        for number, stage in enumerate(stages)
    )


def _stop(stage: Stage, number: int, now: int, first: Mapping[int, date]) -> Stop:
    if number > now:
        return Stop(stage, "ahead", None)
    return Stop(stage, "past" if number in first else "skipped", first.get(number))
