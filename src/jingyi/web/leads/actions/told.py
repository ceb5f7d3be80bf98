"""What triage is told: reports as a table, earlier findings, and what people said of pairs."""

from datetime import datetime

import pyarrow as pa
from django.db.models import Count, Prefetch, QuerySet
from django.db.models.functions import Length
from django.utils.timezone import localtime

from jingyi.core import photo
from jingyi.core.triage.incidents import TRACE
from jingyi.core.triage.pipeline import Judged, triage
from jingyi.web.intake.models import Attachment, Report
from jingyi.web.leads import book
from jingyi.web.leads.models import Finding, Judgement
from jingyi.web.registry.models import Procuratorate

MOST_HASHES = 4  # photos of a report that are compared with others'


def as_told(reports: QuerySet[Report]) -> QuerySet[Report]:
    """Read reports with what triage wants to know of their photos."""
    seen = Prefetch("attachments", Attachment.objects.select_related("blob").order_by("pk"))
    return reports.annotate(photos=Count("attachments")).prefetch_related(seen)


def table(reports: list[Report]) -> pa.Table:
    """Lay out reports as triage reads them; an anonymous one is a reporter of its own."""
    return pa.table(
        {
            "id": pa.array([str(report.pk) for report in reports], pa.string()),
            "title": pa.array([report.title for report in reports], pa.string()),
            "text": pa.array([_words(report) for report in reports], pa.string()),
            "time": pa.array([_local(report) for report in reports], pa.timestamp("s")),
            "lon": pa.array([report.lon for report in reports], pa.float64()),
            "lat": pa.array([report.lat for report in reports], pa.float64()),
            "likes": pa.array([report.likes for report in reports], pa.float64()),
            "photos": pa.array([report.photos for report in reports], pa.float64()),
            "photo_hashes": pa.array(
                [hashes_of(report) for report in reports], pa.list_(pa.uint64())
            ),
            "reporter": pa.array(
                [report.reporter_key or f"report {report.pk}" for report in reports], pa.string()
            ),
        }
    )


def hashes_of(report: Report) -> list[int]:
    """Return the perceptual hashes of a report's first photos."""
    kept = [attachment.blob.photo_hash for attachment in report.attachments.all()]
    return [photo.unsigned(one) for one in kept if one is not None][:MOST_HASHES]


def _words(report: Report) -> str:
    return f"{report.place_words}：{report.text}" if report.place_words else report.text


def _local(report: Report) -> datetime:
    return localtime(report.received_at).replace(tzinfo=None, microsecond=0)


def known(office: Procuratorate) -> pa.Table:
    """Return earlier reports of the office as triage compares them, with their groups."""
    rows = list(
        Finding.objects.filter(report__office=office)
        .order_by("pk")
        .values_list("report_id", "group", "trace", "report__reporter_key")
    )
    ids, groups, traces, people = zip(*rows, strict=True) if rows else ((), (), (), ())
    told = [key or f"report {pk}" for key, pk in zip(people, ids, strict=True)]
    return pa.table(
        {
            "id": pa.array(map(str, ids), pa.string()),
            "incident": pa.array(groups, pa.string()),
            "trace": pa.array(map(bytes, traces), pa.binary(TRACE.itemsize)),
            "reporter": pa.array(told, pa.string()),
        }
    )


def judged(office: Procuratorate) -> Judged:
    said = Judgement.objects.filter(one__office=office).values_list("one_id", "other_id", "same")
    pairs = [((str(one), str(other)), same) for one, other, same in said]
    return Judged(
        same=[pair for pair, same in pairs if same],
        apart=[pair for pair, same in pairs if not same],
    )


def retrace(office: Procuratorate, chunk: int = 5000) -> int:
    """Read earlier reports again whose traces an older version wrote; their incidents stay."""
    stale = Finding.objects.annotate(size=Length("trace")).exclude(size=TRACE.itemsize)
    stale = stale.filter(report__office=office).order_by("pk")
    count = 0
    while found := list(stale[:chunk]):
        reports = list(as_told(Report.objects.filter(finding__in=found)).order_by("finding"))
        traces = triage(table(reports), book.of_office(office))["trace"].to_pylist()
        for finding, trace in zip(found, traces, strict=True):
            finding.trace = trace
        Finding.objects.bulk_update(found, ["trace"], batch_size=200)
        count += len(found)
    return count
