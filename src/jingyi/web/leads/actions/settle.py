"""Write an incident's summary again, after its reports changed."""

from collections import defaultdict
from collections.abc import Iterable

from jingyi.web.leads import search
from jingyi.web.leads.models import Finding, Incident
from jingyi.web.leads.summarise import Row, summarise
from jingyi.web.places.models import Place

COLUMNS = {
    "report": "report_id",
    "title": "report__title",
    "text": "report__text",
    "source": "report__source",
    "reporter": "report__reporter_key",
    "at": "report__received_at",
    "region": "region_id",
    "place": "place_words",
}
FIELDS = {name: COLUMNS.get(name, name) for name in Row.__dataclass_fields__}


def settle(incidents: Iterable[int]) -> None:
    """Summarise these incidents anew; one without reports (merged) keeps what it was."""
    keys = list(incidents)
    rows: dict[int, list[Row]] = defaultdict(list)
    found = Finding.objects.filter(incident__in=keys).values_list("incident_id", *FIELDS.values())
    for incident, *values in found:
        rows[incident].append(Row(**dict(zip(FIELDS, values, strict=True))))
    changed, protected = [], {}
    for incident in Incident.objects.filter(pk__in=rows):
        summary = summarise(rows[incident.pk])
        protected[incident.pk] = summary.pop("protected")
        for name, value in summary.items():
            setattr(incident, name, value)
        changed.append(incident)
    if changed:
        names = [name for name in summary if name != "region_id"]
        Incident.objects.bulk_update(changed, [*names, "region"], batch_size=200)
    _protect(protected)
    search.index((pk, " ".join(f"{row.title} {row.text}" for row in rows[pk])) for pk in rows)


def _protect(wanted: dict[int, list[str]]) -> None:
    codes = {code for found in wanted.values() for code in found}
    keys = dict(Place.objects.filter(code__in=codes).values_list("code", "pk"))
    through = Incident.protected.through
    through.objects.filter(incident_id__in=wanted).delete()
    through.objects.bulk_create(
        through(incident_id=incident, place_id=keys[code])
        for incident, found in wanted.items()
        for code in found
        if code in keys
    )
