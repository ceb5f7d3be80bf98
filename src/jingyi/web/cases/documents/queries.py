"""Reads about documents, facts and exhibits. Every one starts from what a person may see."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from jingyi.core import rulebook
from jingyi.core.documents.draft import missing
from jingyi.core.documents.model import File
from jingyi.core.documents.template import Template
from jingyi.core.words import Sentence
from jingyi.web.accounts.models import User
from jingyi.web.cases.documents.facts import file_of
from jingyi.web.cases.documents.lead import file_of_lead, issuer_of
from jingyi.web.cases.documents.models import Document, Exhibit, Fact
from jingyi.web.cases.models import Case
from jingyi.web.cases.queries import cases_for
from jingyi.web.leads.models import Incident
from jingyi.web.leads.queries import incidents_for
from jingyi.web.registry.queries import offices_for


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of document for a case, and why it cannot be made yet.

    `waits` are the steps of which one must be on file first; nothing where one is.
    """

    template: Template
    reasons: tuple[Sentence, ...]
    waits: tuple[Sentence, ...]


def documents_for(user: User) -> QuerySet[Document]:
    """Return the documents of the cases and leads `user` may see.

    Of another office's lead paper only what was signed: its drafts are its own.
    """
    own = Q(office__in=offices_for(user, "lead.read")) | Q(signed_at__isnull=False)
    of_leads = Q(incident__in=incidents_for(user)) & own
    return Document.objects.filter(Q(case__in=cases_for(user)) | of_leads)


def exhibits_for(user: User) -> QuerySet[Exhibit]:
    """Return the exhibits of the cases `user` may see."""
    return Exhibit.objects.filter(case__in=cases_for(user))


def facts_for(user: User) -> QuerySet[Fact]:
    """Return the facts of the cases `user` may see, those withdrawn included."""
    return Fact.objects.filter(case__in=cases_for(user))


def offers(case: Case, *, on: date) -> list[Offer]:
    """Return every kind of document of the case's track, in the order of the procedure."""
    return _offers(file_of(case, on=on), on)


def offers_for_lead(incident: Incident, *, on: date) -> list[Offer]:
    """Return every kind of document of a lead that has no case."""
    return [
        offer
        for office in {incident.office, incident.received_from} - {None}
        for offer in _offers(file_of_lead(incident, office, on=on), on)
        if issuer_of(incident, offer.template.after) == office
    ]


def _offers(file: File, on: date) -> list[Offer]:
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
        if file.track in template.tracks
    ]
