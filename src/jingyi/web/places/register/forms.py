"""The shape of what is entered: a place, a zone, a day, and the filters of the list."""

import json

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.core.places.book import book
from jingyi.core.places.shapes import read, shifts
from jingyi.core.refusal import Refusal
from jingyi.web.places.models import Place
from jingyi.web.registry.models import Organ
from jingyi.web.ui.templatetags.ui import said, title_of

DATUMS = [("wgs84", "WGS-84"), ("cgcs2000", "CGCS2000"), ("gcj02", "GCJ-02"), ("bd09", "BD-09")]
RESERVED = {"register", "new", "layers", "print", "at"}  # addresses of the room itself
MOST_LETTERS = 2_000_000
DAY = forms.DateInput({"type": "date"})


def _kinds(found) -> list:
    return [(one.id, said(one.title)) for one in found.values()]


class ListFilter(forms.Form):
    """What of the register is listed."""

    q = forms.CharField(label=_("名称、代码、别名"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_("种类"), required=False)
    region = forms.ChoiceField(label=_("区划"), required=False)
    retired = forms.BooleanField(label=_("含已撤下的"), required=False)

    def __init__(self, *args, regions, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("全部种类")), *_kinds(book().kinds)]
        named = [(one.code, title_of(one, "name")) for one in regions]
        self.fields["region"].choices = [("", _("全部区划")), *named]


class Drawn(forms.Form):
    """A shape as GeoJSON, and the datum its coordinates are given in."""

    datum = forms.ChoiceField(label=_("坐标系"), choices=DATUMS)
    geometry = forms.CharField(
        label=_("图形（GeoJSON）"),
        widget=forms.Textarea({"rows": 5}),
        max_length=MOST_LETTERS,
        help_text=_("重复的点、没有闭合的环、自相交会按写明的规则修复；洞在外环之外等会被拒绝。"),
    )

    def clean(self):
        """Turn the text into a sound shape; what is wrong with it is said at the field."""
        told = super().clean()
        if text := told.get("geometry"):
            try:
                given, datum = json.loads(text), told.get("datum", "wgs84")
                told["drawn"] = drawn = read(given, datum)
                repairs = [one.to_json() for one in drawn.repairs]
                told["came"] = {"datum": datum, "repairs": repairs}
                if shifts(datum):
                    told["came"]["given"] = given
            except Refusal as refusal:
                self.add_error("geometry", said(refusal.sentence))
            except (ValueError, RecursionError):
                self.add_error("geometry", _("这不是 GeoJSON 图形。"))
        return told


class PlaceForm(Drawn):
    """A place of the register."""

    office = forms.ModelChoiceField(None, label=_("检察院"), to_field_name="code")
    code = forms.SlugField(label=_("代码"), max_length=40, help_text=_("登记后不再改变。"))
    name = forms.CharField(label=_("名称"), max_length=80)
    name_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    aliases = forms.CharField(label=_("群众的叫法，用顿号隔开"), max_length=400, required=False)
    kind = forms.ChoiceField(label=_("种类"))
    level = forms.CharField(label=_("保护级别"), max_length=40, required=False)
    batch = forms.CharField(label=_("公布批次"), max_length=80, required=False)
    region = forms.ModelChoiceField(None, label=_("所在区划"), to_field_name="code")
    keeper = forms.ModelChoiceField(None, label=_("保护责任机关"), required=False)
    contact = forms.CharField(label=_("联系方式"), max_length=120, required=False)
    basis = forms.CharField(label=_("依据"), max_length=200, required=False)
    radius_m = forms.FloatField(label=_("提示范围（米）"), min_value=0, max_value=5000, initial=0)

    field_order = ("office", "code", "name", "name_en", "aliases", "kind", "level", "batch")

    def __init__(self, *args, offices, regions, place=None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = _kinds(book().kinds)
        self.fields["region"].queryset = regions
        self.fields["keeper"].queryset = Organ.objects.order_by("code")
        self.fields["office"].queryset = offices
        for name in ("region", "keeper", "office"):
            self.fields[name].label_from_instance = lambda one: title_of(one, "name")
        if place:
            del self.fields["office"], self.fields["code"]
            self.fields["geometry"].required = False
            self.fields["geometry"].label = _("新的图形（GeoJSON），留空则不变")

    def clean_code(self):
        """Refuse a code that is in use, or that is an address of the room."""
        code = self.cleaned_data["code"]
        if code in RESERVED or Place.objects.filter(code=code).exists():
            raise forms.ValidationError(_("这个代码已经使用。"))
        return code

    def clean_aliases(self):
        """Return the names apart."""
        given = self.cleaned_data["aliases"].replace("，", "、").split("、")
        return [name.strip() for name in given if name.strip()]


class ZoneForm(Drawn):
    """A legal zone as one notice drew it."""

    kind = forms.ChoiceField(label=_("法定区域"))
    name = forms.CharField(label=_("名称"), max_length=120, required=False)
    basis = forms.CharField(label=_("划定的依据"), max_length=200)
    valid_from = forms.DateField(label=_("生效日"), widget=DAY)
    valid_to = forms.DateField(label=_("失效日（当日仍有效）"), widget=DAY, required=False)
    organ = forms.ModelChoiceField(None, label=_("责任机关"), required=False)
    contact = forms.CharField(label=_("联系方式"), max_length=120, required=False)

    field_order = ("kind", "name", "basis", "valid_from", "valid_to", "organ", "contact")

    def __init__(self, *args, place, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        own = book().kinds[place.kind].zones if place.kind in book().kinds else ()
        first = [book().zones[zone] for zone in own]
        others = [zone for zone in book().zones.values() if zone not in first]
        self.fields["kind"].choices = [(one.id, said(one.title)) for one in (*first, *others)]
        self.fields["organ"].queryset = Organ.objects.order_by("code")
        self.fields["organ"].label_from_instance = lambda one: title_of(one, "name")

    def clean(self):
        """Refuse a point or a line, and an end before the beginning."""
        told = super().clean()
        drawn = told.get("drawn")
        if drawn and "Polygon" not in drawn.geometry["type"]:
            self.add_error("geometry", _("法定区域须是面。"))
        since, until = told.get("valid_from"), told.get("valid_to")
        if since and until and until < since:
            self.add_error("valid_to", _("失效日早于生效日。"))
        return told


class DayForm(forms.Form):
    """A day."""

    day = forms.DateField(label=_("日期"), widget=DAY)
