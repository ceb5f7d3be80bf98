"""The registers: methods, instruments and their checks, lots of kits, control materials."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from jingyi.core.lab import book
from jingyi.core.lab.westgard import Target
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.lab.actions.record import record
from jingyi.web.lab.models import Check, Device, Kit, Material, Method
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate


@transaction.atomic
def add_method(
    *,
    office: Procuratorate,
    name: str,
    item: str,
    unit: str,
    technique: str,
    number: str = "",
    sign_only: bool = False,
    lod: Decimal | None = None,
    most: Decimal | None = None,
    u_percent: float | None = None,
    u_least: float | None = None,
    source: str = "",
    by: User,
    at: datetime,
) -> Method:
    """Enter a method of one item.

    Raises:
        Refusal: the unit is not one of the item, or a method that gives numbers says nothing of how
            sure they are.
    """
    require(by, "lab.manage", office)
    of = book.names().items[item]
    known = book.names().unit(of, unit)
    if not sign_only and not (u_percent or u_least):
        raise Refusal("定量方法要填写不确定度（百分数或者最小值），否则结果无法与限值比较。")
    if Method.objects.filter(office=office, name=name.strip(), item=item).exists():
        raise Refusal("本院已经有这个项目的方法“{name}”。", name=name.strip())
    found = Method.objects.create(
        office=office, name=name.strip(), item=item, unit=known.id, technique=technique,
        number=number.strip(), sign_only=sign_only, lod=lod, most=most, u_percent=u_percent,
        u_least=u_least, source=source.strip(),
    )  # fmt: skip
    facts = {"item": item, "technique": technique, "lod": str(lod or ""), "u_percent": u_percent}
    record("lab.method", f"method:{found.pk}", facts, office=office, by=by, at=at)
    return found


@transaction.atomic
def add_device(
    *, office: Procuratorate, name: str, model: str, serial: str, calibrated_to: date,
    certificate: str = "", by: User, at: datetime,
) -> Device:  # fmt: skip
    """Enter an instrument with the last day of its calibration."""
    require(by, "lab.manage", office)
    if Device.objects.filter(office=office, serial=serial.strip()).exists():
        raise Refusal("本院已经登记了编号为 {serial} 的仪器。", serial=serial.strip())
    found = Device.objects.create(
        office=office, name=name.strip(), model=model.strip(), serial=serial.strip(),
        calibrated_to=calibrated_to, certificate=certificate.strip(),
    )  # fmt: skip
    facts = {"serial": found.serial, "calibrated_to": calibrated_to.isoformat()}
    record("lab.device", f"device:{found.pk}", facts, office=office, by=by, at=at)
    return found


@transaction.atomic
def calibrate(*, device: Device, until: date, certificate: str, by: User, at: datetime) -> Device:
    """Enter a new calibration of an instrument."""
    require(by, "lab.manage", device.office)
    if not certificate.strip():
        raise Refusal("请填写检定或者校准证书的编号。")
    device.calibrated_to, device.certificate = until, certificate.strip()
    device.save(update_fields=["calibrated_to", "certificate"])
    facts = {"until": until.isoformat(), "certificate": device.certificate}
    record("lab.calibrated", f"device:{device.pk}", facts, office=device.office, by=by, at=at)
    return device


@transaction.atomic
def check_device(
    *, device: Device, on: date, passed: bool, words: str = "", by: User, at: datetime
) -> Check:
    """Note that an instrument was looked at before use."""
    require(by, "lab.test", device.office)
    if on > timezone.localdate(at):
        raise Refusal("{on} 还没有到。", on=on)
    if not passed and not words.strip():
        raise Refusal("检查不合格的，请写明哪里不合格。")
    found = Check.objects.create(
        device=device, on=on, passed=passed, words=words.strip(), by=by, at=at
    )
    facts = {"on": on.isoformat(), "passed": passed, "words": found.words}
    record("lab.device-checked", f"device:{device.pk}", facts, office=device.office, by=by, at=at)
    return found


@transaction.atomic
def add_kit(
    *, method: Method, lot: str, expires_on: date, maker: str = "", by: User, at: datetime
) -> Kit:
    """Enter a lot of strips, kits or reagents."""
    require(by, "lab.manage", method.office)
    if not lot.strip():
        raise Refusal("请填写批号。")
    if method.kits.filter(lot=lot.strip()).exists():
        raise Refusal("批号 {lot} 已经登记。", lot=lot.strip())
    found = Kit.objects.create(
        method=method, lot=lot.strip(), expires_on=expires_on, maker=maker.strip(), at=at
    )
    facts = {"method": method.pk, "lot": found.lot, "expires_on": expires_on.isoformat()}
    record("lab.kit", f"kit:{found.pk}", facts, office=method.office, by=by, at=at)
    return found


@transaction.atomic
def add_material(
    *, method: Method, name: str, lot: str, certified: float, expanded: float,
    sd: float | None = None, level: str = "1", expires_on: date, by: User, at: datetime,
) -> Material:  # fmt: skip
    """Enter a control material; with a standard deviation it has a chart."""
    require(by, "lab.manage", method.office)
    if not expanded > 0:
        raise Refusal("标准样品的扩展不确定度应当大于零，请按证书填写。")
    if sd is not None:
        Target(certified, sd)
    found = Material.objects.create(
        method=method, name=name.strip(), lot=lot.strip(), level=level, certified=certified,
        expanded=expanded, sd=sd, expires_on=expires_on,
    )  # fmt: skip
    facts = {"certified": certified, "expanded": expanded, "sd": sd}
    record("lab.material", f"material:{found.pk}", facts, office=method.office, by=by, at=at)
    return found


@transaction.atomic
def retire(*, thing: Method | Device, by: User, at: datetime) -> None:
    """Take a method or an instrument out of use; what was measured with it stays."""
    require(by, "lab.manage", thing.office)
    thing.retired_at = at
    thing.save(update_fields=["retired_at"])
    kind = "method" if isinstance(thing, Method) else "device"
    record(f"lab.{kind}-retired", f"{kind}:{thing.pk}", {}, office=thing.office, by=by, at=at)
