"""Reads the procedures of rulebook/states.toml and states/ into values; every slip is refused."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from jingyi.core.law import STATUSES, Instrument, read_source, titled
from jingyi.core.procedure import DECIDERS, KINDS, Ground, Need, Procedure, State, Transition
from jingyi.core.stages import Stage
from jingyi.core.tables import Table
from jingyi.core.words import Sentence

Item = TypeVar("Item")


class ProcedureReader:
    """Reads states.toml and the files of states/ as one: each name is declared once, in any."""

    def __init__(self, files: Sequence[Table], instruments: dict[str, Instrument]) -> None:
        self.instruments = instruments
        self.files = files
        self.tracks = self.each("track", lambda item: item)
        self.takes_back: dict[str, frozenset[str]] = {}
        self.events = self.each("event", self.event)
        self.states = self.each("state", lambda item: (item.texts("tracks"), self.state(item)))
        self.stages = self.each("stage", lambda item: (item.texts("tracks"), self.stage(item)))
        self.grounds = self.each("ground", lambda item: (item.texts("tracks"), self.ground(item)))
        self.steps = self.each("step", lambda item: (item.texts("tracks"), self.step(item)))
        for file in files:
            file.done()
        for name, gone in self.takes_back.items():
            if unknown := gone - self.events.keys():
                raise files[0].wrong(name, f"takes back {', '.join(sorted(unknown))}: not declared")

    def each(self, key: str, read: Callable[[Table], Item]) -> dict[str, Item]:
        """Read every `[[key]]` of every file, by id."""
        found: dict[str, Item] = {}
        for item in (item for file in self.files for item in file.tables(key)):
            name = item.text("id")
            if name in found:
                raise item.wrong("id", f"{name!r} is there twice")
            found[name] = read(item)
        return found

    def procedure(self, track: str) -> Procedure:
        item = self.tracks[track]
        found = Procedure(
            track,
            titled(item.text("title"), item.text("title_en")),
            item.text("first"),
            {state.id: state for tracks, state in self.states.values() if track in tracks},
            {step.id: step for tracks, step in self.steps.values() if track in tracks},
            {ground.id: ground for tracks, ground in self.grounds.values() if track in tracks},
            self.takes_back,
            tuple(stage for tracks, stage in self.stages.values() if track in tracks),
        )
        item.done()
        known = set(found.states)
        staged = [state for stage in found.stages for state in stage.states]
        shown = {state.id for state in found.states.values() if state.kind != "left"}
        if found.stages and (len(staged) != len(set(staged)) or set(staged) & known != shown):
            raise item.wrong("stage", "each state but those that leave is in one stage")
        for step in found.steps.values():
            if unknown := ({*step.starts_from, step.to or found.first} - known):
                raise item.wrong("step", f"{step.id} names {', '.join(sorted(unknown))}")
        return found

    def event(self, table: Table) -> Sentence:
        if gone := table.texts("takes_back", ()):
            self.takes_back[table.text("id")] = frozenset(gone)
        title = titled(table.text("title"), table.text("title_en"))
        table.done()
        return title

    def state(self, table: Table) -> State:
        state = State(
            table.text("id"),
            titled(table.text("title"), table.text("title_en")),
            table.one_of("kind", KINDS, "open"),
        )
        table.done()
        return state

    def stage(self, table: Table) -> Stage:
        title = titled(table.text("title"), table.text("title_en"))
        stage = Stage(table.text("id"), title, table.texts("states"))
        table.done()
        return stage

    def ground(self, table: Table) -> Ground:
        ground = Ground(
            table.text("id"),
            titled(table.text("title"), table.text("title_en")),
            read_source(table.table("source"), self.instruments),
            table.one_of("status", STATUSES),
        )
        table.day("confirmed_on")
        table.done()
        return ground

    def step(self, table: Table) -> Transition:
        step = Transition(
            id=table.text("id"),
            title=titled(table.text("title"), table.text("title_en")),
            starts_from=table.texts("from"),
            to=table.text("to", ""),
            event=table.text("event"),
            who=table.text("who"),
            decides=table.one_of("decides", frozenset(DECIDERS)),
            needs=tuple(self.need(item) for item in table.tables("needs")),
            bars=tuple(self.need(item) for item in table.tables("bars")),
            once=table.yes("once", default=False),
            source=read_source(table.table("source"), self.instruments),
            status=table.one_of("status", STATUSES),
        )
        table.day("confirmed_on")
        table.done()
        if step.event not in self.events:
            raise table.wrong("event", f"{step.event!r} is not declared")
        return step

    def need(self, table: Table) -> Need:
        need = Need(table.texts("any"), titled(table.text("title"), table.text("title_en")))
        table.done()
        known = self.events.keys() | self.grounds.keys()
        if unknown := set(need.any) - known:
            raise table.wrong("any", f"{', '.join(sorted(unknown))}: not declared")
        return need
