"""Tasks with their evidence, mentors, plans, studios. No table here holds a rank or a mark of a person."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from jingyi.web.brands.typical.models import Typical
from jingyi.web.cases.models import Case, Event
from jingyi.web.registry.models import Procuratorate

PERSON = settings.AUTH_USER_MODEL


class Task(models.Model):
    """Something a person did in a real case, with the link that shows it."""

    person = models.ForeignKey(PERSON, models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=30)  # of rulebook/talent.toml
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")
    typical = models.ForeignKey(Typical, models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=300)  # why it was hard, what the person did
    on = models.DateField()
    at = models.DateTimeField()
    confirmed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-on", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "case"], name="task_told_once"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("person"))),
                name="task_confirmed_by_another",
            ),
        ]  # fmt: skip


class Mentorship(models.Model):
    """A mentor and who learns; it holds when both have agreed, each for themselves."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="+")
    mentor = models.ForeignKey(PERSON, models.PROTECT, related_name="teaching")
    learner = models.ForeignKey(PERSON, models.PROTECT, related_name="learning")
    goal = models.CharField(max_length=300)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    mentor_agreed_at = models.DateTimeField(null=True)
    learner_agreed_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = [
            models.CheckConstraint(condition=~Q(mentor=F("learner")), name="nobody_mentors_oneself"),
            models.UniqueConstraint(
                fields=["mentor", "learner"], condition=Q(ended_on=None), name="mentors_once"
            ),
        ]  # fmt: skip

    @property
    def agreed(self) -> bool:
        """Both sides have said yes."""
        return bool(self.mentor_agreed_at and self.learner_agreed_at)


class Training(models.Model):
    """One line of a person's training plan: a skill, what is to be done, by when; done by a task."""

    person = models.ForeignKey(PERSON, models.PROTECT, related_name="trainings")
    skill = models.CharField(max_length=30)
    what = models.CharField(max_length=300)
    due_on = models.DateField()
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="trainings")
    done_on = models.DateField(null=True)
    how = models.CharField(max_length=300, blank=True)  # where no task shows it: a course, a paper
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("done_on", "due_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on=None, task=None, how="")
                | (Q(done_on__isnull=False) & (Q(task__isnull=False) | ~Q(how=""))),
                name="training_done_by_something",
            )
        ]


class Studio(models.Model):
    """A studio or team: what it is for, who is in it, its honours."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="studios")
    name = models.CharField(max_length=80)
    purpose = models.TextField()
    founded_on = models.DateField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("founded_on", "pk")
        constraints = [models.UniqueConstraint(fields=["office", "name"], name="studio_name_once")]

    def get_absolute_url(self) -> str:
        return reverse("talent:studio", args=[self.pk])


class Member(models.Model):
    """Somebody in a studio, from a day until a day."""

    studio = models.ForeignKey(Studio, models.PROTECT, related_name="members")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="memberships")
    does = models.CharField(max_length=60)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        ordering = ("since", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["studio", "person"], condition=Q(until=None), name="member_once"
            )
        ]


class Honour(models.Model):
    """An honour of a studio, with the document it rests on."""

    studio = models.ForeignKey(Studio, models.PROTECT, related_name="honours")
    title = models.CharField(max_length=120)
    source = models.CharField(max_length=200)
    on = models.DateField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-on", "-pk")
