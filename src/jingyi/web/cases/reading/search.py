"""Search in the pages of files: pairs of characters narrow, the page itself decides.

The index (FTS5 on SQLite, a text-search vector on PostgreSQL) only says where all pairs stand; a
page is a result if the words stand in it, across spaces and line ends too.
"""

import re
from collections.abc import Iterator

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from jingyi.core.reading.page import Hit, folded
from jingyi.core.reading.page import Page as Letters
from jingyi.web.cases.reading.models import Page
from jingyi.web.leads.search import grams

INDEX = "INSERT INTO cases_page_words (rowid, words) VALUES (%s, %s)"
INDEX_POSTGRES = "INSERT INTO cases_page_words (id, words) VALUES (%s, to_tsvector('simple', %s))"
MATCH = "SELECT rowid FROM cases_page_words WHERE cases_page_words MATCH %s"
MATCH_POSTGRES = "SELECT id FROM cases_page_words WHERE words @@ to_tsquery('simple', %s)"


def index(page: Page) -> None:
    """Index a page that has just been made."""
    letters = page.core()
    lines = "\n".join(line.text for line in letters.lines)
    terms = dict.fromkeys([*grams(letters.flat), *grams("".join(map(folded, lines)))])
    with connection.cursor() as cursor:
        statement = INDEX if connection.vendor == "sqlite" else INDEX_POSTGRES
        cursor.execute(statement, [page.pk, " ".join(terms)])


def words_of(text: str) -> list[str]:
    """Return the words asked for: what spaces part; a phrase stays whole between quotation marks."""
    found = re.findall(r'["“”]([^"“”]+)["“”]|(\S+)', text)
    return [phrase or word for phrase, word in found][:8]


def search(pages: QuerySet[Page], text: str) -> Iterator[tuple[Page, Letters, list[Hit]]]:
    """Yield those of `pages` that hold every word of `text`, with each place where one stands."""
    words = words_of(text)
    if not words:
        return
    for page in _narrowed(pages, words).iterator(200):
        letters = page.core()
        hits = [list(letters.find(word)) for word in words]
        if all(hits):
            yield (
                page,
                letters,
                sorted((hit for each in hits for hit in each), key=lambda hit: hit.start),
            )


def _narrowed(pages: QuerySet[Page], words: list[str]) -> QuerySet[Page]:
    """Return the pages where all pairs of characters stand; all, where there is no pair to ask for."""
    terms = [
        term
        for word in words
        for term in grams("".join(map(folded, word)))
        if len(term) > 1 or term.isascii()
    ]
    if not terms:
        return pages
    if connection.vendor == "sqlite":
        query = " ".join(f'"{term}"*' if term.isascii() else f'"{term}"' for term in terms)
        return pages.filter(pk__in=RawSQL(MATCH, [query]))  # noqa: S611 -- values are bound
    query = " & ".join(f"'{term}':*" if term.isascii() else f"'{term}'" for term in terms)
    return pages.filter(pk__in=RawSQL(MATCH_POSTGRES, [query]))  # noqa: S611 -- likewise
