"""Incidents: what several reports say happened, ranked; and what was decided about them."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jingyi.web.intake.models import Report
from jingyi.web.places.models import Place
from jingyi.web.registry.models import Procuratorate, Region


class Incident(models.Model):
    """One thing that happened, however many reported it. A lead once triage says so."""

    class State(models.TextChoices):
        NEW = "new", _("待处理")
        TAKEN = "taken", _("评估中")
        WATCHED = "watched", _("持续关注")
        DECLINED = "declined", _("不予受理")
        FILED = "filed", _("已立案")
        MERGED = "merged", _("已并入")

    ref = models.CharField(unique=True, max_length=24)
    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="incidents")
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    domain = models.CharField(max_length=20, blank=True)  # a slug, or "" when triage abstains
    domain_set = models.JSONField(default=list)
    lead = models.FloatField(default=0)  # 0–1
    is_lead = models.BooleanField(default=False)
    rank = models.FloatField(default=0)
    facts = models.JSONField(default=dict)  # core.triage.exhibits.Facts, and the day it is as of
    reasons = models.JSONField(default=list)  # Sentences, strongest first
    region = models.ForeignKey(Region, models.PROTECT, null=True)
    place_words = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    radius_m = models.FloatField(null=True)
    protected = models.ManyToManyField(Place, related_name="incidents")
    reports = models.IntegerField(default=0)
    reporters = models.IntegerField(default=0)
    sources = models.JSONField(default=list)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="incidents"
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    received_from = models.ForeignKey(  # art. 26: the receiver may not send it back
        Procuratorate, models.PROTECT, null=True, related_name="+"
    )
    version = models.IntegerField(default=1)  # optimistic lock

    class Meta:
        indexes = [
            models.Index(fields=["office", "state", "-rank", "-id"], name="desk_order"),
            models.Index(fields=["office", "domain"]),
        ]

    def get_absolute_url(self):
        return reverse("leads:incident", args=[self.ref])


class Finding(models.Model):
    """What triage made of one report, and the incident it belongs to."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="finding")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="findings")
    # The group that triage put it in. People merge and split incidents; a group stays whole, so
    # that a later report joins what it is like, wherever people have put that.
    group = models.CharField(max_length=60, db_index=True)
    domain = models.CharField(max_length=20, blank=True)
    domain_set = models.JSONField(default=list)
    lead = models.FloatField()
    is_lead = models.BooleanField()
    region = models.ForeignKey(Region, models.PROTECT, null=True)
    place_words = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    radius_m = models.FloatField(null=True)
    parties = models.JSONField(default=list)
    protected = models.JSONField(default=list)  # places' codes
    rank = models.FloatField()
    reasons = models.JSONField(default=list)
    trace = models.BinaryField()  # what later reports are compared with; holds no text


class Judgement(models.Model):
    """A person said that two reports are, or are not, the same incident. Later runs obey."""

    one = models.ForeignKey(Report, models.CASCADE, related_name="+")
    other = models.ForeignKey(Report, models.CASCADE, related_name="+")
    same = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="judged_once")]


class Decision(models.Model):
    """What somebody decided about an incident; may be undone, never deleted."""

    class Kind(models.TextChoices):
        TAKE = "take", _("接手")
        WATCH = "watch", _("持续关注")
        DECLINE = "decline", _("不予受理")
        HAND_ON = "hand-on", _("移送")
        MERGE = "merge", _("并入")
        SPLIT = "split", _("拆出")
        FILE = "file", _("立案")
        NOTE = "note", _("备注")
        ASSIGN = "assign", _("交由")
        APART = "apart", _("不是同一件事")
        AUDIT_LEAD = "audit-lead", _("抽查：是线索")
        AUDIT_NOT = "audit-not", _("抽查：不是线索")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.CharField(max_length=60, blank=True)  # key of rulebook/decline.toml
    note = models.TextField(blank=True)
    to = models.CharField(max_length=80, blank=True)  # the incident, person or office concerned
    before = models.JSONField(default=dict)  # what undo puts back
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )


class Audit(models.Model):
    """One sample of what triage put aside, drawn so that anyone can draw it again."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="audits")
    day = models.DateField()
    root = models.CharField(max_length=64)  # of the ledger, before the draw was written into it
    digest = models.CharField(max_length=64)  # of the list that was drawn from
    sizes = models.JSONField()  # how many were put aside, by stratum
    found = models.IntegerField()  # leads that were on the desk
    missed = models.JSONField(default=dict)  # core.audit.Missed, by what has been read so far
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class AuditItem(models.Model):
    """One incident to be read, and what the reader says of it."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="items")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="audited")
    order = models.IntegerField()  # by ticket
    stratum = models.IntegerField()
    score = models.FloatField()
    decision = models.OneToOneField(
        Decision, models.PROTECT, null=True, related_name="audit_item"
    )  # what was said; empty until read, and again after undo

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "incident"], name="drawn_once")]


class Presence(models.Model):
    """Who has an incident open now."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="present")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "user"], name="present_once")]
