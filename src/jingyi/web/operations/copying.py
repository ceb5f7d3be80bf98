"""All rows of an office, from one database to another, as they are: SQLite and PostgreSQL alike.

Rows go below the models: no default, no `auto_now`, no signal changes them on the way.
"""

# ruff: noqa: SLF001 -- tables are known by their models' `_meta`

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connections, models
from django.db.utils import DataError, IntegrityError, OperationalError

from jingyi.core.refusal import Refusal
from jingyi.web.cases.reading import search as pages
from jingyi.web.cases.reading.models import Page
from jingyi.web.leads import search as incidents
from jingyi.web.leads.models import Finding, Incident

BATCH = 2000
Told = Callable[[int, int], object]  # rows done, of how many


def tables() -> list[type[models.Model]]:
    """Return every table's model, those between two tables included, by name."""
    found = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return [found[name] for name in sorted(found)]


def counts(alias: str) -> dict[str, int]:
    """Return how many rows each table has."""
    return {m._meta.db_table: m._base_manager.using(alias).count() for m in tables()}


def connect(alias: str, config: dict[str, Any]) -> None:
    """Make a second database known under `alias`."""
    connections.databases[alias] = {**connections.databases["default"], "OPTIONS": {}, **config}


def sqlite_file(alias: str, path: Path) -> None:
    """Make a SQLite file known under `alias`."""
    connect(alias, {**settings.SQLITE, "NAME": path})


@contextmanager
def office_in(alias: str) -> Iterator[None]:
    """Let the rooms read and write `alias` as if it were the office's database."""
    own = connections["default"]
    connections["default"] = connections[alias]
    try:
        yield
    finally:
        connections["default"] = own


def migrate(alias: str) -> None:
    """Make the tables."""
    call_command("migrate", database=alias, interactive=False, verbosity=0)


def copy(source: str, target: str, told: Told) -> dict[str, int]:
    """Copy every row and say how many each table got; the caller holds both transactions.

    Raises:
        Refusal: a row does not fit, such as a text with a zero byte in PostgreSQL.
    """
    total, done = sum(counts(source).values()), 0
    _empty(target)
    for model in tables():
        for batch in _batches(model, source):
            _insert(model, target, batch)
            done += len(batch)
            told(done, total)
    _sequences(target)
    with office_in(target):
        _index()
    return counts(target)


def _batches(model: type[models.Model], source: str) -> Iterator[list[tuple[Any, ...]]]:
    names = [field.attname for field in _fields(model)]
    rows = model._base_manager.using(source).order_by("pk").values_list(*names)
    batch: list[tuple[Any, ...]] = []
    for row in rows.iterator(BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _fields(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def _insert(model: type[models.Model], target: str, batch: list[tuple[Any, ...]]) -> None:
    connection, fields = connections[target], _fields(model)
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    rows = [
        [_value(field, value, connection) for field, value in zip(fields, row, strict=True)]
        for row in batch
    ]
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with (
                    connection.wrap_database_errors,  # COPY goes past Django
                    cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as stream,
                ):
                    for row in rows:
                        stream.write_row(row)
            else:
                gaps = ", ".join(["%s"] * len(fields))
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({gaps})", rows)  # noqa: S608 -- names are the models' own
    except (DataError, IntegrityError, ValueError) as wrong:
        raise Refusal(
            "表 {table} 有一行放不进新的数据库（{why}），没有搬动任何内容；请改正这一行后重试。",
            table=model._meta.db_table,
            why=str(wrong).splitlines()[0],
        ) from wrong


def _value(field: models.Field, value: object, connection: Any) -> object:
    if value is None and isinstance(field, models.JSONField) and not field.null:
        return connection.ops.adapt_json_value(None, field.encoder)  # JSON's null is no empty field
    return field.get_db_prep_save(value, connection=connection)


def _empty(target: str) -> None:
    """Take away what making the tables put into them, so that rows keep their own numbers."""
    with connections[target].cursor() as cursor:
        for model in tables():
            if model._base_manager.using(target).exists():
                cursor.execute(f"DELETE FROM {connections[target].ops.quote_name(model._meta.db_table)}")  # noqa: S608 -- likewise  # fmt: skip


def _sequences(target: str) -> None:
    connection = connections[target]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)


def _index() -> None:
    """Make the search's own tables anew: their rows are not the models'."""
    for page in Page.objects.order_by("pk").iterator(200):
        pages.index(page)
    keys = list(Incident.objects.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(keys), BATCH):
        said: dict[int, list[str]] = {}
        rows = Finding.objects.filter(incident__in=keys[first : first + BATCH]).order_by("pk")
        for key, title, text in rows.values_list("incident", "report__title", "report__text"):
            said.setdefault(key, []).append(f"{title} {text}")
        incidents.index((key, " ".join(texts)) for key, texts in said.items())


def reachable(alias: str) -> None:
    """Ask the database for anything at all.

    Raises:
        Refusal: it does not answer.
    """
    try:
        connections[alias].ensure_connection()
    except OperationalError as wrong:
        raise Refusal(
            "连不上数据库（{why}）；请核对地址、用户名和密码。", why=str(wrong).splitlines()[0]
        ) from wrong


def served(alias: str) -> bool:
    """Tell whether the database is a server, not a file."""
    return connections[alias].vendor != "sqlite"


def occupied(alias: str) -> bool:
    """Tell whether somebody's rows are in the database: accounts or acts."""
    have = set(connections[alias].introspection.table_names())
    return any(
        model._meta.db_table in have and model._base_manager.using(alias).exists()
        for model in tables()
        if model._meta.app_label in {"accounts", "ledger", "registry"}
    )
