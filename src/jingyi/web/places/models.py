"""Protected places, their legal zones, and the office's own map layers."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jingyi.core.places.book import book
from jingyi.web.registry.models import Organ, Procuratorate, Region
from jingyi.web.ui.templatetags.ui import said


class Place(models.Model):
    """A protected place: a relic, a memorial, a water source, a river reach."""

    code = models.SlugField(unique=True, max_length=40)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    aliases = models.JSONField(default=list)  # other names citizens use
    kind = models.CharField(max_length=20)  # of rulebook/places.toml
    level = models.CharField(_("保护级别"), max_length=40, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="places")
    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="places")
    keeper = models.ForeignKey(Organ, models.PROTECT, null=True, blank=True)
    geometry = models.JSONField()  # GeoJSON geometry, WGS-84
    lon = models.FloatField()  # a point inside or on it
    lat = models.FloatField()
    radius_m = models.FloatField(default=0)  # "nearby" reaches this far beyond the geometry
    basis = models.CharField(max_length=200, blank=True)
    batch = models.CharField(_("公布批次"), max_length=80, blank=True)
    contact = models.CharField(_("联系方式"), max_length=120, blank=True)
    origin = models.JSONField(default=dict)  # {"datum": as given, "file"?: name, "row"?: number}
    retired_on = models.DateField(null=True, blank=True)

    def get_absolute_url(self):
        return reverse("places:place", args=[self.code])

    def get_kind_display(self):
        """Return the kind's title in the reader's language."""
        return said(book().kinds[self.kind].title) if self.kind in book().kinds else self.kind


class Zone(models.Model):
    """A zone that the law draws around a place, as one notice drew it, while it is in force."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="zones")
    kind = models.CharField(max_length=30)  # of rulebook/places.toml
    name = models.CharField(max_length=120, blank=True)
    geometry = models.JSONField()  # GeoJSON Polygon or MultiPolygon, WGS-84, sound
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # the last day it is in force
    basis = models.CharField(max_length=200)  # the notice that drew it
    organ = models.ForeignKey(Organ, models.PROTECT, null=True, blank=True, related_name="zones")
    contact = models.CharField(max_length=120, blank=True)
    origin = models.JSONField(default=dict)  # as of a place, with "repairs": what was mended

    class Meta:
        ordering = ["place_id", "kind", "valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="zone_ends_after_it_begins",
            )
        ]

    def get_absolute_url(self):
        return f"{self.place.get_absolute_url()}#zone-{self.pk}"

    def get_kind_display(self):
        """Return the kind's title in the reader's language."""
        return said(book().zones[self.kind].title) if self.kind in book().zones else self.kind

    def in_force(self, on: date) -> bool:
        """Tell whether the zone binds on that day; its first and last day count."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Upload(models.Model):
    """A file of places and zones as it was read, until someone confirms what it becomes."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    records = models.JSONField()  # of core.places.records
    kind = models.CharField(max_length=20, blank=True)  # of records that do not say theirs
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)  # outcome: how many, once confirmed

    class Meta:
        ordering = ["-at", "-id"]

    def get_absolute_url(self):
        return reverse("places:upload", args=[self.pk])


class Layer(models.Model):
    """A layer of the office's own base map, as GeoJSON. No national outline is ever shipped."""

    class Kind(models.TextChoices):
        DISTRICT = "district", _("区县")
        TOWN = "town", _("乡镇街道")
        BUILT = "built", _("建成区")
        LAKE = "lake", _("湖泊水库")
        RIVER = "river", _("河流")
        CANAL = "canal", _("运河")
        ROAD = "road", _("道路")
        NAME = "place-name", _("地名")

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="layers")
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    features = models.JSONField()  # a GeoJSON FeatureCollection, WGS-84
    attribution = models.CharField(max_length=200, blank=True)
    order = models.SmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["office", "name"], name="layer_once")]

    def get_absolute_url(self):
        return reverse("places:layer", args=[self.pk])
