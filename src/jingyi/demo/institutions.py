"""Regions, procuratorates, organs and people of the demo city: institutions.toml into the registry."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.contrib.auth.hashers import make_password

from jingyi.demo.geography import shapes, zhiyang
from jingyi.web.accounts.models import User
from jingyi.web.registry.models import Department, Organ, Post, Procuratorate, Region

PASSWORD = "zhiyang-demo-2026"  # noqa: S105 -- printed for everybody: the demo holds no secret
SINCE = date(2020, 1, 1)


@dataclass(slots=True)
class Institutions:
    """What the rest of the demo refers to, by short names."""

    regions: dict[str, Region]  # by code
    offices: dict[str, Procuratorate]  # by code: "zy", "zy-dj"
    departments: dict[str, Department]  # by office code: who does public-interest work
    organs: dict[str, Organ]  # by code: "zy-water", "zy-dj-t03"
    people: dict[str, User]  # by sign-in name
    staff: dict[tuple[str, str], list[User]]  # by office code and role

    def town(self, name: str) -> Organ:
        """Return the government of a town or sub-district."""
        return next(organ for organ in self.organs.values() if name in organ.name)

    def office_of(self, district: str) -> Procuratorate:
        """Return the office of a district's code; the city's where it is empty."""
        return self.offices[f"zy-{slug_of(district)}" if district else "zy"]


@cache
def book() -> dict:
    return tomllib.loads((Path(__file__).parent / "institutions.toml").read_text("utf-8"))


def slug_of(code: str) -> str:
    """Return the short name of a division's code: "dj" for 990102."""
    return book()["slugs"][code]


def sign_ins() -> list[str]:
    """Return one line for each person who may sign in to the demo."""
    from jingyi.core import rulebook  # noqa: PLC0415 -- the rulebook is read only when it is shown

    roles = rulebook.roles()
    lines = [
        f"{person['username']:<6} {person['name']}　{roles[person['role']].title} {roles[person['role']].title.values['en']}"
        + (f"（{person['note']}）" if "note" in person else "")
        for person in book()["person"]
    ]
    return [f"演示账号 Demo sign-ins（口令均为 password {PASSWORD}）:", *lines]


def load() -> Institutions:
    """Write the registry of the demo city and return it."""
    regions = {region.code: region for region in _regions()}
    for region in regions.values():
        region.save(force_insert=True)
    offices = _offices(regions)
    departments = _departments(offices)
    organs = {organ.code: organ for organ in Organ.objects.bulk_create(_organs(regions))}
    made = Institutions(regions, offices, departments, organs, {}, {})
    _people(made)
    return made


def _regions() -> Iterator[Region]:
    land, given = zhiyang(), book()
    province = Region(**given["province"], level="province")
    lon, lat = shapes.degrees((1_500, 4_000))
    city = Region(**given["city"], level="city", parent=province, lon=lon, lat=lat)
    yield from (province, city, Region(**given["elsewhere"], level="city", parent=province))
    for area in land.districts:
        lon, lat = shapes.degrees(area.seat)
        yield Region(
            code=area.code,
            name=area.name,
            name_en=area.name_en,
            level="county",
            parent=city,
            lon=lon,
            lat=lat,
        )


def _offices(regions: dict[str, Region]) -> dict[str, Procuratorate]:
    made: dict[str, Procuratorate] = {}
    for code, region in regions.items():
        above = made.get("zy" if region.level == "county" else "jh")
        office = Procuratorate.objects.create(
            code=f"zy-{slug_of(code)}" if region.level == "county" else slug_of(code),
            name=f"{region.name}人民检察院",
            name_en=f"People's Procuratorate of {region.name_en}",
            level=region.level,
            region=region,
            parent=above,
            path="/",
        )
        office.path = f"{above.path if above else '/'}{office.pk}/"
        office.save(update_fields=["path"])
        made[office.code] = office
    return made


def _departments(offices: dict[str, Procuratorate]) -> dict[str, Department]:
    ours = {}
    for code, office in offices.items():
        for name, name_en in book()["departments"].get(office.level, ()):
            made = Department.objects.create(procuratorate=office, name=name, name_en=name_en)
            if "public" in name_en:
                ours[code] = made
    return ours


def _organs(regions: dict[str, Region]) -> Iterator[Organ]:
    for region in regions.values():
        if region.level == "province" or not region.code.startswith("9901"):
            continue
        prefix = "zy" if region.level == "city" else f"zy-{slug_of(region.code)}"
        for slug, name, name_en, domains, levels in book()["organs"]["rows"]:
            if region.level in levels:
                yield Organ(
                    code=f"{prefix}-{slug}",
                    name=f"{region.name}{name}",
                    name_en=f"{name_en} of {region.name_en}",
                    level=region.level,
                    region=region,
                    domains=domains,
                )
    for number, town in enumerate(zhiyang().towns, 1):
        ending = "办事处" if town.name.endswith("街道") else "人民政府"
        yield Organ(
            code=f"zy-{slug_of(town.within)}-t{number:02d}",
            name=f"{regions[town.within].name}{town.name}{ending}",
            level="county",
            region=regions[town.within],
            domains=["eco-env", "heritage", "heroes", "safety", "state-property"],
        )


def _people(made: Institutions) -> None:
    known = make_password(PASSWORD)
    for given in book()["person"]:
        user = User.objects.create(username=given["username"], name=given["name"], password=known)
        _post(made, user, given)
    number = 0
    for role, offices in book()["colleagues"].items():
        for office, names in offices.items():
            for name in names:
                number += 1
                user = User(username=f"staff{number:02d}", name=name)
                user.set_unusable_password()
                user.save()
                _post(made, user, {"role": role, "office": office})


def _post(made: Institutions, user: User, given: dict[str, str]) -> None:
    office, role = given.get("office", ""), given["role"]
    where = made.offices.get(office)
    within = where and where.departments.filter(name=given.get("department")).first()
    if where and within is None and role in {"prosecutor", "assistant"}:
        within = made.departments.get(office)
    Post.objects.create(
        user=user,
        role=role,
        procuratorate=where,
        organ=made.organs.get(given.get("organ", "")),
        department=within,
        since=SINCE,
    )
    made.people[user.username] = user
    if office:
        made.staff.setdefault((office, role), []).append(user)
