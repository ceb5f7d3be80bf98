"""Everything that was reported, into the intake room: the hotline's files through the real import,
what came by the web form, from deputies, organs and the press row by row."""

import csv
import io
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from jingyi.demo.chance import dice
from jingyi.demo.geography import shapes
from jingyi.demo.institutions import Institutions, slug_of
from jingyi.demo.stories import NOW, Story, Told, stories
from jingyi.web.evidence.keys import box
from jingyi.web.intake import codes
from jingyi.web.intake.actions import imports, reports
from jingyi.web.intake.models import Identity, Receipt, Report
from jingyi.web.ledger.actions import Act
from jingyi.web.registry.models import Procuratorate

HOTLINE = "沚阳市12345政务服务便民热线"
CITY = {"anti-monopoly", "state-land"}  # what the city's office takes itself
SHARE = 0.2  # of the other matters, what comes to the city's office
HEADINGS = ("工单编号", "受理时间", "标题", "诉求内容", "事发地址", "来电人")
HERE = ZoneInfo("Asia/Shanghai")


@dataclass(slots=True)
class Taken:
    """A story and its stored reports, oldest first."""

    story: Story
    office: Procuratorate
    reports: list[Report]


@dataclass(frozen=True, slots=True)
class Line:
    """One report to come in: `number` counts all of them, oldest first."""

    number: int
    story: Story
    told: Told
    office: str  # its code

    @property
    def ref(self) -> str:
        """The order's number at the hotline, or the report's own number here."""
        if self.told.source == "hotline":
            return f"{self.told.at.astimezone(HERE):%Y%m%d}{self.number:06d}"
        return f"R{self.told.at:%y%m%d}-{sha256(str(self.number).encode()).hexdigest()[:8]}"


def load(made: Institutions) -> tuple[list[Taken], list[Act]]:
    """Take every report in; return them by story, and the acts that are still to be recorded."""
    by_hotline = [line for line in lines() if line.told.source == "hotline"]
    _import(made, by_hotline)
    acts = _receive(made, [line for line in lines() if line.told.source != "hotline"])
    stored = {report.external_id or report.ref: report for report in Report.objects.all()}
    by_story: dict[int, list[Report]] = defaultdict(list)
    offices = {}
    for line in lines():
        by_story[line.story.number].append(stored[line.ref])
        offices[line.story.number] = made.offices[line.office]
    taken = [Taken(story, offices[story.number], by_story[story.number]) for story in stories()]
    return taken, acts


@cache
def lines() -> tuple[Line, ...]:
    """Return every report to come in, oldest first."""
    offices = {story.number: _office(story) for story in stories()}
    rows = sorted(
        ((told.at, story.number, told, story) for story in stories() for told in story.told),
        key=lambda row: row[:2],
    )
    return tuple(
        Line(number, story, told, offices[story.number])
        for number, (_, _, told, story) in enumerate(rows, 1)
    )


def _office(story: Story) -> str:
    """Return the code of the office a story's reports come to, the same for all of them."""
    own = dice("office", story.kind["id"], story.number)
    share = 0.6 if story.kind.get("civil", 0) >= 0.3 else SHARE
    if story.worked or story.domain in CITY or own.random() < share:
        return "zy"
    return f"zy-{slug_of(story.district)}"


# ---------------------------------------------------------------- the hotline's files


def _import(made: Institutions, lines: list[Line]) -> None:
    """Take in one file each half-year and office, as the hotline sends it."""
    files: dict[tuple[int, int, str], list[Line]] = defaultdict(list)
    for line in lines:
        at = line.told.at.astimezone(HERE)
        files[at.year, (at.month + 5) // 6, line.office].append(line)
    for (year, half, code), rows in sorted(files.items()):
        office = made.offices[code]
        by = made.staff[code, "prosecutor"][0]
        at = min(datetime(year + (half == 2), 7 if half == 1 else 1, 3, 9, tzinfo=HERE), NOW)
        sender = imports.name_sender(office=office, name=HOTLINE, by=by, at=at)
        batch = imports.start_import(
            sender=sender,
            chunks=[_csv(rows)],
            file_name=f"12345工单_{year}年{'上' if half == 1 else '下'}半年_{code}.csv",
            by=by,
            at=at,
        )
        batch = imports.confirm_import(
            batch=batch, mapping=batch.mapping, by=by, at=at, queue=False
        )
        imports.run_import(batch=batch, at=at)


def _csv(lines: list[Line]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    for line in lines:
        told = line.told
        when = told.at.astimezone(HERE)
        caller = (
            ""
            if told.anonymous
            else f"尾号{int(sha256(told.reporter.encode()).hexdigest()[:6], 16) % 10000:04d}"
        )
        writer.writerow(
            [line.ref, f"{when:%Y-%m-%d %H:%M:%S}", told.title, told.text, told.place_words, caller]
        )
    return out.getvalue().encode("utf-8-sig")


# ---------------------------------------------------------------- what came otherwise


def _receive(made: Institutions, came: list[Line]) -> list[Act]:
    """Write what `reports.receive` would have written, in bulk; return its acts."""
    built = [_report(made, line) for line in came]
    Report.objects.bulk_create(built, batch_size=500)
    public = [
        (line, report)
        for line, report in zip(came, built, strict=True)
        if line.told.source == "citizen"
    ]
    Receipt.objects.bulk_create(
        Receipt(
            report=report, code_hash=codes.digest(code_of(line)), told=reports.RECEIVED.to_json()
        )
        for line, report in public
    )
    sealing = box("identity")
    Identity.objects.bulk_create(
        Identity(report=report, sealed=sealing.encrypt(_who(line)))
        for line, report in public
        if not line.told.anonymous
    )
    return [_act(line, report) for line, report in zip(came, built, strict=True)]


def _report(made: Institutions, line: Line) -> Report:
    told = line.told
    lon, lat = shapes.degrees(told.point) if told.point else (None, None)
    return Report(
        ref=line.ref,
        office=made.offices[line.office],
        source=told.source,
        fingerprint=sha256(f"demo/{line.number}".encode()).hexdigest(),
        title=told.title,
        text=told.text,
        received_at=told.at,
        place_words=told.place_words,
        lon=lon,
        lat=lat,
        accuracy_m=told.accuracy if told.point else None,
        anonymous=told.anonymous,
    )


def code_of(line: Line) -> str:
    """Return the receipt code of a report of the demo: known to all, so that one can be tried."""
    own = dice("receipt", line.number)
    body = "".join(own.choice(codes.ALPHABET) for _ in range(codes.LENGTH - 1))
    return next(body + last for last in codes.ALPHABET if codes.read(body + last))


def _who(line: Line) -> bytes:
    own = dice("identity", line.number)
    name = own.choice("王李张刘陈杨赵黄周吴") + own.choice(["先生", "女士"])
    return json.dumps({"name": name, "phone": f"1990000{own.randrange(10_000):04d}"}).encode()


def _act(line: Line, report: Report) -> Act:
    facts = {
        "source": report.source,
        "text": sha256(report.text.encode()).hexdigest(),
        "photos": [],
    }
    return Act(
        "report.received", f"report:{report.ref}", report.received_at, None, line.office, facts
    )


def soon(at: datetime, hours: float) -> datetime:
    """Return a moment some hours later, but not in the future of the demo."""
    return min(at + timedelta(hours=hours), NOW)
