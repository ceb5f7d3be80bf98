"""Two organs' tables with planted truth, taken in by Alice; a run over them."""

import csv
import io
from datetime import date

import pytest

from jingyi.core.screening import book
from jingyi.core.screening.compile import shown
from jingyi.core.screening.planting import plant
from jingyi.web.screening import running
from jingyi.web.screening.actions import runs, sources
from tests import factories
from tests.factories import AT

SLUG = "pension-of-the-dead"
KEPT = date(2027, 1, 31)


@pytest.fixture(scope="session")
def model():
    return book.model(SLUG)


@pytest.fixture(scope="session")
def planted(model):
    """Tables of 30 cases, and the hits in them."""
    return plant(model, 30, seed=3)


def as_csv(model, name, rows):
    """Write a table as an organ would: its headings, its cells."""
    table, out = model.source(name), io.StringIO()
    lines = csv.writer(out)
    lines.writerow([str(one.title) for one in table.columns])
    lines.writerows([[shown(row[one.name]) for one in table.columns] for row in rows])
    return out.getvalue().encode()


def take(office, by, model, name, rows, *, delete_on=KEPT):
    return sources.take_upload(
        office=office, name=f"{name} 2026", holder="某机关", delete_on=delete_on,
        chunks=[as_csv(model, name, rows)], file_name=f"{name}.csv", by=by, at=AT,
    )  # fmt: skip


@pytest.fixture
def taken(city, alice, model, planted):
    """The sources, by table."""
    return {name: take(city.office, alice, model, name, rows) for name, rows in planted[0].items()}


@pytest.fixture
def technician(city):
    """Who writes models."""
    return factories.person("writer", role="technician", office=city.office)


def asked(city, alice, model, taken, *, preview=False, engine="duckdb", **said):
    return runs.ask(
        office=city.office, model=model, sources=taken, columns={}, said=said, preview=preview, by=alice,
        at=AT, engine=engine,
    )  # fmt: skip


@pytest.fixture
def run(city, alice, model, taken):
    """A run in earnest that has ended."""
    return running.execute(asked(city, alice, model, taken), now=lambda: AT)


@pytest.fixture
def hit(run):
    return run.found.select_related("run__office", "run__text", "standing").order_by("n")[0]
