"""Sessions, the proposals of deputies and members, what is done with them, and what they touch."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jingyi.web.cases.models import Case, Suggestion
from jingyi.web.evidence.models import Blob
from jingyi.web.leads.models import Incident
from jingyi.web.registry.models import Organ, Procuratorate

USER = settings.AUTH_USER_MODEL


class Body(models.TextChoices):
    """Whose proposals they are."""

    NPC = "npc", _("人大代表建议")
    CPPCC = "cppcc", _("政协提案")


class Session(models.Model):
    """A session (会议) of a people's congress or a CPPCC committee, as one office deals with it."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="sessions")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="sessions")  # the committee
    body = models.CharField(max_length=5, choices=Body)
    name = models.CharField(max_length=120)
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        ordering = ["-first_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["office", "body", "name"], name="session_once")
        ]


class Batch(models.Model):
    """One import of items, which can be taken back as a whole."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="batches")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    columns = models.JSONField(default=dict)  # field → heading, remembered for the committee
    new = models.IntegerField(default=0)
    known = models.IntegerField(default=0)
    rejected = models.JSONField(default=list)  # (row, Sentence)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]


class Item(models.Model):
    """One proposal (建议、提案). Its state follows from the steps taken with it."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="items")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="items")
    number = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    public = models.BooleanField(default=False)
    organ_words = models.CharField(max_length=120, blank=True)  # who handles it, as written
    proposed_on = models.DateField(null=True)
    assigned_on = models.DateField(null=True)
    difficult = models.BooleanField(default=False)  # six months instead of three
    state = models.CharField(max_length=12, default="received")  # rulebook/proposals.toml
    # screening, by the same line as every report
    domain = models.CharField(max_length=20, blank=True)
    lead = models.FloatField(default=0)
    is_lead = models.BooleanField(default=False)
    reasons = models.JSONField(default=list)
    satisfaction = models.CharField(
        max_length=10,
        blank=True,
        choices=[
            ("satisfied", _("满意")), ("mostly", _("基本满意")), ("not", _("不满意")),
        ],
    )  # fmt: skip
    at = models.DateTimeField()

    class Meta:
        ordering = ["-session__first_on", "number", "pk"]
        indexes = [models.Index(fields=["session", "state", "-lead"], name="item_queue")]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="one_item_of_a_number")
        ]

    def get_absolute_url(self):
        return reverse("proposals:item", args=[self.pk])


class Proposer(models.Model):
    """A deputy or member who proposed it; `user` where they can sign in."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="proposers")
    name = models.CharField(max_length=60)
    order = models.IntegerField(default=1)
    user = models.ForeignKey(USER, models.PROTECT, null=True, related_name="proposed")

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "name"], name="proposer_once_an_item")
        ]


class Step(models.Model):
    """A step taken with an item; one that was wrong is undone with a reason, never erased."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=12)  # a step of rulebook/proposals.toml
    words = models.TextField(blank=True)
    on = models.DateField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    undone_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]


class Link(models.Model):
    """An item and a suggestion, a lead or a case that speak of one matter: who said so, and why."""

    class Origin(models.TextChoices):
        MATCH = "match", _("比对")
        TAKEN_UP = "taken-up", _("作为线索办理")
        MATERIAL = "material", _("由检察建议转化")
        HAND = "hand", _("人工关联")

    class Verdict(models.TextChoices):
        SAME = "same", _("同一件事")
        RELATED = "related", _("有关联")
        NO = "no", _("无关")

    item = models.ForeignKey(Item, models.CASCADE, related_name="links")
    suggestion = models.ForeignKey(Suggestion, models.CASCADE, null=True, related_name="+")
    incident = models.ForeignKey(Incident, models.CASCADE, null=True, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="+")
    origin = models.CharField(max_length=10, choices=Origin)
    verdict = models.CharField(max_length=10, choices=Verdict)
    score = models.FloatField(null=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(suggestion__isnull=False, incident__isnull=True, case__isnull=True)
                | Q(suggestion__isnull=True, incident__isnull=False, case__isnull=True)
                | Q(suggestion__isnull=True, incident__isnull=True, case__isnull=False),
                name="a_link_to_one_thing",
            ),
            *(
                models.UniqueConstraint(
                    fields=["item", name],
                    condition=Q(undone_at__isnull=True, **{f"{name}__isnull": False}),
                    name=f"one_link_to_a_{name}",
                )
                for name in ("suggestion", "incident", "case")
            ),
        ]

    @property
    def target(self):
        """What the item is linked with."""
        return self.suggestion or self.incident or self.case


class Invitation(models.Model):
    """A proposer invited to something done in the matter."""

    class Kind(models.TextChoices):
        HEARING = "hearing", _("听证")
        DELIVERY = "delivery", _("检察建议送达")
        FOLLOW_UP = "follow-up", _("跟进回访")

    class Answer(models.TextChoices):
        WAITING = "", pgettext_lazy("invitation", "未答复")
        COMES = "yes", pgettext_lazy("invitation", "参加")
        ABSENT = "no", pgettext_lazy("invitation", "不参加")

    proposer = models.ForeignKey(Proposer, models.CASCADE, related_name="invitations")
    kind = models.CharField(max_length=10, choices=Kind)
    on = models.DateField()
    place = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    answer = models.CharField(max_length=3, choices=Answer, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["on", "pk"]


class Material(models.Model):
    """Suggestions that show a larger problem, worked into material for a proposal (direction B)."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("material", "起草")
        HANDED = "handed", pgettext_lazy("material", "已送代表委员")
        TABLED = "tabled", pgettext_lazy("material", "已提出")
        DROPPED = "dropped", pgettext_lazy("material", "不再推进")

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="materials")
    ground = models.CharField(max_length=20)  # of rulebook/proposals.toml
    title = models.CharField(max_length=300)
    text = models.TextField()
    suggestions = models.ManyToManyField(Suggestion, related_name="materials")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    handed_to = models.CharField(max_length=60, blank=True)
    user = models.ForeignKey(USER, models.PROTECT, null=True, related_name="materials")
    handed_on = models.DateField(null=True)
    item = models.OneToOneField(Item, models.PROTECT, null=True, related_name="material")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="tabled") | Q(item__isnull=False), name="tabled_as_an_item"
            ),
            models.CheckConstraint(
                condition=~Q(state="handed") | ~Q(handed_to=""), name="handed_to_somebody"
            ),
        ]

    def get_absolute_url(self):
        return reverse("proposals:material", args=[self.pk])


class JointPaper(models.Model):
    """A paper of the three offices, countersigned in turn: procuratorate, congress, CPPCC."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="joint_papers")
    title = models.CharField(max_length=200)
    text = models.TextField()
    digest = models.CharField(max_length=64)  # SHA-256 of title and text
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    returned_words = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def get_absolute_url(self):
        return reverse("proposals:joint", args=[self.pk])


class Countersignature(models.Model):
    """One office's signature under a joint paper, for the very words."""

    class Side(models.TextChoices):
        OFFICE = "office", _("检察院")
        NPC = "npc", _("人大常委会")
        CPPCC = "cppcc", _("政协")

    paper = models.ForeignKey(JointPaper, models.CASCADE, related_name="signatures")
    side = models.CharField(max_length=10, choices=Side)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "side"], name="one_countersignature_a_side")
        ]
