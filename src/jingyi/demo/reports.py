"""Everything that was reported: the stories' messages into the intake room, as they came."""

from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256

from jingyi.demo.chance import dice
from jingyi.demo.geography import shapes
from jingyi.demo.institutions import Institutions
from jingyi.demo.stories import Story, Told, stories
from jingyi.web.intake.models import Report, Sender, Source
from jingyi.web.registry.models import Procuratorate

HOTLINE = "沚阳市12345政务服务便民热线"
CITY = {"anti-monopoly", "state-land"}  # what the city's office takes itself
SHARE = 0.22  # of the other matters, what comes to the city's office


@dataclass(slots=True)
class Taken:
    """A story and its stored reports, oldest first."""

    story: Story
    office: Procuratorate
    reports: list[Report]


def load(made: Institutions) -> list[Taken]:
    """Write every report, oldest first, and return them by story."""
    senders = {
        office.code: Sender.objects.create(office=office, name=HOTLINE, source=Source.HOTLINE)
        for office in made.offices.values()
        if office.code.startswith("zy")
    }
    rows = sorted(
        ((told.at, story.number, n) for story in stories() for n, told in enumerate(story.told)),
    )
    offices = {story.number: _office(made, story) for story in stories()}
    by_number = {story.number: story for story in stories()}
    built = [
        _report(number, by_number[story].told[n], offices[story], senders)
        for number, (_, story, n) in enumerate(rows, 1)
    ]
    Report.objects.bulk_create(built, batch_size=500)
    by_story: dict[int, list[Report]] = defaultdict(list)
    for (_, story, _), report in zip(rows, built, strict=True):
        by_story[story].append(report)
    return [Taken(story, offices[story.number], by_story[story.number]) for story in stories()]


def _office(made: Institutions, story: Story) -> Procuratorate:
    own = dice("office", story.kind["id"], story.number)
    if story.domain in CITY or own.random() < SHARE:
        return made.offices["zy"]
    return made.office_of(story.district)


def _report(number: int, told: Told, office: Procuratorate, senders: dict[str, Sender]) -> Report:
    hotline = told.source == "hotline"
    lon, lat = shapes.degrees(told.point) if told.point else (None, None)
    key = f"{told.source}/{told.at.isoformat()}/{told.text}"
    return Report(
        ref=f"{told.at:%y}{number:06d}",
        office=office,
        source=told.source,
        sender=senders[office.code] if hotline else None,
        external_id=f"{told.at:%Y%m%d}{number:05d}" if hotline else "",
        fingerprint=sha256(key.encode()).hexdigest(),
        title=told.title,
        text=told.text,
        received_at=told.at,
        place_words=told.place_words,
        lon=lon,
        lat=lat,
        accuracy_m=told.accuracy if told.point else None,
        anonymous=told.anonymous,
        reporter_key=sha256(told.reporter.encode()).hexdigest(),
    )
