"""Protected places, and the office's own map layers."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jingyi.web.registry.models import Organ, Procuratorate, Region


class Place(models.Model):
    """A protected place: a relic, a memorial, a water source, a river reach."""

    class Kind(models.TextChoices):
        RELIC = "relic", _("文物保护单位")
        CANAL = "canal", _("运河遗产")
        MEMORIAL = "memorial", _("烈士纪念设施")
        WATER_SOURCE = "water-source", _("饮用水水源地")
        RIVER = "river", _("河流")
        RESERVE = "reserve", _("自然保护地")
        FARMLAND = "farmland", _("永久基本农田")

    code = models.SlugField(unique=True, max_length=40)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    aliases = models.JSONField(default=list)  # other names citizens use
    kind = models.CharField(max_length=20, choices=Kind)
    level = models.CharField(_("保护级别"), max_length=40, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="places")
    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="places")
    keeper = models.ForeignKey(Organ, models.PROTECT, null=True, blank=True)
    geometry = models.JSONField()  # GeoJSON geometry, WGS-84
    lon = models.FloatField()  # a point inside or on it
    lat = models.FloatField()
    radius_m = models.FloatField(default=0)  # "nearby" reaches this far beyond the geometry
    basis = models.CharField(max_length=200, blank=True)

    def get_absolute_url(self):
        return reverse("places:place", args=[self.code])


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
