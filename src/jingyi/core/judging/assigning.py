"""Who judges what: so many judges an entry, loads as even as can be, nobody in conflict.

What is already scored stays. Seats are filled by augmenting paths (Hopcroft and Karp's idea, one
path at a time): if any arrangement exists under the load, one is found; loads are raised by one
only when none exists.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from jingyi.core.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Assignment:
    """By entry, its judges in order of their names; `load` is the most that one judge has."""

    judges: Mapping[str, tuple[str, ...]]
    load: int


def assign(
    entries: Sequence[str],
    judges: Sequence[str],
    each: int,
    *,
    barred: Callable[[str, str], bool],
    kept: Iterable[tuple[str, str]] = (),
) -> Assignment:
    """Return an assignment.

    Args:
        entries, judges: names, each once.
        each: judges an entry.
        barred: tells whether (entry, judge) are in conflict.
        kept: pairs that stay because they are scored.

    Raises:
        Refusal: an entry has too few judges without a conflict.
    """
    seats: dict[str, set[str]] = {entry: set() for entry in entries}
    fixed = {(e, j) for e, j in kept if e in seats and not barred(e, j)}
    for entry, judge in fixed:
        seats[entry].add(judge)
    for entry in entries:
        free = sum(not barred(entry, judge) for judge in judges)
        if free < each:
            raise Refusal(
                "“{entry}”只有 {free} 位无须回避的评委，少于要求的 {each} 位。请增补评委。",
                entry=entry, free=free, each=each,
            )  # fmt: skip
    wanted = sum(max(each, len(of)) for of in seats.values())
    load = -(-wanted // max(len(judges), 1))
    held: dict[str, set[str]] = {judge: set() for judge in judges}
    for entry, judge in fixed:
        held.setdefault(judge, set()).add(entry)
    board = _Board(seats, held, fixed, barred)
    for entry in entries:
        while len(seats[entry]) < each:
            while not board.seat(entry, load, set()):
                load += 1  # the least load at which everybody has a seat
    most = max((len(of) for of in held.values()), default=0)
    return Assignment({entry: tuple(sorted(of)) for entry, of in seats.items()}, most)


@dataclass(slots=True)
class _Board:
    seats: dict[str, set[str]]
    held: dict[str, set[str]]
    fixed: set[tuple[str, str]]
    barred: Callable[[str, str], bool]

    def seat(self, entry: str, load: int, seen: set[str]) -> bool:
        """Give the entry one more judge, moving others along if need be; False if none can."""
        order = sorted(self.held, key=lambda judge: (len(self.held[judge]), judge))
        taken = self.seats[entry] | seen
        able = [j for j in order if j not in taken and not self.barred(entry, j)]
        for judge in able:
            if len(self.held[judge]) < load:
                self._take(entry, judge)
                return True
        for judge in able:
            if judge in seen:
                continue  # tried on the way that another opened
            seen.add(judge)
            for other in sorted(self.held[judge]):
                if (other, judge) in self.fixed:
                    continue
                self._drop(other, judge)
                if self.seat(other, load, seen):
                    self._take(entry, judge)
                    return True
                self._take(other, judge)
        return False

    def _take(self, entry: str, judge: str) -> None:
        self.seats[entry].add(judge)
        self.held[judge].add(entry)

    def _drop(self, entry: str, judge: str) -> None:
        self.seats[entry].discard(judge)
        self.held[judge].discard(entry)
