"""A laboratory for tests: a method, an instrument, a request, samples, a sheet to be filled."""

from datetime import date, timedelta
from decimal import Decimal

from jingyi.web.lab import queries
from jingyi.web.lab.actions import asking, equipping, handing, measuring, sampling
from jingyi.web.lab.models import Sample
from tests.factories import AT
from tests.web.cases import course

ON = date(2026, 9, 1)
_seals = iter(range(1, 10_000))


def method(office, by, **values):
    """Ammonia nitrogen by a photometer: detection limit 0.025 mg/L, u 5 % of the value."""
    given = {
        "name": "纳氏试剂分光光度法", "item": "ammonia-nitrogen", "unit": "mg/L",
        "technique": "instrument", "number": "HJ 535-2009", "lod": Decimal("0.025"),
        "u_percent": 5.0, "source": "本院验证报告",
    }  # fmt: skip
    return equipping.add_method(office=office, **{**given, **values}, by=by, at=AT)


def device(office, by, *, until=date(2027, 3, 1), passed=True):
    found = equipping.add_device(
        office=office, name="分光光度计", model="V-1", serial=f"SN{next(_seals)}",
        calibrated_to=until, by=by, at=AT,
    )  # fmt: skip
    words = "" if passed else "零点漂移"
    equipping.check_device(device=found, on=ON, passed=passed, words=words, by=by, at=AT)
    return found


def request(about, by, **values):
    given = {
        "purpose": "lead", "question": "河水黑臭，氨氮是否超过Ⅲ类？", "items": ["ammonia-nitrogen"],
        "standard": "gb3838-2002", "conditions": {"body": "river"}, "level": 2,
    }  # fmt: skip
    return asking.ask(about=about, **{**given, **values}, by=by, at=AT)


def point(wanted, by, name="三号桥下游"):
    return asking.plan(
        request=wanted, name=name, matrix="surface-water", lon=117.1, lat=33.9, by=by, at=AT
    )


def sample(where, first, second, **values):
    given = {"taken_at": AT - timedelta(hours=2), "seal": f"F{next(_seals):05d}"}
    given["kept"] = sampling.Kept(container="玻璃瓶", preservative="硫酸", temperature=4.0)
    return sampling.take(point=where, second=second, **{**given, **values}, by=first, at=AT)


def samples(where, first, second):
    """A sample, its duplicate, and a field blank."""
    one = sample(where, first, second)
    two = sample(where, first, second, kind=Sample.Kind.DUPLICATE, twin=one)
    return one, two, sample(where, first, second, kind=Sample.Kind.BLANK)


def hand(taken, giver, receiver):
    """Samples handed over and confirmed."""
    handing.hand_over(samples=taken, to=receiver, condition="", by=giver, at=AT)
    handing.receive(samples=taken, intact=True, by=receiver, at=AT)


def sheet(how, instrument, taken, by, texts, *, blank="<0.025"):
    """A worksheet with every control that an instrument's batch needs."""
    if queries.held_by(taken[0].first, taken):
        hand(taken, taken[0].first, by)
    made = measuring.begin(method=how, device=instrument, kit=None, on=ON, by=by, at=AT)
    write = {"sheet": made, "by": by, "at": AT}
    measuring.control(kind="calibration-check", figures={"value": "0.98", "nominal": "1"}, **write)
    measuring.control(kind="method-blank", figures={"value": blank}, **write)
    placed = measuring.place(sheet=made, samples=taken, intact=True, by=by, at=AT)
    measuring.write(texts={one.pk: text for one, text in zip(placed, texts, strict=True)}, **write)
    spike = {"without": "1.60", "spiked": "2.58", "added": "1"}
    measuring.control(kind="spike", figures=spike, **write)
    measuring.control(kind="calibration-check", figures={"value": "1.03", "nominal": "1"}, **write)
    return made


__all__ = [
    "AT",
    "ON",
    "course",
    "device",
    "method",
    "point",
    "request",
    "sample",
    "samples",
    "sheet",
]
