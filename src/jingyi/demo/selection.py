"""The city's selection of 2026: eighteen brands nominated, nine chosen, the column that shows them."""

import io
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image, ImageDraw

from jingyi.core.judging import book
from jingyi.demo.chance import dice
from jingyi.demo.institutions import Institutions
from jingyi.demo.stories import NOW
from jingyi.web.accounts.models import User
from jingyi.web.brands import actions as brands
from jingyi.web.brands.models import Brand
from jingyi.web.intake import photos
from jingyi.web.registry.models import Department, Post
from jingyi.web.selection.actions import column, counting, editions, entries, jury, voting
from jingyi.web.selection.models import Edition, Entry, Seat

OPENED = NOW - timedelta(days=70)
SCORED = NOW - timedelta(days=30)
DECIDED = NOW - timedelta(days=20)
BALLOTS = 240


def load(made: Institutions) -> None:
    """Hold the whole selection, each act at its own time."""
    told = tomllib.loads((Path(__file__).parent / "selection.toml").read_text("utf-8"))
    chief = made.people["zhou"]
    worth = dict(told["worth"]) | _brands(made, told, chief)
    usual = book.book()
    rules = {name: getattr(usual.defaults, name) for name in usual.defaults.__slots__} | {
        "name": "沚阳市公益诉讼检察品牌评选（2026）", "about": "全市各部门一部门一品牌，18 个提名，9 个入选。",
        "blind": False, "criteria": dict(usual.criteria), "closes_on": date(2026, 9, 30),
    }  # fmt: skip
    edition = editions.create(office=made.offices["zy"], rules=rules, by=chief, at=OPENED)
    edition = editions.open_nominations(edition=edition, by=chief, at=OPENED)
    for brand in Brand.objects.filter(name__in=worth).order_by("pk"):
        _nominate(edition, brand, told, chief)
    editions.close_nominations(edition=edition, by=chief, at=OPENED + timedelta(days=12))
    _judge(made, Edition.objects.get(pk=edition.pk), told, worth, chief)
    edition = counting.decide(edition=Edition.objects.get(pk=edition.pk), by=chief, at=DECIDED)
    _show(edition, told, chief)


def _brands(made: Institutions, told: dict[str, Any], chief: User) -> dict[str, int]:
    worth = {}
    for n, (office, part, name, slogan, meaning, focuses, points) in enumerate(told["brands"]):
        department = Department.objects.get(procuratorate=made.offices[office], name__contains=part)
        founded = date(2024, 1, 10) + timedelta(days=37 * n)
        texts = {
            "name": name, "slogan": slogan, "meaning": meaning, "founded_on": founded,
            "focuses": focuses, "channels": ["门户网站", "公众号"],
            "sections": {"team": "检察官和助理各若干人", "mechanisms": "清单管理；回头看", "upkeep": "每季度更新"},
        }  # fmt: skip
        brand = brands.create(department=department, texts=texts, by=chief, at=OPENED)
        brands.keep(
            brand=brand, on=(NOW - timedelta(days=25 + n)).date(), what="更新清单", by=chief, at=NOW
        )
        worth[name] = points
    return worth


def _nominate(edition: Edition, brand: Brand, told: dict[str, Any], chief: User) -> None:
    at = OPENED + timedelta(days=5)
    who: dict[str, Any] = {"by": chief, "at": at}
    entry = entries.enter(edition=edition, brand=brand, **who)
    statement = told["statement"].format(name=brand.name, meaning=brand.meaning)
    entries.write(entry=entry, statement=statement, effect=told["effect"], **who)
    file = picture(brand.name, 240)
    entries.add_file(entry=entry, stream=file, name="现场.png", size=file.getbuffer().nbytes, **who)
    entries.answer(entry=entries.send(entry=entry, **who), accept=True, why="", **who)


def _judge(
    made: Institutions, edition: Edition, told: dict[str, Any], worth: dict[str, int], chief: User
) -> None:  # fmt: skip
    chance = dice("selection")
    lean = {"yan": 0.0}
    for n, (name, points) in enumerate(told["judges"], 1):
        person = User.objects.create(username=f"judge{n}", name=name)
        person.set_unusable_password()
        person.save()
        Post.objects.create(
            user=person, role="judge", procuratorate=made.offices["jh"], since=OPENED.date()
        )
        lean[person.username] = points
    at = SCORED - timedelta(days=3)
    for username in lean:
        person = User.objects.get(username=username)
        jury.appoint(edition=edition, person=person, by=chief, at=at)
    jury.seat(edition=edition, by=chief, at=at)
    codes = voting.issue(edition=edition, n=BALLOTS + 60, by=chief, at=at)
    jury.open_scoring(edition=edition, by=chief, at=at)
    seats = Seat.objects.filter(entry__edition=edition).select_related(
        "juror__person", "entry__brand"
    )
    for seat in seats:
        person = seat.juror.person
        base = worth[seat.entry.brand.name] + lean[person.username]
        points = {name: round(min(max(base + chance.gauss(0, 2.5), 0), 100) * 2) / 2 for name in edition.criteria}  # fmt: skip
        jury.score(seat=seat, points=points, confidence="high", comment="", by=person, at=SCORED)
    _vote(edition, worth, codes, chance)
    counting.count(edition=edition, by=chief, at=SCORED + timedelta(days=2))


def _vote(edition: Edition, worth: dict[str, int], codes: list[str], chance: Random) -> None:
    standing = list(
        Entry.objects.filter(edition=edition).exclude(number=None).select_related("brand")
    )
    weights = [1.06 ** worth[entry.brand.name] for entry in standing]
    for n in range(BALLOTS):
        drawn = chance.choices([str(entry.number) for entry in standing], weights, k=edition.votes)
        chosen = sorted(set(drawn))
        at = SCORED - timedelta(hours=60) + timedelta(minutes=12 * n)
        voting.cast(edition=edition, code=codes[n], choices=chosen, source=f"demo {n % 97}", at=at)


def _show(edition: Edition, told: dict[str, Any], chief: User) -> None:
    for number, chosen in enumerate(column.chosen(edition), 1):
        entry = Entry.objects.select_related("brand").get(edition=edition, number=chosen)
        brand = entry.brand
        drawn = picture(brand.name, 960)
        at: datetime = DECIDED + timedelta(days=number, hours=2)
        texts = {
            "headline": f"{brand.name}：{brand.slogan}" if brand.slogan else brand.name,
            "note": told["note"].format(name=brand.name, slogan=brand.slogan or brand.meaning),
            "text": entry.statement,
        }  # fmt: skip
        column.publish(
            entry=entry, number=number, texts=texts, appears_at=at, by=chief, at=DECIDED,
            files={"picture": photos.accept(drawn, size=drawn.getbuffer().nbytes, at=DECIDED)},
        )  # fmt: skip


def picture(seed: str, wide: int) -> io.BytesIO:
    """Return a drawn landscape: sky, hills and a river, other for every seed."""
    chance = dice("picture", seed)
    tall = wide * 9 // 16
    sky = Image.new("RGB", (wide, tall), (214, 228, 236))
    pen = ImageDraw.Draw(sky)
    for layer, colour in enumerate(((168, 190, 178), (122, 158, 140), (84, 124, 106))):
        base = tall * (5 + layer) // 10
        line = [(wide * k // 12, base + int(chance.uniform(0, tall / 7))) for k in range(13)]
        pen.polygon([(0, tall), *line, (wide, tall)], fill=colour)
    bend = wide * (3 + chance.randrange(5)) // 10
    river = [
        (bend, tall * 7 // 10),
        (bend + wide // 40, tall * 7 // 10),
        (wide * 8 // 10, tall),
        (wide * 4 // 10, tall),
    ]
    pen.polygon(river, fill=(96, 140, 178))
    out = io.BytesIO()
    sky.save(out, "PNG")
    out.seek(0)
    return out
