"""A selection of the city: brands of three offices, five judges from elsewhere, rules of its own."""

from datetime import date, timedelta
from io import BytesIO

import pytest

from jingyi.web.brands import actions as brands
from jingyi.web.registry.models import Department
from jingyi.web.selection.actions import counting, editions, entries, jury
from jingyi.web.selection.models import Edition, Entry
from tests import factories
from tests.factories import AT
from tests.web.brands.conftest import texts

WORTH = {1: 90, 2: 80, 3: 70, 4: 60}
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
RULES = {
    "name": "沚阳品牌评选", "about": "", "nominated": 6, "chosen": 2, "each": 3, "public_percent": 20,
    "votes": 2, "publicity_days": 5, "blind": False, "criteria": {"质效": 60.0, "创新": 40.0},
    "closes_on": date(2026, 9, 30),
}  # fmt: skip


@pytest.fixture
def chief(city):
    return factories.person("chief", role="chief", office=city.office)


@pytest.fixture
def edition(city, chief):
    return editions.create(office=city.office, rules=RULES, by=chief, at=AT)


def branded(office, name, by):
    department, _ = Department.objects.get_or_create(procuratorate=office, name="第五检察部")
    return brands.create(department=department, texts=texts(name), by=by, at=AT)


@pytest.fixture
def nominees(city, alice, chief):
    """Return four brands: two of the city's own office, one of each district."""
    homes = [city.office, city.office, city.east, city.west]
    return [branded(home, f"品牌{n}", chief) for n, home in enumerate(homes)]


def nominate(edition, brand, by, at=AT):
    entry = entries.enter(edition=edition, brand=brand, by=by, at=at)
    entries.write(entry=entry, statement="事迹" * 60, effect="成效" * 20, by=by, at=at)
    entries.add_file(entry=entry, stream=BytesIO(PNG), name="a.png", size=len(PNG), by=by, at=at)
    return entries.send(entry=entry, by=by, at=at)


@pytest.fixture
def nominated(edition, nominees, chief):
    """Return the selection with four accepted entries, its jury to be formed."""
    editions.open_nominations(edition=edition, by=chief, at=AT)
    edition.refresh_from_db()
    for brand in nominees:
        entries.answer(entry=nominate(edition, brand, chief), accept=True, why="", by=chief, at=AT)
    editions.close_nominations(edition=edition, by=chief, at=AT)
    edition.refresh_from_db()
    return edition


@pytest.fixture
def judges(city):
    return [factories.person(f"judge{n}", role="judge", office=city.elsewhere) for n in range(5)]


@pytest.fixture
def scoring(nominated, judges, chief):
    """Return the selection while its judges score."""
    for person in judges:
        jury.appoint(edition=nominated, person=person, by=chief, at=AT)
    jury.seat(edition=nominated, by=chief, at=AT)
    jury.open_scoring(edition=nominated, by=chief, at=AT)
    return Edition.objects.get(pk=nominated.pk)


def score_all(edition, worth, lean=()):
    """Let every judge fill in every sheet: `worth` by entry number, `lean` by judge."""
    for entry in Entry.objects.filter(edition=edition).exclude(number=None):
        for seat in entry.seats.filter(void_why="", scored_at=None).select_related("juror__person"):
            who = seat.juror.person
            points = worth[entry.number] + dict(lean).get(who.username, 0)
            jury.score(
                seat=seat, points=dict.fromkeys(edition.criteria, points), confidence="high",
                comment="", by=who, at=AT + timedelta(hours=1),
            )  # fmt: skip


@pytest.fixture
def decided(scoring, chief):
    score_all(scoring, WORTH)
    counting.count(edition=scoring, by=chief, at=AT)
    end = AT + timedelta(days=7)
    return counting.decide(edition=Edition.objects.get(pk=scoring.pk), by=chief, at=end)
