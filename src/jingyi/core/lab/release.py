"""A batch and its controls: which results are released, and which control holds the others.

A control that fails holds every result it covers: the same item, and the same lot if it names one.
A calibration check covers what lies between it and its neighbours, so that a failed one holds all
from the last good check to the next good one. A control that is needed and not there holds as well.
Nothing in a batch mends it: what was held is measured again, in a batch of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from jingyi.core.lab.control import Checked, Control, Kit, Spike, check
from jingyi.core.lab.control_rules import KINDS, Limit, Need, Rules
from jingyi.core.words import Sentence, say

CHECK = "calibration-check"


@dataclass(frozen=True, slots=True)
class Result:
    """A sample's result that waits for release: its item, place in the order, and lot of the kit."""

    ref: str
    item: str
    position: int = 0
    kit: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """What was measured together by one method. `technique`: instrument, meter or strip."""

    technique: str
    method: str
    on: date
    results: tuple[Result, ...]
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """What holds a result: a control that failed, or (no `control`) one that is missing."""

    kind: str
    because: Sentence
    control: str = ""

    @property
    def failed(self) -> bool:
        return bool(self.control)


@dataclass(frozen=True, slots=True)
class Ruled:
    """A result that is released, or held with every reason, the failures first."""

    result: Result
    holds: tuple[Hold, ...]

    @property
    def released(self) -> bool:
        return not self.holds

    @property
    def failed(self) -> Sentence | None:
        """The first control that failed: the result is void."""
        return next((hold.because for hold in self.holds if hold.failed), None)

    @property
    def missing(self) -> Sentence | None:
        """The first control that is missing: nothing is said before it is there."""
        return next((hold.because for hold in self.holds if not hold.failed), None)


def checked(batch: Batch, rules: Rules) -> list[Checked]:
    """Return every control of the batch with whether it passes."""
    return [check(one, _limit(batch, one, rules), batch.on) for one in batch.controls]


def release(batch: Batch, rules: Rules) -> list[Ruled]:
    """Return for each result whether it is released, and what holds it if not.

    Raises:
        Refusal: a control has no limit in force, or cannot be computed.
    """
    controls = checked(batch, rules)
    missing = {key: _missing(batch, key, rules) for key in {_key(one) for one in batch.results}}
    ruled = []
    for result in batch.results:
        mine = [one for one in controls if covers(one.control, result)]
        holds = [_hold(one) for one in mine if not one.passed and one.control.kind != CHECK]
        needs = rules.needed(batch.technique, result.item, batch.method, batch.on)
        sides = _sides(needs)
        holds += _bracketed(result, [one for one in mine if one.control.kind == CHECK], sides)
        holds += missing[_key(result)]
        ruled.append(Ruled(result, tuple(sorted(holds, key=lambda hold: not hold.failed))))
    return ruled


def covers(control: Control, result: Result) -> bool:
    """Tell whether a control speaks for a result, its place aside.

    A result whose lot nobody wrote down is spoken for by every lot.
    """
    lot = control.reading.lot if isinstance(control.reading, Kit) else control.kit
    return control.item in {"", result.item} and (lot in {"", result.kit} or not result.kit)


def _key(result: Result) -> tuple[str, str]:
    return result.item, result.kit


def _limit(batch: Batch, control: Control, rules: Rules) -> Limit:
    trace = isinstance(control.reading, Spike) and control.reading.trace
    return rules.limit(
        control.kind, batch.technique, control.item, batch.method, batch.on, trace=trace
    )


def _hold(of: Checked) -> Hold:
    return Hold(of.control.kind, of.because, of.control.ref)


def _missing(batch: Batch, key: tuple[str, str], rules: Rules) -> list[Hold]:
    """Return what an item (and lot) of the batch needs and has not. Checks are seen to elsewhere."""
    item, kit = key
    like = Result("", item, 0, kit)
    samples = len({one.ref for one in batch.results if _key(one) == key})
    kinds = [one.kind for one in batch.controls if covers(one, like)]
    return [
        _lacking(need, kinds, samples)
        for need in rules.needed(batch.technique, item, batch.method, batch.on)
        if not need.bracket
        and not any(kinds.count(way.kind) >= way.needed(samples) for way in need.ways)
    ]


def _lacking(need: Need, kinds: Sequence[str], samples: int) -> Hold:
    way = need.ways[0]
    values = {"needed": way.needed(samples), "n": samples, "got": kinds.count(way.kind)}
    because = say(
        "缺{kind}：{n} 个样品应有 {needed} 个，现有 {got} 个。", kind=KINDS[way.kind], **values
    )
    if len(need.ways) > 1:
        other = need.ways[1]
        because = say(
            "缺{kind}或者{other}：{n} 个样品应有{kind} {needed} 个或者{other} {least} 个，"
            "现有{kind} {got} 个。",
            kind=KINDS[way.kind],
            other=KINDS[other.kind],
            least=other.needed(samples),
            **values,
        )
    return Hold(way.kind, because)


def _sides(needs: Iterable[Need]) -> str:
    return next((need.bracket for need in needs if need.bracket), "")


def _bracketed(result: Result, checks: Sequence[Checked], sides: str) -> list[Hold]:
    """Return the checks next to the result that failed, or that are not there.

    Where the rules ask for none, one that was made counts all the same.
    """
    before = [one for one in checks if one.control.position <= result.position]
    after = [one for one in checks if one.control.position > result.position]
    # Of two checks in one place the failed one counts.
    last = max(before, key=lambda one: (one.control.position, not one.passed), default=None)
    following = min(after, key=lambda one: (one.control.position, one.passed), default=None)
    holds = [_hold(one) for one in (last, following) if one is not None and not one.passed]
    if last is None and sides:
        holds.append(Hold(CHECK, say("测定之前没有校准核查。")))
    if following is None and sides == "both":
        holds.append(Hold(CHECK, say("测定之后没有校准核查。")))
    return holds
