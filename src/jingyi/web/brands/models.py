"""Brands, the decisions of their life, their claims, what was done to keep them."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from jingyi.web.cases.models import Case
from jingyi.web.evidence.models import Blob
from jingyi.web.registry.models import Department, Procuratorate

PERSON = settings.AUTH_USER_MODEL


class Brand(models.Model):
    """One department's brand (品牌)."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="brands")
    department = models.ForeignKey(Department, models.PROTECT, related_name="brands")
    name = models.CharField(max_length=60)
    slogan = models.CharField(max_length=120, blank=True)
    meaning = models.TextField()
    founded_on = models.DateField()
    mark = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    sections = models.JSONField(default=dict)  # id of a section of rulebook/brands.toml: its text
    focuses = models.JSONField(default=list)  # ids of rulebook/brands.toml
    channels = models.JSONField(default=list)  # where it is shown, in words
    cases = models.ManyToManyField(Case, related_name="brands")
    stage = models.CharField(max_length=20)  # of rulebook/brands.toml
    joined_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="joined")
    version = models.IntegerField(default=1)  # optimistic lock

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "name"], name="brand_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("brands:brand", args=[self.pk])


class Decision(models.Model):
    """A step of a brand's life: who decided what, when and why. Never changed."""

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="decisions")
    before = models.CharField(max_length=20, blank=True)
    stage = models.CharField(max_length=20)
    reason = models.TextField()
    on = models.DateField()  # decided
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()  # entered

    class Meta:
        ordering = ("at", "pk")


class Upkeep(models.Model):
    """What was done to keep a brand alive."""

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="upkeeps")
    on = models.DateField()
    what = models.CharField(max_length=300)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-on", "-pk")


class Claim(models.Model):
    """A figure on a brand's page: a count over the tables, or one from a named document."""

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="claims")
    count = models.CharField(max_length=30, blank=True)  # of rulebook/brands.toml; "" from outside
    words = models.CharField(
        max_length=120, blank=True
    )  # what the figure is said to be; "" the count's own title
    figure = models.IntegerField()
    domain = models.CharField(max_length=20, blank=True)  # counted in one domain only
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    since = models.DateField(null=True)
    as_of = models.DateField()
    source = models.CharField(
        max_length=300, blank=True
    )  # the document a figure from outside is of
    withdrawn_at = models.DateTimeField(null=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(count="") & ~models.Q(source=""))
                | (~models.Q(count="") & models.Q(source="")),
                name="claim_is_counted_or_has_a_source",
            ),
        ]


# folders of their own; Django looks for models here
from jingyi.web.brands.contests.models import Contest, Paper, Reading  # noqa: E402, F401 -- likewise
from jingyi.web.brands.exchange.models import Note, Reply  # noqa: E402, F401 -- likewise
from jingyi.web.brands.meetings.models import Guidance, Measure, Meeting, Review, Word  # noqa: E402, F401 -- they may refer to Brand above
from jingyi.web.brands.satisfaction.models import Answered, Asked  # noqa: E402, F401 -- likewise
from jingyi.web.brands.talent.models import Honour, Member, Mentorship, Studio, Task, Training  # noqa: E402, F401 -- likewise
from jingyi.web.brands.typical.models import Draft, Entry, Published, Typical  # noqa: E402, F401 -- likewise
