"""Rows of two tables that have no key in common, linked by names, days and places; with match weights.

Fellegi and Sunter (1969): weights of independent fields add up. An agreement weighs the rarity of
what agrees, a difference a constant. Names are compared by `core.linkage` (sound, shape, parts of a
company's name), so that what people mistype still meets. See ADR 7 for why this is our own.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from jingyi.core.linkage import characters, names, organisations
from jingyi.core.rulebook import raw
from jingyi.core.screening.model import Link, LinkField

PLACES = Decimal("0.0001")
NAMES = frozenset({"person", "organisation"})


@dataclass(frozen=True, slots=True)
class Linked:
    """A row of the left table, one of the right, their match weight in bits and its probability."""

    left: int
    right: int
    weight: Decimal
    probability: Decimal


@cache
def rule() -> Mapping[str, Any]:
    """Return rulebook/screening/linking.toml."""
    return raw("screening/linking.toml")


def linked(
    link: Link, left: Sequence[Mapping[str, Any]], right: Sequence[Mapping[str, Any]]
) -> list[Linked]:
    """Return the pairs of rows that may be one, in the order of their rows.

    Args:
        left, right: rows with `row` and the columns of the link's fields.
    """
    first = next(one for one in link.fields if one.kind in NAMES)
    ours, theirs = _rows(left, first.left), _rows(right, first.right)
    weighers = [_Field(one, right) for one in link.fields]
    prior = math.log2(max(len(left), len(right), int(rule()["population"][first.kind])))
    found = []
    for mine, other in _candidates(ours, theirs, first.kind):
        for one in ours[mine]:
            for two in theirs[other]:
                weight = sum(each.weight(one, two) for each in weighers)
                if weight >= rule()["listed_below"]:
                    found.append(_pair(one["row"], two["row"], weight, prior))
    return sorted(found, key=lambda one: (one.left, one.right))


def _pair(left: int, right: int, weight: float, prior: float) -> Linked:
    odds = 2.0 ** min(max(weight - prior, -60), 60)
    return Linked(
        left, right, Decimal(f"{weight:.4f}"), Decimal(f"{odds / (1 + odds):.4f}").quantize(PLACES)
    )


def _rows(rows: Iterable[Mapping[str, Any]], column: str) -> dict[str, list[Mapping[str, Any]]]:
    """Return rows by their folded name; one without a name meets nobody."""
    found = defaultdict(list)
    for row in rows:
        if name := characters.fold(str(row.get(column) or "")):
            found[name].append(row)
    return found


def _candidates(ours: Iterable[str], theirs: Iterable[str], kind: str) -> list[tuple[str, str]]:
    """Return pairs of names worth comparing: equal ones, and those that share a rare enough key."""
    by_key: dict[str, list[str]] = defaultdict(list)
    for name in theirs:
        for key in _keys(name, kind):
            by_key[key].append(name)
    most = rule()["most_posting"]
    found = []
    for name in ours:
        meets = {
            other
            for key in _keys(name, kind)
            for other in by_key.get(key, ())
            if len(by_key[key]) <= most
        }
        meets |= {name} & set(by_key.get(name, ()))
        found += [(name, other) for other in sorted(meets)]
    return found


@cache
def _keys(name: str, kind: str) -> frozenset[str]:
    """Return what a name is found by: itself, pairs of letters of the brand, pairs of sounds of a person's."""
    if kind == "organisation":
        told = organisations.split(name)
        brand = told.brand or name
        pairs = {brand[n : n + 2] for n in range(max(len(brand) - 1, 1))}
        return frozenset({name, *pairs})
    sounds = [sorted(characters.sounds(one)) or [one] for one in name]
    pairs = {
        f"{n}:{a} {b}" for n in range(len(sounds) - 1) for a in sounds[n] for b in sounds[n + 1]
    }
    ends = {f"^{a}${b}" for a in sounds[0] for b in sounds[-1]} if len(sounds) > 2 else set()
    return frozenset({name, *pairs, *ends})


class _Field:
    """Weighs one field of a pair; how rare a value is, is counted once."""

    def __init__(self, field: LinkField, right: Sequence[Mapping[str, Any]]) -> None:
        self.field = field
        values = [_plain(row.get(field.right)) for row in right]
        self.counts = Counter(value for value in values if value)
        self.total = max(len(values), int(rule()["population"][field.kind]))
        self.pairs = _pair_counts(self.counts) if field.kind == "text" else Counter()

    def weight(self, one: Mapping[str, Any], two: Mapping[str, Any]) -> float:
        a, b = one.get(self.field.left), two.get(self.field.right)
        if a in {None, ""} or b in {None, ""}:
            return 0.0
        worth = math.log2(self.total / max(self.counts[_plain(b)], 1))
        match self.field.kind:
            case "date":
                return _day(a, b, worth)
            case "text":
                return self._text(_plain(a), _plain(b), worth)
            case _:
                return _name(_plain(a), _plain(b), worth)

    def _text(self, a: str, b: str, worth: float) -> float:
        """Return the weight by the share of rare pairs of letters in common."""
        ours, theirs = _pairs_of(a), _pairs_of(b)
        bits = {pair: math.log2(self.total / max(self.pairs[pair], 1)) for pair in ours | theirs}
        smaller = min(sum(bits[one] for one in ours), sum(bits[one] for one in theirs))
        share = sum(bits[one] for one in ours & theirs) / smaller if smaller else 0.0
        return worth * share if share >= rule()["alike_text"] else -float(rule()["differs"])


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else characters.fold(str(value or ""))


def _pairs_of(text: str) -> frozenset[str]:
    return frozenset(text[n : n + 2] for n in range(max(len(text) - 1, 1)))


def _pair_counts(values: Counter[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for value, n in values.items():
        for pair in _pairs_of(value):
            found[pair] += n
    return found


@cache
def _score(a: str, b: str) -> float:
    return names.compare(a, b).score


def _name(a: str, b: str, worth: float) -> float:
    score, told = _score(a, b), names.weights()
    if score >= told["same"]:
        return worth * score
    return -float(rule()["likely"] if score >= told["ask"] else rule()["differs"])


def _day(a: Any, b: Any, worth: float) -> float:
    if a == b:
        return worth
    one, other = (value.strftime("%Y%m%d") for value in (a, b))
    off = sum(x != y for x, y in zip(one, other, strict=True))
    swapped = one[:4] == other[:4] and one[4:6] == other[6:] and one[6:] == other[4:6]
    return worth * rule()["near"] if off == 1 or swapped else -float(rule()["differs"])
