"""What lies in the city's studio: two organs' tables with planted truth, one run, some of its hits judged."""

import csv
import io
from datetime import timedelta

from django.utils import timezone

from jingyi.core.screening import book
from jingyi.core.screening.compile import shown
from jingyi.core.screening.model import Model
from jingyi.core.screening.planting import plant
from jingyi.demo.institutions import Institutions
from jingyi.demo.stories import NOW
from jingyi.web.screening import running
from jingyi.web.screening.actions import hits, runs, sources
from jingyi.web.screening.models import DataSource, Run

TODAY = timezone.localdate(NOW)
SLUG = "pension-of-the-dead"
HOLDERS = {"death": "沚阳市公安局", "pay": "沚阳市人力资源和社会保障局"}
CASES = 400  # planted


def load(made: Institutions) -> None:
    """Take in two tables, look at a preview, run in earnest, judge a few hits, hold one back."""
    who, office, model = made.people["lin"], made.offices["zy"], book.model(SLUG)
    tables, _hits = plant(model, CASES, seed=7)
    taken = {name: _taken(made, model, name, rows) for name, rows in tables.items()}
    preview = runs.ask(
        office=office, model=model, sources=taken, columns={}, said={}, preview=True, by=who, at=NOW
    )
    running.execute(preview, now=lambda: NOW)
    run = runs.settle(preview=Run.objects.get(pk=preview.pk), by=who, at=NOW)
    running.execute(run, now=lambda: NOW)
    found = list(run.found.select_related("standing").order_by("n")[:9])
    for n, hit in enumerate(found[:8]):
        verdict, note = ("wrong", "身份证号登记错误，系另一人") if n % 4 == 3 else ("right", "")
        hits.judge(standing=hit.standing, verdict=verdict, note=note, by=who, at=NOW)
    for hit in found[8:]:
        until = TODAY + timedelta(days=60)
        hits.suppress(standing=hit.standing, reason="人社部门已在追回", until=until, by=who, at=NOW)


def _taken(made: Institutions, model: Model, name: str, rows: list[dict[str, object]]) -> DataSource:  # fmt: skip
    """Take a planted table in as the organ would send it: CSV under its usual headings."""
    table = model.source(name)
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow([str(one.title) for one in table.columns])
    lines.writerows([[shown(row[one.name]) for one in table.columns] for row in rows])  # type: ignore[arg-type]
    return sources.take_upload(
        office=made.offices["zy"], name=f"{table.title}（2026年上半年）", holder=HOLDERS[name],
        delete_on=TODAY + timedelta(days=180), chunks=[out.getvalue().encode()],
        file_name=f"{name}.csv", by=made.people["lin"], at=NOW - timedelta(days=2),
    )  # fmt: skip
