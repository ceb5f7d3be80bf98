"""A worksheet's controls as `core.lab.control` reads them: typed ones, and those nobody has to type.

Typed: blanks, duplicates, spikes, materials, calibration checks, positive and negative controls.
Never typed, so never forgotten: the instrument's check of the day and its calibration, the lot of
the kit, field blanks and duplicates among the samples, and the chart of a material.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jingyi.core.lab import westgard
from jingyi.core.lab.control import (
    Blank,
    Check,
    Duplicate,
    Instrument,
    Kit,
    Reading,
    Reference,
    Shown,
    SignDuplicate,
    Spike,
)
from jingyi.core.lab.control import Control as Known
from jingyi.core.lab.ruling import read
from jingyi.core.lab.values import NotAResult, Value
from jingyi.core.lab.verdicts import Sign
from jingyi.core.refusal import Refusal
from jingyi.web.lab.models import Control, Material, Method, Result, Sample, Worksheet

# The figures of each kind that is typed, in the order of the page.
FIGURES: dict[str, tuple[str, ...]] = {
    "method-blank": ("value",),
    "duplicate": ("first", "second"),
    "spike": ("without", "spiked", "added"),
    "reference": ("value",),
    "calibration-check": ("value", "nominal"),
    "positive": ("sign",),
    "negative": ("sign",),
}
UNREAD = "无效"  # no control line
CHARTED = 60  # values of a material that a chart looks back on


def of(sheet: Worksheet) -> list[Known]:
    """Return every control of a worksheet, typed or not."""
    return [*typed(sheet), *_of_device(sheet), *_of_kit(sheet), *_of_field(sheet), *_charts(sheet)]


def typed(sheet: Worksheet) -> Iterator[Known]:
    """Yield what was typed; its reference is its place in the order of measuring."""
    for one in standing(sheet):
        reading = reading_of(sheet.method, one.kind, one.figures, one.material)
        item = "" if one.kind in {"positive", "negative"} else sheet.method.item
        yield Known(f"{one.position}", one.kind, reading, item, one.position)


def standing(sheet: Worksheet) -> list[Control]:
    """Return the typed controls that stand, in the order of measuring."""
    return list(sheet.controls.filter(dropped="").select_related("material"))


def reading_of(  # noqa: PLR0911 -- one line for each kind
    method: Method, kind: str, figures: Mapping[str, str], material: Material | None
) -> Reading:
    """Return a typed control as it is judged.

    Raises:
        Refusal: a figure is missing or is none, or a material is not chosen.
    """
    match kind:
        case "method-blank":
            return _blank(method, figures)
        case "duplicate" if method.sign_only:
            return SignDuplicate(_sign(figures["first"]), _sign(figures["second"]))
        case "duplicate":
            pair = _value(figures, "first"), _value(figures, "second")
            return _pair(method, *pair)
        case "spike":
            without, spiked = _number(figures, "without"), _number(figures, "spiked")
            trace = method.lod is not None and without < 10 * float(method.lod)
            return Spike(without, spiked, _number(figures, "added"), trace=trace)
        case "reference":
            if material is None:
                raise Refusal("请选择用的是哪一个标准样品。")
            return Reference(_number(figures, "value"), material.certified, material.expanded)
        case "calibration-check":
            return Check(_number(figures, "value"), _number(figures, "nominal"))
        case "positive" | "negative":
            sign = figures.get("sign", "").strip()
            return Shown(None if sign == UNREAD else _sign(sign))
    raise Refusal("“{kind}”不能手工登记。", kind=kind)


def points_of(material: Material, sheet: Worksheet | None = None) -> list[westgard.Point]:
    """Return the values of a material as points of its chart, the oldest first.

    Args:
        sheet: count this sheet's values as the newest, and none that came after it.
    """
    found = Control.objects.filter(material=material, kind="reference", dropped="").exclude(
        worksheet__state=Worksheet.State.VOID
    )
    if sheet is not None:
        found = found.filter(worksheet_id__lte=sheet.pk)
    rows = found.select_related("worksheet").order_by("-worksheet_id", "-position")[:CHARTED]
    target = westgard.Target(material.certified, material.sd or 0)
    return [
        westgard.measured(
            one.worksheet.ref, material.level, _number(one.figures, "value"), target, str(one.pk)
        )
        for one in reversed(rows)
    ]


def _of_device(sheet: Worksheet) -> Iterator[Known]:
    if sheet.device is not None:
        last = sheet.device.checks.filter(on=sheet.on).first()
        if last is not None:
            reading = Instrument(last.passed, sheet.device.calibrated_to)
            yield Known(sheet.device.serial, "instrument-check", reading)


def _of_kit(sheet: Worksheet) -> Iterator[Known]:
    if sheet.kit is not None:
        yield Known(sheet.kit.lot, "kit", Kit(sheet.kit.lot, sheet.kit.expires_on))


def _of_field(sheet: Worksheet) -> Iterator[Known]:
    """Field blanks and field duplicates are samples as well as controls."""
    written = {one.sample_id: one for one in results_of(sheet) if one.text.strip()}
    for one in written.values():
        if one.sample.kind == Sample.Kind.BLANK:
            reading: Reading = _blank(sheet.method, {"value": one.text})
            yield Known(one.sample.number, "field-blank", reading, sheet.method.item)
        if one.sample.kind == Sample.Kind.DUPLICATE and one.sample.twin_id in written:
            pair = (read(two.text, sign_only=sheet.method.sign_only) for two in (written[one.sample.twin_id], one))  # fmt: skip
            yield Known(one.sample.number, "duplicate", _twins(sheet.method, *pair), sheet.method.item)  # fmt: skip


def _charts(sheet: Worksheet) -> Iterator[Known]:
    used = sheet.controls.filter(kind="reference", dropped="", material__sd__isnull=False)
    for material in Material.objects.filter(controls__in=used).distinct():
        judged = westgard.judge(points_of(material, sheet))
        here = next(one for one in judged if one.run == sheet.ref)
        yield Known(material.name, "chart", here, sheet.method.item)


def results_of(sheet: Worksheet) -> list[Result]:
    """Return the results of a worksheet with their samples."""
    return list(sheet.results.select_related("sample__request__case", "sample__twin", "repeats"))


def _blank(method: Method, figures: Mapping[str, str]) -> Blank:
    if method.lod is None:
        raise Refusal("方法“{name}”没有检出限，判断不了空白。请先在方法里填写。", name=method.name)
    found = _value(figures, "value")
    return Blank(None if found.mark == "<" else float(found.number or 0), float(method.lod))


def _pair(method: Method, first: Value, second: Value) -> Duplicate:
    """Of a result that was not seen, what it cannot be above is compared."""
    unseen = [one.mark == "<" for one in (first, second)]
    numbers = [float(one.number if one.number is not None else method.lod or 0) for one in (first, second)]  # fmt: skip
    return Duplicate(*numbers, unseen=sum(unseen))


def _twins(method: Method, first: Value | Sign | None, second: Value | Sign | None) -> Reading:
    if isinstance(first, Sign) and isinstance(second, Sign):
        return SignDuplicate(first, second)
    if isinstance(first, Value) and isinstance(second, Value):
        return _pair(method, first, second)
    raise Refusal("平行样的两个结果缺一个。请补填。")


def _sign(text: str) -> Sign:
    found = read(text, sign_only=True)
    if not isinstance(found, Sign):
        raise NotAResult("请写阳性或者阴性。")
    return found


def _value(figures: Mapping[str, Any], name: str) -> Value:
    found = read(str(figures.get(name, "")), sign_only=False)
    if not isinstance(found, Value):
        raise Refusal("质控数据没有填全，请补填或者删除这一行。")
    return found


def _number(figures: Mapping[str, Any], name: str) -> float:
    found = _value(figures, name)
    if found.mark or found.number is None:
        raise Refusal("“{text}”不是一个确定的数，这种质控要写测得的数值。", text=str(found))
    return float(found.number)
