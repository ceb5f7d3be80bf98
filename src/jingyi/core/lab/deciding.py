"""From a result and its uncertainty to a verdict, and the words of it for a document.

Where the line is drawn is data (rulebook/lab/control.toml, `screening`), dated like a limit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jingyi.core.lab.uncertainty import Estimate, Interval, exceeds
from jingyi.core.lab.values import Value
from jingyi.core.lab.verdicts import (
    Above,
    Below,
    EvidentialState,
    EvidentialVerdict,
    Report,
    Screening,
    ScreeningState,
    ScreeningVerdict,
    Sign,
    Verdict,
)
from jingyi.core.law import STATUSES, Instrument, Source, read_source
from jingyi.core.refusal import Refusal
from jingyi.core.tables import Table
from jingyi.core.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which probability of exceedance a screening is suspect, up to which it is clear."""

    suspect: float
    clear: float
    valid_from: date
    valid_to: date | None
    reading: str
    source: Source
    status: str


@dataclass(frozen=True, slots=True)
class Shown:
    """How a result reads in a document: the item, the value and the limit with their units."""

    item: str
    value: str
    limit: str


def read_thresholds(table: Table, instruments: dict[str, Instrument]) -> Thresholds:
    """Read one `[[screening]]`: probabilities in percent, clear below suspect."""
    found = Thresholds(
        suspect=table.number("suspect_percent") / 100,
        clear=table.number("clear_percent") / 100,
        valid_from=table.day("valid_from"),
        valid_to=table.day_or_none("valid_to"),
        reading=table.text("reading"),
        source=read_source(table.table("source"), instruments),
        status=table.one_of("status", STATUSES),
    )
    table.day("confirmed_on")
    table.done()
    if not 0 < found.clear < found.suspect < 1:
        raise table.wrong("clear_percent", "is not between 0 and suspect_percent, below 100")
    return found


def thresholds_on(day: date, all_of: Iterable[Thresholds]) -> Thresholds:
    """Return the thresholds in force on `day`.

    Raises:
        Refusal: none are.
    """
    for one in all_of:
        if one.valid_from <= day and (one.valid_to is None or day <= one.valid_to):
            return one
    raise Refusal(
        "规则库没有 {day} 有效的初筛判定概率，无法判定。请在规则库 lab/control.toml 补充。", day=day
    )


def quick(value: Value, *, u: float | None, lod: float | None = None) -> Screening:
    """Return the quick test that wrote down `value`, with its method's uncertainty and limit.

    Args:
        value: the result as it stands.
        u: standard uncertainty at that value, in its unit; not needed of a bound.
        lod: detection limit, for a result that only says that nothing was seen.

    Raises:
        Refusal: the uncertainty or the detection limit that is needed is not known.
    """
    bound = value.number if value.number is not None else lod
    if value.mark and bound is None:
        raise Refusal("结果“{value}”没有检出限，无法判定。请填写方法的检出限。", value=str(value))
    if value.mark:
        return Screening((Below if value.mark == "<" else Above)(float(bound or 0)))
    if u is None or value.number is None:
        raise Refusal(
            "结果“{value}”没有测量不确定度，无法判定。请填写方法的不确定度。", value=str(value)
        )
    return Screening(Estimate(float(value.number), u))


def screen(
    of: Screening,
    limits: Interval,
    by: Thresholds,
    *,
    failed: Sentence | None = None,
    missing: Sentence | None = None,
) -> ScreeningVerdict:
    """Return what a quick test comes to.

    Args:
        of: the result.
        limits: what is permitted, in the result's unit.
        by: the thresholds in force.
        failed: the control that failed; the test is void.
        missing: the control that is not there yet; nothing is said before it is.
    """
    if failed is not None:
        return ScreeningVerdict(of, ScreeningState.INVALID, failed)
    if missing is not None:
        return ScreeningVerdict(of, ScreeningState.PENDING, missing)
    return _screened(of, limits, by)


def _screened(of: Screening, limits: Interval, by: Thresholds) -> ScreeningVerdict:
    match of.found:
        case Estimate() as known:
            return _by_probability(of, exceeds(known, limits), by)
        case Below() as bound:
            return _below(of, bound, limits)
        case Above() as bound:
            return _above(of, bound, limits)
        case Sign.POSITIVE:
            because = say("定性检测呈阳性；定性方法不给出超标的概率。")
            return ScreeningVerdict(of, ScreeningState.SCREEN_SUSPECT, because)
        case Sign.NEGATIVE:
            because = say("定性检测呈阴性；定性方法不给出超标的概率。")
            return ScreeningVerdict(of, ScreeningState.SCREEN_CLEAR, because)


def _by_probability(of: Screening, p: float, by: Thresholds) -> ScreeningVerdict:
    shown = percent(p)
    if p >= by.suspect:
        because = say(
            "依测量不确定度，超标的概率为 {p}，不低于 {line}。", p=shown, line=percent(by.suspect)
        )
        return ScreeningVerdict(of, ScreeningState.SCREEN_SUSPECT, because, p)
    if p <= by.clear:
        because = say(
            "依测量不确定度，超标的概率为 {p}，不高于 {line}。", p=shown, line=percent(by.clear)
        )
        return ScreeningVerdict(of, ScreeningState.SCREEN_CLEAR, because, p)
    because = say(
        "依测量不确定度，超标的概率为 {p}，介于 {low} 与 {high} 之间，快速检测不足以判断。请复测或者送检。",
        p=shown,
        low=percent(by.clear),
        high=percent(by.suspect),
    )
    return ScreeningVerdict(of, ScreeningState.PENDING, because, p)


def _below(of: Screening, found: Below, limits: Interval) -> ScreeningVerdict:
    """A value below the detection limit: only which side of it the limit lies on is known."""
    if limits.lower is None and limits.upper is not None and found.limit <= limits.upper:
        because = say(
            "低于检出限 {lod}，检出限不高于限值 {limit}。", lod=found.limit, limit=limits.upper
        )
        return ScreeningVerdict(of, ScreeningState.SCREEN_CLEAR, because)
    if limits.lower is not None and found.limit <= limits.lower:
        because = say(
            "低于检出限 {lod}，而下限是 {limit}：测得值不足下限。",
            lod=found.limit,
            limit=limits.lower,
        )
        return ScreeningVerdict(of, ScreeningState.SCREEN_SUSPECT, because)
    because = say(
        "低于检出限 {lod}，但限值落在检出限之下，这个方法判断不了。请换用检出限更低的方法。",
        lod=found.limit,
    )
    return ScreeningVerdict(of, ScreeningState.PENDING, because)


def _above(of: Screening, found: Above, limits: Interval) -> ScreeningVerdict:
    """A value above the measuring range: the mirror of one below the detection limit."""
    if limits.upper is not None and found.limit >= limits.upper:
        because = say(
            "高于测量上限 {top}，测量上限不低于限值 {limit}。", top=found.limit, limit=limits.upper
        )
        return ScreeningVerdict(of, ScreeningState.SCREEN_SUSPECT, because)
    if limits.upper is None and limits.lower is not None and found.limit >= limits.lower:
        because = say(
            "高于测量上限 {top}，而下限是 {limit}：测得值不低于下限。",
            top=found.limit,
            limit=limits.lower,
        )
        return ScreeningVerdict(of, ScreeningState.SCREEN_CLEAR, because)
    because = say(
        "高于测量上限 {top}，但限值还在测量上限之上，这个方法判断不了。请稀释后复测。",
        top=found.limit,
    )
    return ScreeningVerdict(of, ScreeningState.PENDING, because)


def confirm(of: Report, limits: Interval) -> EvidentialVerdict:
    """Return what a qualified body's report comes to: what it concludes, and how sure that is.

    The conclusion is the body's; ours is only the probability, where it states an uncertainty.
    """
    state = EvidentialState.CONFIRMED_OVER if of.over else EvidentialState.CONFIRMED_WITHIN
    if of.found is None:
        because = say("依检验检测报告的结论；报告未载明测量不确定度，未计算概率。")
        return EvidentialVerdict(of, state, because)
    p = exceeds(of.found, limits)
    if (p > 0.5) is of.over:
        because = say("依检验检测报告的结论；依测量不确定度，超标的概率为 {p}。", p=percent(p))
    else:
        because = say(
            "依检验检测报告的结论；但依测量不确定度，超标的概率为 {p}，与结论不一致，"
            "引用前请向检验检测机构核实。",
            p=percent(p),
        )
    return EvidentialVerdict(of, state, because, p)


def percent(p: float) -> str:
    """Return a probability to a tenth of a per cent; never 0 or 100, which no measurement gives."""
    if p < 0.001 or p > 0.999:
        return "< 0.1 %" if p < 0.5 else "> 99.9 %"
    return f"{100 * p:.1f} %"


_WORDS: dict[ScreeningState, Sentence] = {
    ScreeningState.SCREEN_CLEAR: say(
        "{item}经快速检测为 {value}，限值 {limit}，初筛未见异常。{because}"
        "本结果为初筛，不作为认定是否超标的证据。"
    ),
    ScreeningState.SCREEN_SUSPECT: say(
        "{item}经快速检测为 {value}，限值 {limit}，初筛疑似超标。{because}"
        "本结果为初筛，不作为认定是否超标的证据，应当送有资质的机构检验检测。"
    ),
    ScreeningState.PENDING: say(
        "{item}经快速检测为 {value}，限值 {limit}，待确认。{because}"
        "本结果为初筛，不作为认定是否超标的证据。"
    ),
    ScreeningState.INVALID: say("{item}的快速检测无效，不得引用。{because}"),
}


def worded(verdict: Verdict, shown: Shown) -> Sentence:
    """Return the verdict as a document states it; a screening always says that it is one."""
    values: dict[str, object] = {
        "item": shown.item,
        "value": shown.value,
        "limit": shown.limit,
        "because": verdict.because,
    }
    if not isinstance(verdict, EvidentialVerdict):
        return Sentence(_WORDS[verdict.state].text, values)
    values |= {
        "body": verdict.of.body,
        "number": verdict.of.number,
        "cma": verdict.of.cma,
        "on": verdict.of.issued_on,
    }
    if verdict.state is EvidentialState.CONFIRMED_OVER:
        return say(
            "{body}（资质认定证书编号 {cma}）{on} 出具的 {number} 号检验检测报告确认："
            "{item}为 {value}，限值 {limit}，超标。{because}",
            **values,
        )
    return say(
        "{body}（资质认定证书编号 {cma}）{on} 出具的 {number} 号检验检测报告确认："
        "{item}为 {value}，限值 {limit}，未超标。{because}",
        **values,
    )
