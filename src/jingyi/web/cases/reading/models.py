"""What is kept of reading: a file's place in the evidence list, its pages, notes and dates on them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jingyi.core.reading import page as core
from jingyi.web.cases.documents.models import Fact, kind_choices
from jingyi.web.cases.models import Case
from jingyi.web.evidence.models import Blob

USER = settings.AUTH_USER_MODEL


class Item(models.Model):
    """What the evidence list says of one file of a case, beside what is sealed with the file.

    `key` is the file's: "exhibit-3" (by its number) or "event-12" (what came with a step).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="items")
    key = models.CharField(max_length=24)
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    place = models.IntegerField(null=True)  # in the list; nothing until somebody orders it
    group = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=12, choices=kind_choices, blank=True)  # of a step's file
    purpose = models.TextField(blank=True)  # 证明目的
    collected_by = models.CharField(max_length=60, blank=True)
    collected_on = models.DateField(null=True)
    source = models.CharField(max_length=200, blank=True)  # instead of the exhibit's own

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="item_once")]


class Reading(models.Model):
    """How far a sealed file has been read. The same bytes are read once, whatever case they are in."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待识读")
        UNDER_WAY = "reading", _("正在识读")
        DONE = "done", _("已识读")
        REFUSED = "refused", _("不能分页显示")

    blob = models.OneToOneField(Blob, models.PROTECT, primary_key=True, related_name="reading")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    pages = models.IntegerField(null=True)  # once it has been looked at
    refusal = models.JSONField(null=True)  # Sentence
    queued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="refused") | Q(refusal__isnull=False), name="reading_refused_why"
            )
        ]


class Page(models.Model):
    """One page of a file: our image of it, its lines, and the days they name."""

    class By(models.TextChoices):
        LAYER = "layer", _("文本层")
        OCR = "ocr", _("机器识读")

    reading = models.ForeignKey(Reading, models.PROTECT, related_name="leaves")
    number = models.IntegerField()
    image = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    thumb = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    width = models.IntegerField()  # pixels of the image
    height = models.IntegerField()
    by = models.CharField(max_length=5, choices=By)
    lines = models.JSONField(default=list)  # [[text, x, y, w, h, score]], fractions of the page
    dates = models.JSONField(default=list)  # [[ISO day, start, end, sure]] in the page's letters
    made_at = models.DateTimeField()
    seconds = models.FloatField()

    class Meta:
        ordering = ["reading", "number"]
        constraints = [models.UniqueConstraint(fields=["reading", "number"], name="page_once")]

    def core(self) -> core.Page:
        """Return the page as the core's: lines with boxes."""
        return core.Page(
            tuple(
                core.Line(text, core.Box(x, y, w, h), score)
                for text, x, y, w, h, score in self.lines
            )
        )


class Note(models.Model):
    """What somebody wrote about a place on a page. Taken back with a reason, never taken away."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="notes")
    page = models.IntegerField()
    x = models.FloatField()
    y = models.FloatField()
    w = models.FloatField()
    h = models.FloatField()
    quote = models.TextField(blank=True)  # what the page says there
    text = models.TextField()
    version = models.IntegerField(default=1)  # optimistic lock
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    fact = models.ForeignKey(Fact, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    removed_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["page", "y", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | (Q(removed_at__isnull=False, removed_by__isnull=False) & ~Q(removed_reason="")),
                name="note_removed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(x__gte=0, y__gte=0, w__gt=0, h__gt=0, x__lte=1, y__lte=1),
                name="note_inside_its_page",
            ),
        ]


class NoteVersion(models.Model):
    """What a note said before it was changed."""

    note = models.ForeignKey(Note, models.PROTECT, related_name="earlier")
    n = models.IntegerField()
    text = models.TextField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-n"]
        constraints = [models.UniqueConstraint(fields=["note", "n"], name="note_version_once")]


class Dated(models.Model):
    """What somebody decided about a day that a page names: it belongs in the chronology, or not."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="dated")
    page = models.IntegerField()
    start = models.IntegerField()  # in the page's letters
    end = models.IntegerField()
    words = models.CharField(max_length=40)  # as the page writes the day
    confirmed = models.BooleanField()
    on = models.DateField()
    says = models.TextField(blank=True)  # what happened on that day
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    undone_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "page", "start"],
                condition=Q(undone_at__isnull=True),
                name="date_decided_once",
            ),
            models.CheckConstraint(
                condition=Q(confirmed=False) | ~Q(says=""), name="confirmed_date_says_what"
            ),
        ]
