"""The ledger of what stopped or lengthened a case's clocks: why, on whose word, by which paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jingyi.core.casefile import Law
from jingyi.core.clock_rules import Pause, Prolongation
from jingyi.core.words import Sentence
from jingyi.web.cases.models import Event


@dataclass(slots=True)
class Halt:
    """Days left out, or an extension granted. `last` is None while it goes on."""

    event: Event
    what: Pause | Prolongation
    rules: list[Sentence]  # the clocks it can move
    last: date | None = None
    ending: Event | None = None

    @property
    def extends(self) -> bool:
        return isinstance(self.what, Prolongation)

    @property
    def days(self) -> int | None:
        """How many days it has left out; None while it goes on, and for an extension."""
        return (self.last - self.event.on).days + 1 if self.last else None


def halts(law: Law, events: Iterable[Event]) -> list[Halt]:
    """Return every pause and extension on file, oldest first; an end closes the oldest open one."""
    pauses: dict[str, tuple[Pause, list[Sentence]]] = {}
    ends: dict[str, Pause] = {}
    extensions: dict[str, tuple[Prolongation, list[Sentence]]] = {}
    for rule in law.rules:
        if law.procedure.track not in rule.procedures:
            continue
        latest = rule.versions[-1]
        for pause in latest.pauses.values():
            pauses.setdefault(pause.begins, (pause, []))[1].append(rule.title)
            ends[pause.ends] = pause
        for extension in latest.extensions.values():
            extensions.setdefault(extension.event, (extension, []))[1].append(rule.title)
    found: list[Halt] = []
    for event in sorted(events, key=lambda one: (one.on, one.place)):
        if event.kind in pauses:
            found.append(Halt(event, *pauses[event.kind]))
        elif event.kind in extensions:
            found.append(Halt(event, *extensions[event.kind]))
        elif event.kind in ends:
            begins = ends[event.kind].begins
            going = (one for one in found if one.event.kind == begins and not one.ending)
            if one := next(going, None):
                one.ending = event
                one.last = date.fromordinal(
                    event.on.toordinal() - (not ends[event.kind].through_end)
                )
    return found
