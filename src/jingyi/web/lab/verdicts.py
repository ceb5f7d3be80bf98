"""What a worksheet comes to: every control judged, every result released or held, every verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from jingyi.core.lab import book, deciding, release, ruling
from jingyi.core.lab.control import Checked, Control, Reading
from jingyi.core.lab.keeping import wrong_with
from jingyi.core.lab.release import Batch, Ruled
from jingyi.core.lab.uncertainty import Estimate, Interval
from jingyi.core.lab.values import NotAResult, Value
from jingyi.core.lab.verdicts import (
    EvidentialVerdict,
    Report,
    ScreeningState,
    ScreeningVerdict,
    Sign,
)
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence
from jingyi.web.lab import controls
from jingyi.web.lab.limits import library
from jingyi.web.lab.models import Commission, Request, Result, Sample, Worksheet

SIGNS = Interval(upper=0)  # what a sign is held against: no figure is


@dataclass(frozen=True, slots=True)
class Line:
    """One result: what holds it, how it was kept, what it came to, and the words for a document.

    `verdict` is None where it was not measured, or where no limit is set for it: `because` says so.
    """

    result: Result
    holds: tuple[Sentence, ...]
    late: tuple[Sentence, ...]
    verdict: ScreeningVerdict | None
    because: Sentence | None
    words: Sentence | None
    limit: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet judged."""

    controls: tuple[Checked, ...]
    lines: tuple[Line, ...]

    @property
    def held(self) -> int:
        return sum(bool(line.holds) for line in self.lines)


def judge(sheet: Worksheet) -> Sheet:
    """Return what a worksheet comes to as it stands.

    Raises:
        Refusal: a figure cannot be read, or no rule is in force for a control.
    """
    rules, found = book.control(), controls.results_of(sheet)
    known = controls.of(sheet)
    measured = [one for one in found if one.sample.kind != Sample.Kind.BLANK]
    batch = Batch(
        sheet.method.technique,
        named(sheet),
        sheet.on,
        tuple(_listed(sheet, one) for one in measured),
        tuple(known),
    )
    ruled = {int(one.result.ref): one for one in release.release(batch, rules)}
    lines = tuple(_line(sheet, one, ruled[one.pk]) for one in measured)
    return Sheet(tuple(release.checked(batch, rules)), lines)


def check(sheet: Worksheet, kind: str, reading: Reading, position: int) -> Checked:
    """Return whether one control passes, by itself."""
    control = Control(f"{position}", kind, reading, sheet.method.item, position)
    batch = Batch(sheet.method.technique, named(sheet), sheet.on, (), (control,))
    return release.checked(batch, book.control())[0]


def named(sheet: Worksheet) -> str:
    """Return what the rules of control call the method."""
    return sheet.method.number or sheet.method.name


def _listed(sheet: Worksheet, one: Result) -> release.Result:
    lot = sheet.kit.lot if sheet.kit else ""
    return release.Result(str(one.pk), sheet.method.item, one.position, lot)


def _line(sheet: Worksheet, one: Result, ruled: Ruled) -> Line:
    late = tuple(_late(sheet, one))
    holds = tuple(hold.because for hold in ruled.holds)
    try:
        verdict, limit, shown = _verdict(sheet, one, ruled)
    except Refusal as refusal:
        return Line(one, holds, late, None, refusal.sentence, None)
    words = deciding.worded(verdict, deciding.Shown(_item(sheet), shown, limit))
    return Line(one, holds, late, verdict, verdict.because, words, limit)


def _verdict(sheet: Worksheet, one: Result, ruled: Ruled) -> tuple[ScreeningVerdict, str, str]:
    method, request = sheet.method, one.sample.request
    found = ruling.read(one.text, sign_only=method.sign_only)
    if found is None:
        raise NotAResult("还没有填写结果。")
    item = book.names().items[method.item]
    unit = book.names().unit(item, method.unit)
    number = None if isinstance(found, Sign) or found.number is None else float(found.number)
    lod = None if method.lod is None else float(method.lod)
    quick = ruling.screening(found, u=None if number is None else method.u(number), lod=lod)
    interval, limit = SIGNS, ""
    if not isinstance(found, Sign):
        bound = bound_for(request, method.item, method.unit)
        interval, limit = bound.interval, bound.shown
    by = deciding.thresholds_on(sheet.on, book.control().screening)
    verdict = deciding.screen(quick, interval, by, failed=ruled.failed, missing=ruled.missing)
    return verdict, limit or "—", ruling.as_written(found, unit)


def bound_for(request: Request, item: str, unit: str) -> ruling.Bound:
    """Return the limit a request judges an item by, in a unit."""
    of, on = book.names().items[item], timezone.localdate(request.at)
    table = library.stored([request.standard], on)[request.standard]
    chosen = table.settled(request.conditions)
    return ruling.bound_of(table, of, book.names().unit(of, unit), chosen, request.level)


def _late(sheet: Worksheet, one: Result) -> Sequence[Sentence]:
    on = timezone.localdate(one.sample.taken_at)
    kept = book.keeping().of(sheet.method.item, one.sample.matrix, on)
    if kept is None:
        return ()
    return wrong_with(
        kept, taken_at=one.sample.taken_at, measured_at=measured_at(one),
        temperature=one.sample.temperature,
    )  # fmt: skip


def measured_at(one: Result) -> datetime:
    """Return when a result was measured; until it is, now."""
    return one.measured_at or timezone.now()


def _item(sheet: Worksheet) -> str:
    return str(book.names().items[sheet.method.item].title)


def state_of(line: Line) -> str:
    """Return the state a line is kept under; "" where there is no verdict."""
    return str(line.verdict.state) if line.verdict else ""


def void(line: Line) -> bool:
    """Tell whether a line has to be measured again."""
    return state_of(line) == ScreeningState.INVALID


def of_commission(one: Commission) -> EvidentialVerdict | None:
    """Return what a qualified body's report came to; None while it is not there."""
    if not one.state or one.issued_on is None or one.over is None:
        return None
    value, _, unit = one.value.rpartition(" ") if " " in one.value else (one.value, "", "")
    paper = Report(
        one.number, one.body, one.cma, one.issued_on, one.over, estimate(value, one.u)
    )  # fmt: skip
    return deciding.confirm(paper, bound_for(one.request, one.item, unit).interval)


def estimate(value: str, u: float | None) -> Estimate | None:
    """Return a stated value with its standard uncertainty; None where either is not stated."""
    found = ruling.read(value, sign_only=False)
    if u is None or not isinstance(found, Value) or found.mark or found.number is None:
        return None
    return Estimate(float(found.number), u)
