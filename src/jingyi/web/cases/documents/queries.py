"""Reads about documents, facts and exhibits. Every one starts from the cases a person may see."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from jingyi.core import rulebook
from jingyi.core.documents.draft import missing
from jingyi.core.documents.template import Template
from jingyi.core.words import Sentence
from jingyi.web.accounts.models import User
from jingyi.web.cases.documents.facts import file_of
from jingyi.web.cases.documents.models import Document, Exhibit, Fact
from jingyi.web.cases.models import Case
from jingyi.web.cases.queries import cases_for


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of document for a case, and why it cannot be made yet.

    `waits` are the steps of which one must be on file first; nothing where one is.
    """

    template: Template
    reasons: tuple[Sentence, ...]
    waits: tuple[Sentence, ...]


def documents_for(user: User) -> QuerySet[Document]:
    """Return the documents of the cases `user` may see."""
    return Document.objects.filter(case__in=cases_for(user))


def exhibits_for(user: User) -> QuerySet[Exhibit]:
    """Return the exhibits of the cases `user` may see."""
    return Exhibit.objects.filter(case__in=cases_for(user))


def facts_for(user: User) -> QuerySet[Fact]:
    """Return the facts of the cases `user` may see, those withdrawn included."""
    return Fact.objects.filter(case__in=cases_for(user))


def offers(case: Case, *, on: date) -> list[Offer]:
    """Return every kind of document of the case's track, in the order of the procedure."""
    file = file_of(case, on=on)
    titles = rulebook.events()
    return [
        Offer(
            template,
            missing(template, file, on=on),
            ()
            if file.events & set(template.after)
            else tuple(titles[kind] for kind in template.after),
        )
        for template in rulebook.documents().values()
        if case.track in template.tracks
    ]
