"""Notes and what was said to them. Taken back by their writer, never rewritten."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from jingyi.web.cases.models import Case
from jingyi.web.registry.models import Department, Procuratorate

PERSON = settings.AUTH_USER_MODEL


class Note(models.Model):
    """A note, a talk or a question of a department."""

    class Kind(models.TextChoices):
        NOTE = "note", pgettext_lazy("exchange", "心得")
        TALK = "talk", pgettext_lazy("exchange", "讲课")
        QUESTION = "question", pgettext_lazy("exchange", "提问")

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=120)
    text = models.TextField()
    cases = models.ManyToManyField(Case, related_name="+")
    brands = models.ManyToManyField("brands.Brand", related_name="notes")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="notes")
    at = models.DateTimeField()
    answer = models.OneToOneField("Reply", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=["office", "-at"], name="note_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer=None) | Q(kind="question"), name="a_question_has_an_answer"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("exchange:note", args=[self.pk])


class Reply(models.Model):
    """What somebody said to a note."""

    note = models.ForeignKey(Note, models.PROTECT, related_name="replies")
    text = models.TextField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
