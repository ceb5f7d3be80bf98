"""Exhibits and facts of a case, and the documents made of them, version by version."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jingyi.core.documents.evidence import evidence_kinds
from jingyi.web.cases.models import Case
from jingyi.web.evidence.models import Blob
from jingyi.web.leads.models import Incident
from jingyi.web.registry.models import Procuratorate

USER = settings.AUTH_USER_MODEL
# rulebook/evidence.toml, as choices: KINDS.DOCUMENT, KINDS.SCREENING, …
KINDS = models.TextChoices(
    "KINDS",
    [
        (one.id.upper(), (one.id, lazy(one.title.render, str)(gettext)))
        for one in evidence_kinds().values()
    ],
)


def kind_choices() -> list[tuple[str, str]]:
    """Return the kinds as choices; called, so that a new kind in the rulebook needs no migration."""
    return KINDS.choices


class Exhibit(models.Model):
    """A sealed file of a case beside those that came with a step. Never changed, never taken away."""

    Kind = KINDS

    case = models.ForeignKey(Case, models.PROTECT, related_name="exhibits")
    number = models.IntegerField()
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    name = models.CharField(_("名称"), max_length=200)
    kind = models.CharField(max_length=12, choices=kind_choices)
    made_on = models.DateField(null=True)
    source = models.CharField(max_length=200, blank=True)  # who provided it, where it was taken
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="exhibit_number")]

    def get_absolute_url(self):
        return reverse("documents:exhibit", args=[self.case.ref, self.number])


class Fact(models.Model):
    """A fact of the file, with what proves it and the law it falls under. Withdrawn, never changed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=20)  # of rulebook/facts.toml
    text = models.TextField()
    on = models.DateField(null=True)  # the day of the fact; the last, where it goes on
    exhibits = models.JSONField(default=list)  # keys: "exhibit:3", "event:12"
    articles = models.JSONField(default=list)  # [[instrument, article]]
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | (
                    Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~Q(withdrawn_reason="")
                ),
                name="withdrawn_by_somebody_for_a_reason",
            )
        ]


class Document(models.Model):
    """One legal document of a case, or of a lead that has none. Its number is only quoted."""

    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="documents")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="documents")
    # who issues a lead's document: whoever handed the lead on still writes the notice of that
    office = models.ForeignKey(Procuratorate, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40)  # of rulebook/documents/
    place = models.IntegerField()  # within the case or lead, from 1
    number = models.CharField(_("文号"), max_length=60, blank=True)
    latest = models.IntegerField(default=1)  # the version that stands; the optimistic lock
    signed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    sealed = models.OneToOneField(Exhibit, models.PROTECT, null=True, related_name="document")
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")  # a lead's, sealed

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "place"], name="document_place"),
            models.UniqueConstraint(fields=["incident", "place"], name="lead_document_place"),
            models.CheckConstraint(
                condition=Q(case__isnull=False, incident__isnull=True, office__isnull=True)
                | Q(case__isnull=True, incident__isnull=False, office__isnull=False),
                name="document_of_a_case_or_a_lead",
            ),
            models.CheckConstraint(
                condition=Q(blob__isnull=True) | Q(signed_at__isnull=False, incident__isnull=False),
                name="lead_document_signed_before_sealed",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True, sealed__isnull=True)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="document_signed_before_sealed",
            ),
        ]

    def get_absolute_url(self):
        return reverse("documents:document", args=[self.subject.ref, self.place])

    @property
    def subject(self) -> Case | Incident:
        """What it is about: the case, or the lead."""
        return self.case or self.incident

    @property
    def issuer(self) -> Procuratorate:
        """The office in whose name it is."""
        return self.case.office if self.case else self.office


class Version(models.Model):
    """One version of a document, whole. Never changed."""

    class How(models.TextChoices):
        DRAFTED = "drafted", _("由事实生成")
        EDITED = "edited", _("人工改动")
        CITED = "cited", _("重新引注")
        SIGNED = "signed", _("签发")

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    n = models.IntegerField()
    content = models.JSONField()  # core.documents.model.Document
    how = models.CharField(max_length=10, choices=How)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-n"]
        constraints = [models.UniqueConstraint(fields=["document", "n"], name="version_once")]
