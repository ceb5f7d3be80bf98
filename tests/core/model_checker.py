"""Every course a case could take by the data of its track, walked exhaustively.

A node is a state with the facts on file. Its edges are the steps open there, and the running out of
any period whose starting event stands: the day is left out, so whatever a calendar could bring
about is among the courses. A ground is chosen with the step that wants one.

Only facts that can still make a difference are kept, which changes no answer:

- a step that leaves the state as it is, and enters or takes back nothing that another step asks
  for, is left out together with what only it asks for: courses with and without it go the same way
  (`Model.cone`). That each of these can be taken is asked of a model that keeps it;
- facts that every need, bar and taking back names together are one fact;
- in each state a fact is dropped that every way on takes back or enters anew before a step asks for
  it (the live variables of a compiler, solved to their least fixed point).

What is left is finite and small, and the walk ends when no node is new: nothing is bounded.
"""

from collections import deque
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field

from jingyi.core.clock_rules import Rule
from jingyi.core.procedure import Procedure, Transition

PASSED = "verification.passed"
UNDONE = {"verification.failed", "lookback.relapsed"}  # after these no earlier verification counts
PROOF = "the last word is that it was rectified"  # kept here, whatever the data takes back
Node = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Move:
    """A step as the walk takes it; sets of facts are bits of one number."""

    name: str
    to: str
    needs: tuple[int, ...]
    chosen: tuple[int, ...]  # needs a ground can meet, by the facts that could meet them as well
    bars: int
    clears: int
    sets: int
    tests: int
    closes: bool


@dataclass(slots=True)
class Walk:
    """What the walk found."""

    before: dict[Node, list[Node]]  # each node, and those one step before it
    taken: set[str] = field(default_factory=set)
    unproved: set[str] = field(default_factory=set)  # steps that closed a case without proof

    def reached(self) -> set[str]:
        return {state for state, _ in self.before}

    def lost(self, goal: Container[str]) -> set[str]:
        """Return the states in which some case can never come to a state of `goal` any more."""
        found = {node for node in self.before if node[0] in goal}
        waiting = list(found)
        while waiting:
            for node in self.before[waiting.pop()]:
                if node not in found:
                    found.add(node)
                    waiting.append(node)
        return {state for state, _ in self.before.keys() - found}


class Model:
    """One track and the periods that run in it."""

    def __init__(self, track: Procedure, rules: Iterable[Rule], *, about: str = "") -> None:
        """Keep what moves a case, what bears on that, and the step `about`."""
        self.track = track
        self.ends = {
            rule.expires: rule.starts
            for rule in rules
            if rule.expires and track.track in rule.procedures
        }
        self.steps, facts = self.cone(about)
        twins = {name: self.asked_as(name) for name in sorted(facts)}
        places = {one: n for n, one in enumerate(dict.fromkeys(twins.values()))}
        self.bits = {name: 1 << places[one] for name, one in twins.items()}
        self.moves: dict[str, list[Move]] = {name: [] for name in track.states}
        for step in self.steps:
            for name in step.starts_from:
                self.moves[name].append(self.move(step, name))
        self.live = self.live_facts()
        self.periods = {
            state: [
                (self.mask([end]), self.mask(starts))
                for end, starts in self.ends.items()
                if self.mask([end]) & self.live[state]
            ]
            for state in track.states
        }

    def cone(self, about: str) -> tuple[list[Transition], set[str]]:
        """Return the steps that matter and the facts they ask for."""
        steps = self.track.steps.values()
        kept = [step for step in steps if step.to or step.id == about]
        while True:
            facts = {PASSED, PROOF}
            for step in kept:
                facts |= {name for one in (*step.needs, *step.bars) for name in one.any}
                facts |= {step.event} if step.once else set()
            facts -= self.track.grounds.keys()
            facts |= {name for end in facts & self.ends.keys() for name in self.ends[end]}
            more = [
                step
                for step in steps
                if step in kept
                or facts & ({step.event} | self.track.takes_back.get(step.event, frozenset()))
                or step.event in UNDONE
            ]
            if len(more) == len(kept):
                return kept, facts
            kept = more

    def asked_as(self, name: str) -> tuple[object, ...]:
        """Return all that can be told of a fact by the steps; those told alike share a bit."""
        alone = name in self.ends or any(name in starts for starts in self.ends.values())
        if (
            alone
            or name in (PASSED, PROOF)
            or any(step.once and step.event == name for step in self.steps)
        ):
            return (name,)
        asked = [
            (step.id, n)
            for step in self.steps
            for n, one in enumerate((*step.needs, *step.bars))
            if name in one.any
        ]
        ended = sorted(event for event, gone in self.track.takes_back.items() if name in gone)
        return (*asked, *ended)

    def mask(self, names: Iterable[str]) -> int:
        return sum({self.bits[name] for name in names if name in self.bits})

    def move(self, step: Transition, state: str) -> Move:
        grounds = self.track.grounds.keys()
        own = self.mask([step.event])
        closed = [need for need in step.needs if not grounds.isdisjoint(need.any)]
        needs = [self.mask(need.any) for need in step.needs if need not in closed]
        bars = self.mask(name for bar in step.bars for name in bar.any) | (own if step.once else 0)
        kinds = self.track.states
        closes = bool(step.to) and (kinds[state].kind, kinds[step.to].kind) == ("open", "closed")
        return Move(
            name=step.id,
            to=step.to or state,
            needs=tuple(needs),
            chosen=tuple(self.mask(need.any) for need in closed),
            bars=bars,
            clears=self.mask(self.track.takes_back.get(step.event, ()))
            | (self.bits[PROOF] if step.event in UNDONE else 0),
            sets=own | (self.bits[PROOF] if step.event == PASSED else 0),
            tests=self.all_of(needs) | bars | (self.bits[PROOF] if closes else 0),
            closes=closes,
        )

    @staticmethod
    def all_of(masks: Iterable[int]) -> int:
        found = 0
        for mask in masks:
            found |= mask
        return found

    def live_facts(self) -> dict[str, int]:
        """Return, for each state, the facts that a step can still ask for."""
        live = dict.fromkeys(self.track.states, 0)
        changed = True
        while changed:
            changed = False
            for state, moves in self.moves.items():
                asked = self.all_of(
                    move.tests | self.all_of(move.chosen) | live[move.to] & ~(move.clears | move.sets)
                    for move in moves
                )  # fmt: skip
                ends = [end for end in self.ends if self.mask([end]) & (asked | live[state])]
                asked |= self.all_of(self.mask(self.ends[end]) for end in ends)
                if asked & ~live[state]:
                    live[state] |= asked
                    changed = True
        return live

    def onward(self, state: str, facts: int) -> Iterator[tuple[Move | None, Node]]:
        """Yield every way on from a node; None for the passing of time."""
        for move in self.moves[state]:
            if facts & move.bars:
                continue
            for need in move.needs:
                if not facts & need:
                    break
            else:
                after = facts & ~move.clears | move.sets
                yield move, (move.to, after & self.live[move.to])
        for end, starts in self.periods[state]:
            if facts & starts and not facts & end:
                yield None, (state, facts | end)

    def walk(self) -> Walk:
        """Take every course."""
        first = (self.track.first, 0)
        before: dict[Node, list[Node]] = {first: []}
        found = Walk(before)
        waiting = deque([first])
        while waiting:
            node = waiting.popleft()
            for move, then in self.onward(*node):
                if move:
                    found.taken.add(move.name)
                    proved = node[1] & self.bits[PROOF] or any(
                        not node[1] & need for need in move.chosen
                    )
                    if move.closes and not proved:
                        found.unproved.add(move.name)
                if then not in before:
                    before[then] = []
                    waiting.append(then)
                before[then].append(node)
        return found

    def can_take(self, name: str) -> bool:
        """Tell whether some course takes the step."""
        waiting = [(self.track.first, 0)]
        seen = set(waiting)
        while waiting:
            for move, then in self.onward(*waiting.pop()):
                if move and move.name == name:
                    return True
                if then not in seen:
                    seen.add(then)
                    waiting.append(then)
        return False
