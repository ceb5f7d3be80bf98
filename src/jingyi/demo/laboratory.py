"""What lies in the city's laboratory: a river's ammonia, held by a blank, measured again, sent on."""

import math
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from jingyi.demo.institutions import Institutions
from jingyi.demo.stories import NOW
from jingyi.web.cases.models import Case
from jingyi.web.lab.actions import (
    asking,
    commissioning,
    equipping,
    handing,
    measuring,
    sampling,
    verifying,
)
from jingyi.web.lab.models import Device, Kit, Material, Method, Request, Sample, Worksheet
from jingyi.web.lab.stations import actions as stations

TODAY = timezone.localdate(NOW)


def load(made: Institutions) -> None:
    """Equip the laboratory; take one request from the river to a body's desk, another half way."""
    who = made.people["ji"]
    ammonia, device, material = _equip(made)
    strips = equipping.add_method(
        office=made.offices["zy"], name="六价铬试纸", item="chromium-6", unit="mg/L",
        technique="strip", sign_only=True, source="说明书", by=who, at=_ago(days=40),
    )  # fmt: skip
    equipping.add_kit(
        method=strips, lot="CR-2610", expires_on=TODAY + timedelta(days=200), maker="沚阳试剂厂",
        by=who, at=_ago(days=30),
    )  # fmt: skip
    kits = equipping.add_kit(
        method=ammonia, lot="NH-2607", expires_on=TODAY + timedelta(days=90), by=who,
        at=_ago(days=30),
    )  # fmt: skip
    case = Case.objects.filter(office__code="zy", domain="eco-env", handler=made.people["lin"])
    found = case.exclude(state="closed").order_by("-opened_on", "ref").first()
    if found is None:
        return
    wanted, taken = _sampled(made, found)
    _handed(made, taken)
    for blank in ("0.041", "<0.025"):
        _measured(made, (ammonia, device, kits, material), taken, blank)
    commissioning.commission(
        sample=Sample.objects.get(request=wanted, kind="backup"), item="ammonia-nitrogen",
        body="沚阳市环境监测中心", sent_on=TODAY, by=made.people["lin"], at=NOW,
    )  # fmt: skip
    _half_way(made, found)
    _station(made, found)


def _ago(**span: int) -> datetime:
    return NOW - timedelta(**span)


def _equip(made: Institutions) -> tuple[Method, Device, Material]:
    office, who, at = made.offices["zy"], made.people["ji"], _ago(days=60)
    method = equipping.add_method(
        office=office, name="纳氏试剂分光光度法", number="HJ 535-2009", item="ammonia-nitrogen",
        unit="mg/L", technique="instrument", lod=Decimal("0.025"), most=Decimal(2), u_percent=5.0,
        source="本院方法验证", by=who, at=at,
    )  # fmt: skip
    device = equipping.add_device(
        office=office, name="可见分光光度计", model="V-1100", serial="ZY-0417",
        calibrated_to=TODAY + timedelta(days=120), certificate="校字 2026-0317", by=who, at=at,
    )  # fmt: skip
    equipping.add_device(
        office=office, name="多参数水质仪", model="M-30", serial="ZY-0209",
        calibrated_to=TODAY - timedelta(days=5), certificate="校字 2025-1102", by=who, at=at,
    )  # fmt: skip
    equipping.check_device(device=device, on=TODAY, passed=True, by=who, at=NOW)
    material = equipping.add_material(
        method=method, name="氨氮标准样品", lot="GSB-26", certified=1.0, expanded=0.08, sd=0.03,
        expires_on=TODAY + timedelta(days=300), by=who, at=at,
    )  # fmt: skip
    _chart(made, method, device, material)
    return method, device, material


def _chart(made: Institutions, method: Method, device: Device, material: Material) -> None:
    """Fill the control chart of the last weeks; its last value but one is a warning."""
    for n, value in enumerate((1.01, 0.98, 1.02, 0.99, 1.03, 0.97, 1.0, 1.02, 0.99, 1.07, 1.01)):
        at = _ago(days=33 - 3 * n)
        sheet = measuring.begin(
            method=method, device=device, kit=None, on=timezone.localdate(at),
            by=made.people["ji"], at=at,
        )  # fmt: skip
        measuring.control(
            sheet=sheet, kind="reference", figures={"value": str(value)}, material=material,
            by=made.people["ji"], at=at,
        )  # fmt: skip
        Worksheet.objects.filter(pk=sheet.pk).update(state=Worksheet.State.VERIFIED)


def _sampled(made: Institutions, case: Case) -> tuple[Request, list[Sample]]:
    lin, he, at = made.people["lin"], made.people["he"], _ago(hours=5)
    wanted = asking.ask(
        about=case, purpose="lead", question="河水发黑有异味，氨氮是否超过Ⅲ类水的限值？",
        items=["ammonia-nitrogen"], standard="gb3838-2002", conditions={"body": "river"}, level=2,
        by=lin, at=_ago(hours=8),
    )  # fmt: skip
    point = asking.plan(
        request=wanted, name="三号桥下游 50 米", matrix="surface-water", words="右岸水泥台阶下",
        lon=case.lon, lat=case.lat, by=lin, at=_ago(hours=8),
    )  # fmt: skip
    kept = sampling.Kept("玻璃瓶", "硫酸，pH ≤ 2", 4.0, "黑色，有异味", "晴")
    shared = {"point": point, "second": he, "taken_at": at, "kept": kept, "by": lin, "at": at}
    first = sampling.take(
        seal="ZY-2611-01", witness="三号桥社区 王某", witness_words="已签名", **shared
    )
    twin = sampling.take(kind="duplicate", twin=first, seal="ZY-2611-02", **shared)
    blank = sampling.take(kind="field-blank", seal="ZY-2611-03", **shared)
    sampling.take(kind="backup", twin=first, seal="ZY-2611-04", **shared)
    return wanted, [first, twin, blank]


def _handed(made: Institutions, taken: list[Sample]) -> None:
    lin, ji = made.people["lin"], made.people["ji"]
    handing.hand_over(samples=taken, to=ji, condition="冷藏箱，4 ℃", by=lin, at=_ago(hours=4))
    handing.receive(samples=taken, intact=True, by=ji, at=_ago(hours=4))


def _measured(made: Institutions, with_: tuple[Method, Device, Kit, Material], taken: list[Sample], blank: str) -> None:  # fmt: skip
    method, device, kit, material = with_
    act = {"by": made.people["ji"], "at": _ago(hours=2)}
    sheet = measuring.begin(method=method, device=device, kit=kit, on=TODAY, **act)
    for kind, figures in (
        ("calibration-check", {"value": "0.99", "nominal": "1"}), ("method-blank", {"value": blank}),
    ):  # fmt: skip
        measuring.control(sheet=sheet, kind=kind, figures=figures, **act)
    placed = measuring.place(sheet=sheet, samples=taken, intact=True, **act)
    texts = dict(zip((one.pk for one in placed), ("1.62", "1.58", "<0.025"), strict=True))
    measuring.write(sheet=sheet, texts=texts, **act)
    measuring.control(
        sheet=sheet, kind="reference", figures={"value": "1.01"}, material=material, **act
    )
    measuring.control(
        sheet=sheet, kind="calibration-check", figures={"value": "1.02", "nominal": "1"}, **act
    )
    measuring.submit(sheet=sheet, **act)
    verifying.verify(sheet=sheet, by=made.people["xun"], at=_ago(hours=1))


def _half_way(made: Institutions, case: Case) -> None:
    """Ask for another test and plan it: somebody has yet to go there."""
    lin = made.people["lin"]
    wanted = asking.ask(
        about=case, purpose="fix", question="整改以后，排污口下游的氨氮是否回到Ⅲ类？",
        items=["ammonia-nitrogen", "chromium-6"], standard="gb3838-2002",
        conditions={"body": "river"}, level=2, due_on=TODAY + timedelta(days=6), by=lin,
        at=_ago(hours=1),
    )  # fmt: skip
    asking.plan(
        request=wanted, name="排污口下游 100 米", matrix="surface-water", lon=case.lon, lat=case.lat,
        samples=2, by=lin, at=_ago(hours=1),
    )  # fmt: skip


def _station(made: Institutions, case: Case) -> None:
    """A river station: a month of readings with two days missing, single ones above the limit."""
    found = stations.set_up(
        office=made.offices["zy"], code="ZY-R01", name="三号桥水质自动站", standard="gb3838-2002",
        conditions={"body": "river"}, level=2, minutes=240, lon=case.lon, lat=case.lat,
        place_words="三号桥", by=made.people["ji"], at=_ago(days=40),
    )  # fmt: skip
    sent = []
    for n in range(180):
        if 70 <= n < 82:
            continue
        at = _ago(hours=4 * (180 - n))
        ammonia = 0.55 + 0.25 * math.sin(n / 9) + (0.35 if n in {33, 120, 151} else 0)
        sent += [
            stations.Sent("ammonia-nitrogen", at, "--" if n == 50 else f"{ammonia:.2f}", "mg/L"),
            stations.Sent("dissolved-oxygen", at, f"{7 + 1.2 * math.cos(n / 3):.1f}", "mg/L"),
        ]
    stations.take_in(station=found, sent=sent, at=NOW, by=made.people["ji"])
