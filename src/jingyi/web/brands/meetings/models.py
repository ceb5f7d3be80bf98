"""Meetings, what each department says there, measures, guidance from above."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from jingyi.web.evidence.models import Blob
from jingyi.web.registry.models import Department, Procuratorate

PERSON = settings.AUTH_USER_MODEL


class Meeting(models.Model):
    """A review meeting of one office. Nothing of it changes once it is closed."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="review_meetings")
    title = models.CharField(max_length=120)
    on = models.DateField()
    place = models.CharField(max_length=120, blank=True)
    chair = models.CharField(max_length=60)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    minutes = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")  # as closed

    class Meta:
        ordering = ("-on", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["office"], condition=Q(closed_at=None), name="one_open_meeting_an_office"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, minutes=None)
                | Q(closed_at__isnull=False, minutes__isnull=False),
                name="meeting_closed_with_minutes",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:meeting", args=[self.pk])


class Word(models.Model):
    """What a department says at a meeting: highlights and problems."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="words")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    highlights = models.TextField()
    problems = models.TextField()
    version = models.IntegerField(default=1)  # optimistic lock
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("department_id",)
        constraints = [
            models.UniqueConstraint(fields=["meeting", "department"], name="department_speaks_once")
        ]


class Measure(models.Model):
    """A next measure: what, whose, by when. Open until somebody says how it was done."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="measures")  # it was set at
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    what = models.CharField(max_length=300)
    owner = models.ForeignKey(PERSON, models.PROTECT, related_name="brand_measures")
    due_on = models.DateField()  # as it stands, moved by a Review
    done_on = models.DateField(null=True)
    how = models.TextField(blank=True)
    done_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("due_on", "pk")
        indexes = [models.Index(fields=["done_on", "due_on"], name="measure_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on=None, how="", done_by=None)
                | (Q(done_on__isnull=False, done_by__isnull=False) & ~Q(how="")),
                name="measure_done_by_somebody_somehow",
            )
        ]


class Review(models.Model):
    """A measure not done, carried to a meeting. `due_on` and `why`: it goes on from there."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="reviews")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="reviews")
    was_due_on = models.DateField()
    due_on = models.DateField(null=True)
    why = models.TextField(blank=True)

    class Meta:
        ordering = ("was_due_on", "pk")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "measure"], name="measure_reviewed_once"),
            models.CheckConstraint(
                condition=Q(due_on=None, why="") | (Q(due_on__gte=F("was_due_on")) & ~Q(why="")),
                name="measure_goes_on_for_a_reason",
            ),
        ]


class Guidance(models.Model):
    """What a superior said about an office's brands, and the answer to it."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="brand_guidance")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="guidance")
    giver = models.CharField(max_length=80)
    document = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    on = models.DateField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_on=None, answered_by=None)
                | (Q(answered_on__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="guidance_answered_by_somebody",
            )
        ]
