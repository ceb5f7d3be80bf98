"""Short ways to make what a test needs; every value is overridable, none is random."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import count

from jingyi.web.accounts.models import User
from jingyi.web.intake.models import Report, Source
from jingyi.web.registry.models import Organ, Post, Procuratorate, Region

AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
_number = count(1)


@dataclass(frozen=True)
class City:
    office: Procuratorate
    east: Procuratorate
    west: Procuratorate
    elsewhere: Procuratorate
    water: Organ
    market: Organ


def region(code, name, level, parent=None):
    return Region.objects.create(code=code, name=name, level=level, parent=parent)


def office(code, name, level, where, parent=None):
    made = Procuratorate.objects.create(
        code=code, name=name, level=level, region=where, parent=parent, path="/"
    )
    made.path = f"{parent.path if parent else '/'}{made.pk}/"
    made.save()
    return made


def organ(code, name, where, *domains):
    return Organ.objects.create(
        code=code, name=name, level=where.level, region=where, domains=list(domains)
    )


def city():
    province = region("990000", "江淮省", "province")
    here = region("990100", "沚阳市", "city", province)
    east = region("990102", "东津区", "county", here)
    west = region("990103", "西陵县", "county", here)
    there = region("990200", "临浦市", "city", province)
    top = office("jh", "江淮省人民检察院", "province", province)
    zhiyang = office("zy", "沚阳市人民检察院", "city", here, top)
    return City(
        office=zhiyang,
        east=office("zy-dj", "东津区人民检察院", "county", east, zhiyang),
        west=office("zy-xl", "西陵县人民检察院", "county", west, zhiyang),
        elsewhere=office("lp", "临浦市人民检察院", "city", there, top),
        water=organ("zy-water", "沚阳市水务局", here, "eco-env"),
        market=organ("zy-market", "沚阳市市场监督管理局", here, "food-drug"),
    )


def person(username, *, role, office=None, organ=None, since=date(2020, 1, 1)):
    user = User.objects.create_user(username, password="a long pass phrase", name=username.title())
    Post.objects.create(user=user, role=role, procuratorate=office, organ=organ, since=since)
    return user


def report(office, *, text="东津河边有暗管排黑水，气味刺鼻。", title="", at=AT, **values):
    n = next(_number)
    return Report.objects.create(
        ref=f"T{n:06d}",
        office=office,
        source=values.pop("source", Source.HOTLINE),
        fingerprint=sha256(f"{n}{text}".encode()).hexdigest(),
        title=title,
        text=text,
        received_at=at,
        **values,
    )
