"""What a test says about a limit, in two grades that cannot be mistaken for each other.

A quick test aids an inspection (办案规则, article 42): it may open a lead, choose where to sample,
check a rectification; it never states an exceedance as a fact. Only a report of a qualified body
(CMA) with its number does. So there are two types with nothing in common: a `ScreeningVerdict` is
made of a `Screening`, an `EvidentialVerdict` of a `Report`. Neither takes the other's parts,
for mypy as at run time, and neither can be subclassed.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeGuard, final

from jingyi.core.lab.uncertainty import Estimate
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say


class ScreeningState(StrEnum):
    """What a quick test can come to."""

    SCREEN_CLEAR = "screen_clear"
    SCREEN_SUSPECT = "screen_suspect"
    INVALID = "invalid"
    PENDING = "pending"


class EvidentialState(StrEnum):
    """What a qualified body's report can come to."""

    CONFIRMED_OVER = "confirmed_over"
    CONFIRMED_WITHIN = "confirmed_within"


TITLES: dict[ScreeningState | EvidentialState, Sentence] = {
    ScreeningState.SCREEN_CLEAR: say("初筛未见异常"),
    ScreeningState.SCREEN_SUSPECT: say("初筛疑似超标"),
    ScreeningState.INVALID: say("无效"),
    ScreeningState.PENDING: say("待确认"),
    EvidentialState.CONFIRMED_OVER: say("已确认超标"),
    EvidentialState.CONFIRMED_WITHIN: say("确认未超标"),
}


class Sign(StrEnum):
    """The result of a test that gives no number: a strip that shows a colour or does not."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


@final
@dataclass(frozen=True, slots=True)
class Below:
    """A result reported as less than `limit`, the method's detection limit."""

    limit: float


@final
@dataclass(frozen=True, slots=True)
class Above:
    """A result reported as more than `limit`, the end of the method's range."""

    limit: float


Found = Estimate | Below | Above | Sign


@final
@dataclass(frozen=True, slots=True)
class Screening:
    """The result of one quick test: a value with its uncertainty, a bound, or a sign.

    A bare number is none of them: a value without an uncertainty tells nothing of a limit.
    """

    found: Found

    def __post_init__(self) -> None:
        if not isinstance(self.found, Found):
            raise TypeError(f"a quick test finds no {type(self.found).__name__}")


@final
@dataclass(frozen=True, slots=True)
class Report:
    """A qualified body's report: who, under which approval, what it concludes.

    Args:
        number: the report's number, without which nothing is confirmed.
        body: the body's name.
        cma: the number of its approval (检验检测机构资质认定).
        issued_on: the day of the report.
        over: whether it concludes that the limit was broken.
        found: the value with its uncertainty, where it states one.
    """

    number: str
    body: str
    cma: str
    issued_on: date
    over: bool
    found: Estimate | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.found, Estimate | None) or type(self.over) is not bool:
            raise TypeError("a report states a conclusion, and a value with an uncertainty or none")
        for held, name in (
            (self.number, say("报告编号")),
            (self.body, say("检验检测机构名称")),
            (self.cma, say("资质认定（CMA）证书编号")),
        ):
            if not held.strip():
                raise Refusal(
                    "缺少{name}，不能作为确认结论。请按检验检测报告填写；没有报告的，只能保留初筛结论。",
                    name=name,
                )


@final
@dataclass(frozen=True, slots=True)
class ScreeningVerdict:
    """What a quick test came to. Never a proof. `probability`: that the limit is broken."""

    of: Screening
    state: ScreeningState
    because: Sentence
    probability: float | None = None

    def __post_init__(self) -> None:
        if type(self.of) is not Screening or type(self.state) is not ScreeningState:
            raise TypeError("a screening verdict is made of a quick test's parts only")


@final
@dataclass(frozen=True, slots=True)
class EvidentialVerdict:
    """What a qualified body's report came to. `probability`: that the limit is broken."""

    of: Report
    state: EvidentialState
    because: Sentence
    probability: float | None = None

    def __post_init__(self) -> None:
        if type(self.of) is not Report or type(self.state) is not EvidentialState:
            raise TypeError("an evidential verdict is made of a report's parts only")
        if self.of.over != (self.state is EvidentialState.CONFIRMED_OVER):
            raise TypeError("the verdict is not what the report concludes")


Verdict = ScreeningVerdict | EvidentialVerdict


def usable_as_proof(verdict: Verdict) -> TypeGuard[EvidentialVerdict]:
    """Tell whether a suggestion or a complaint may state the verdict as a fact."""
    return type(verdict) is EvidentialVerdict


def proof(verdict: Verdict) -> EvidentialVerdict:
    """Return the verdict to be cited as a fact.

    Raises:
        Refusal: it is a screening's.
    """
    if not usable_as_proof(verdict):
        raise Refusal(
            "“{state}”是快速检测的初筛结论，不能作为认定超标的证据写入检察建议书或者起诉书。"
            "请委托有资质的机构检验检测，取得报告后引用。",
            state=TITLES[verdict.state],
        )
    return verdict
