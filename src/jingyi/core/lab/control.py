"""One control: what was read, and whether it passes.

Values are numbers in the unit of the item; a value below the detection limit is `None` (a blank) or
marked (`unseen`). What passes is data (rulebook/lab/control.toml); the arithmetic is here.
"""

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from jingyi.core.lab.control_rules import KINDS, Limit
from jingyi.core.lab.verdicts import Sign
from jingyi.core.lab.westgard import REJECT, WARNING, Judged
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank against the detection limit; `value` None: nothing was seen."""

    value: float | None
    lod: float


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two results of one sample; `unseen` of them (0 to 2) were below the limit given as value."""

    first: float
    second: float
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class SignDuplicate:
    """Two signs of one sample."""

    first: Sign
    second: Sign


@dataclass(frozen=True, slots=True)
class Spike:
    """A sample measured with and without an added amount, all as concentrations.

    `trace`: the amount is near the detection limit, where wider limits hold.
    """

    without: float
    spiked: float
    added: float
    trace: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference material: what was measured, the certified value and its expanded uncertainty."""

    value: float
    certified: float
    expanded: float


@dataclass(frozen=True, slots=True)
class Check:
    """A calibration point measured again."""

    value: float
    nominal: float


@dataclass(frozen=True, slots=True)
class Instrument:
    """The instrument's own check, and the last day on which its calibration is valid."""

    passed: bool
    valid_to: date


@dataclass(frozen=True, slots=True)
class Kit:
    """A lot of reagents or strips and its last day."""

    lot: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class Shown:
    """What a positive or a negative control showed; None: no control line, nothing to be read."""

    sign: Sign | None


Reading = (
    Blank
    | Duplicate
    | SignDuplicate
    | Spike
    | Reference
    | Check
    | Instrument
    | Kit
    | Shown
    | Judged
)
_FITS: dict[str, tuple[type, ...]] = {
    "method-blank": (Blank,),
    "field-blank": (Blank,),
    "duplicate": (Duplicate, SignDuplicate),
    "spike": (Spike,),
    "reference": (Reference,),
    "calibration-check": (Check,),
    "instrument-check": (Instrument,),
    "kit": (Kit,),
    "positive": (Shown,),
    "negative": (Shown,),
    "chart": (Judged,),
}


@dataclass(frozen=True, slots=True)
class Control:
    """One control of a batch.

    Args:
        ref: its number on the worksheet.
        kind: one of `KINDS`.
        reading: what was read.
        item: the item it is for; empty: every item of the batch (an instrument's check, a kit).
        position: its place in the order of measuring.
        kit: the lot it was done with; empty: whatever the lot.
    """

    ref: str
    kind: str
    reading: Reading
    item: str = ""
    position: int = 0
    kit: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise Refusal(
                "没有“{kind}”这种质控，可选：{kinds}。", kind=self.kind, kinds="、".join(KINDS)
            )
        if not isinstance(self.reading, _FITS[self.kind]):
            raise TypeError(f"{self.kind} is not read as {type(self.reading).__name__}")


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a control passes, and the sentence that says what was read and what it had to keep."""

    control: Control
    passed: bool
    because: Sentence


def relative_deviation(a: float, b: float) -> float:
    """Return the relative deviation of two results in percent: their difference by their sum."""
    return 0.0 if a == b else abs(a - b) / (abs(a) + abs(b)) * 100


def recovery(of: Spike) -> float:
    """Return the recovery of what was added, in percent.

    Raises:
        Refusal: nothing was added.
    """
    if not of.added > 0:
        raise Refusal("加标量应当大于零，现在是 {added}。请核对加标记录。", added=of.added)
    return (of.spiked - of.without) / of.added * 100


def check(control: Control, limit: Limit, on: date) -> Checked:
    """Return whether a control passes on the day of its batch."""
    passed, finding = _finding(control, limit, on)
    because = say(
        "{kind} {ref}：{finding}", kind=KINDS[control.kind], ref=control.ref, finding=finding
    )
    return Checked(control, passed, because)


def _finding(  # noqa: C901, PLR0911 -- one line for each kind of reading
    control: Control, limit: Limit, on: date
) -> tuple[bool, Sentence]:
    match control.reading:
        case Blank() as blank:
            return _blank(blank)
        case Duplicate() as pair:
            return _duplicate(pair, limit)
        case SignDuplicate(first, second):
            same = first is second
            return same, say("两次结果一致。") if same else say("两次结果一阴一阳，不一致。")
        case Spike() as spike:
            return _spike(spike, _figure(limit.low), _figure(limit.high))
        case Reference() as reference:
            return _reference(reference)
        case Check() as again:
            return _check(again, limit)
        case Instrument() as instrument:
            return _instrument(instrument, on)
        case Kit() as kit:
            return _kit(kit, on)
        case Shown(sign):
            return _shown(sign, Sign.POSITIVE if control.kind == "positive" else Sign.NEGATIVE)
        case Judged() as judged:
            return _chart(judged)
        case unknown:
            assert_never(unknown)


def _figure(figure: float | None) -> float:
    assert figure is not None  # noqa: S101 - the reader of the rulebook has seen to it
    return figure


def _blank(blank: Blank) -> tuple[bool, Sentence]:
    if blank.value is None or blank.value < blank.lod:
        return True, say("低于检出限 {lod:g}，合格。", lod=blank.lod)
    return False, say(
        "测得 {value:g}，不低于检出限 {lod:g}，不合格。", value=blank.value, lod=blank.lod
    )


def _duplicate(pair: Duplicate, limit: Limit) -> tuple[bool, Sentence]:
    """Of a pair with one result not seen, the deviation is at least that from the limit given."""
    low, high = sorted((pair.first, pair.second))
    if pair.unseen > 1:
        return True, say("两次都低于检出限，合格。")
    if limit.absolute is not None:
        return _apart(low, high, limit.absolute)
    found, most = relative_deviation(low, high), _figure(limit.high)
    values = {"low": low, "high": high, "found": found, "most": most}
    if round(found, 9) > most:
        return False, say(
            "测得 {low:g} 与 {high:g}，相对偏差 {found:.1f} %，超过 {most:g} %，不合格。", **values
        )
    return True, say(
        "测得 {low:g} 与 {high:g}，相对偏差 {found:.1f} %，不超过 {most:g} %，合格。", **values
    )


def _apart(a: float, b: float, most: float) -> tuple[bool, Sentence]:
    values = {"a": a, "b": b, "most": most}
    if round(abs(a - b), 9) > most:
        return False, say("{a:g} 与 {b:g} 相差超过 {most:g}，不合格。", **values)
    return True, say("{a:g} 与 {b:g} 相差不超过 {most:g}，合格。", **values)


def _spike(spike: Spike, low: float, high: float) -> tuple[bool, Sentence]:
    found = recovery(spike)
    values = {"found": found, "low": low, "high": high}
    if low <= round(found, 9) <= high:
        return True, say("回收率 {found:.1f} %，在 {low:g} %～{high:g} % 之内，合格。", **values)
    return False, say("回收率 {found:.1f} %，不在 {low:g} %～{high:g} % 之内，不合格。", **values)


def _reference(of: Reference) -> tuple[bool, Sentence]:
    values = {"value": of.value, "certified": of.certified, "expanded": of.expanded}
    if round(abs(of.value - of.certified) - of.expanded, 12) <= 0:
        return True, say(
            "测得 {value:g}，在标准值 {certified:g} ± {expanded:g} 之内，合格。", **values
        )
    return False, say(
        "测得 {value:g}，不在标准值 {certified:g} ± {expanded:g} 之内，不合格。", **values
    )


def _check(again: Check, limit: Limit) -> tuple[bool, Sentence]:
    if limit.absolute is not None:
        return _apart(again.value, again.nominal, limit.absolute)
    most = _figure(limit.high)
    if not again.nominal:
        raise Refusal("校准核查点的标称值不能是零。请用有浓度的核查点。")
    found = (again.value - again.nominal) / abs(again.nominal) * 100
    values = {"value": again.value, "nominal": again.nominal, "found": found, "most": most}
    if round(abs(found), 9) <= most:
        return True, say(
            "测得 {value:g}，标称 {nominal:g}，相差 {found:+.1f} %，不超过 ±{most:g} %，合格。",
            **values,
        )
    return False, say(
        "测得 {value:g}，标称 {nominal:g}，相差 {found:+.1f} %，超过 ±{most:g} %，不合格。",
        **values,
    )


def _instrument(of: Instrument, on: date) -> tuple[bool, Sentence]:
    if not of.passed:
        return False, say("检查不合格。")
    if of.valid_to < on:
        return False, say("检定或者校准的有效期到 {day} 为止，检测时已经过期。", day=of.valid_to)
    return True, say("检查合格，检定或者校准有效期到 {day}。", day=of.valid_to)


def _kit(of: Kit, on: date) -> tuple[bool, Sentence]:
    if not of.lot.strip():
        return False, say("没有批号，无法追溯。")
    if of.expires_on < on:
        return False, say(
            "批号 {lot} 有效期到 {day}，检测时已经过期。", lot=of.lot, day=of.expires_on
        )
    return True, say("批号 {lot}，有效期到 {day}。", lot=of.lot, day=of.expires_on)


def _shown(sign: Sign | None, expected: Sign) -> tuple[bool, Sentence]:
    if sign is None:
        return False, say("控制线不显色，试纸无效。")
    if sign is expected:
        return True, say("显色符合预期，合格。")
    if expected is Sign.POSITIVE:
        return False, say("应当显阳性，却显阴性，不合格。")
    return False, say("应当显阴性，却显阳性，不合格。")


def _chart(judged: Judged) -> tuple[bool, Sentence]:
    if judged.state == REJECT:
        first = next(one for one in judged.broken if one.rule != "1_2s")
        return False, say("质控图失控，{because}", because=first.because)
    if judged.state == WARNING:
        return True, say(
            "质控图警告，可以放行但要记录，{because}", because=judged.broken[0].because
        )
    return True, say("质控图在控。")
