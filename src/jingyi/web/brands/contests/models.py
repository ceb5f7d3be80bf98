"""Contests, papers under a code, readings."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from jingyi.web.registry.models import Procuratorate

PERSON = settings.AUTH_USER_MODEL


class Contest(models.Model):
    """A contest of one office: papers until a day, then readings, then marks given out."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="contests")
    title = models.CharField(max_length=120)
    task = models.TextField()
    due_on = models.DateField()  # last day for papers
    readers = models.ManyToManyField(PERSON, related_name="+")
    full_marks = models.IntegerField()  # of the rulebook on the day it was opened
    threshold = models.IntegerField()  # likewise: beyond it a third reads
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    assigned_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-due_on", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(assigned_at__isnull=False),
                name="contest_read_before_released",
            ),
            models.CheckConstraint(
                condition=Q(threshold__gt=0, threshold__lt=F("full_marks")),
                name="contest_threshold_fits",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("contests:contest", args=[self.pk])


class Paper(models.Model):
    """What somebody handed in. Readers know it by its code only."""

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="papers")
    author = models.ForeignKey(PERSON, models.PROTECT, related_name="papers")
    code = models.CharField(max_length=8)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("code",)  # drawn at random: tells neither who nor when
        constraints = [
            models.UniqueConstraint(fields=["contest", "author"], name="one_paper_an_author"),
            models.UniqueConstraint(fields=["contest", "code"], name="one_paper_a_code"),
        ]


class Reading(models.Model):
    """A paper given to a reader, and the mark; it is given once."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="readings")
    reader = models.ForeignKey(PERSON, models.PROTECT, related_name="readings")
    place = models.IntegerField()  # 1, 2, and 3 where they differ
    mark = models.IntegerField(null=True)
    note = models.TextField(blank=True)
    marked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("place",)
        constraints = [
            models.UniqueConstraint(fields=["paper", "reader"], name="reads_once"),
            models.UniqueConstraint(fields=["paper", "place"], name="one_reader_a_place"),
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=3), name="three_readers"),
            models.CheckConstraint(
                condition=Q(mark=None, marked_at=None)
                | Q(mark__gte=0, marked_at__isnull=False),
                name="marked_at_a_time",
            ),
        ]  # fmt: skip
