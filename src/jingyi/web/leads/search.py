"""Search that finds Chinese words inside sentences, on SQLite and on PostgreSQL.

Text is indexed as pairs of neighbouring characters; a query matches where all
of its pairs stand. That finds every word of two characters or more, with no
dictionary to miss it. A single character is looked for as it stands.
"""

import re
from collections.abc import Iterable

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from jingyi.web.leads.models import Incident

TABLE = "leads_incident_words"
KEPT = 200_000  # characters of an incident that are indexed
RUN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+|[A-Za-z0-9]+")


def grams(text: str) -> list[str]:
    """Return the index terms of a text: pairs of Chinese characters, whole Latin words."""
    terms: dict[str, None] = {}
    for run in RUN.findall(text[:KEPT].lower()):
        if run.isascii():
            terms[run] = None
        else:
            terms.update(dict.fromkeys(run[i : i + 2] for i in range(max(len(run) - 1, 1))))
    return list(terms)


def index(texts: Iterable[tuple[int, str]]) -> None:
    """Index incidents anew: (key, everything said about it)."""
    rows = [(key, " ".join(grams(text))) for key, text in texts]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(key,) for key, _ in rows])
            cursor.executemany(f"INSERT INTO {TABLE} (rowid, words) VALUES (%s, %s)", rows)
        else:
            cursor.executemany(
                f"INSERT INTO {TABLE} (id, words) VALUES (%s, to_tsvector('simple', %s)) "
                "ON CONFLICT (id) DO UPDATE SET words = excluded.words",
                rows,
            )


def searched(incidents: QuerySet[Incident], text: str) -> QuerySet[Incident]:
    """Narrow `incidents` to those that say every word of `text`."""
    terms = grams(text)
    if not terms:
        return incidents.filter(ref__icontains=text.strip()) if text.strip() else incidents
    single = [term for term in terms if len(term) == 1 and not term.isascii()]
    if single:
        found = Q()
        for term in single:
            found &= Q(findings__report__text__contains=term) | Q(title__contains=term)
        incidents = incidents.filter(found).distinct()
        terms = [term for term in terms if term not in single]
    if not terms:
        return incidents
    if connection.vendor == "sqlite":
        query = " ".join(f'"{term}"' for term in terms)
        keys = RawSQL(f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s", [query])
    else:
        query = " & ".join(f"'{term}'" for term in terms)
        keys = RawSQL(f"SELECT id FROM {TABLE} WHERE words @@ to_tsquery('simple', %s)", [query])
    return incidents.filter(Q(pk__in=keys) | Q(ref__iexact=text.strip()))
