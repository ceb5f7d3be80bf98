"""Regions, procuratorates and their departments, administrative organs, and who holds which post."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("县级")


class Region(models.Model):
    """An administrative division by its GB/T 2260 code."""

    code = models.CharField(primary_key=True, max_length=6)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    level = models.CharField(max_length=10, choices=Level)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    lon = models.FloatField(null=True, blank=True)  # WGS-84
    lat = models.FloatField(null=True, blank=True)


class Procuratorate(models.Model):
    """An office (人民检察院). `path` holds its own and its superiors' ids: a subtree is a prefix."""

    code = models.SlugField(unique=True)
    name = models.CharField(_("名称"), max_length=80, unique=True)
    name_en = models.CharField(max_length=120, blank=True)
    level = models.CharField(max_length=10, choices=Level)
    region = models.ForeignKey(Region, models.PROTECT, related_name="procuratorates")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    path = models.CharField(max_length=200, db_index=True)  # "/1/4/9/"

    def get_absolute_url(self):
        return reverse("registry:office", args=[self.code])


class Department(models.Model):
    """A department (内设机构) of a procuratorate."""

    procuratorate = models.ForeignKey(Procuratorate, models.PROTECT, related_name="departments")
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procuratorate", "name"], name="department_once")
        ]


class Organ(models.Model):
    """An administrative organ (行政机关) and the statutory domains it answers for."""

    code = models.SlugField(unique=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    level = models.CharField(max_length=10, choices=Level)
    region = models.ForeignKey(Region, models.PROTECT, related_name="organs")
    domains = models.JSONField(default=list)  # slugs of rulebook/domains.toml


class Post(models.Model):
    """One person's role in one office or organ, from a day until a day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts")
    role = models.SlugField(max_length=40)  # a role of rulebook/roles.toml
    procuratorate = models.ForeignKey(
        Procuratorate, models.PROTECT, null=True, blank=True, related_name="posts"
    )
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True)
    organ = models.ForeignKey(Organ, models.PROTECT, null=True, blank=True, related_name="posts")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # last day, inclusive

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(procuratorate__isnull=False, organ__isnull=True)
                | Q(procuratorate__isnull=True, organ__isnull=False),
                name="post_is_in_an_office_or_an_organ",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "procuratorate", "organ"],
                condition=Q(until__isnull=True),
                nulls_distinct=False,
                name="post_held_once",
            ),
        ]
