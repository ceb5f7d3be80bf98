"""The shape of the map's filters and of an uploaded layer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.web.places.geojson import read_layer
from jingyi.web.places.models import Layer
from jingyi.web.ui.templatetags.ui import said, title_of

SELECT = forms.Select({"class": "input"})


class MapFilter(forms.Form):
    """Filters that mean the same on the map, the desk and the list of cases."""

    domain = forms.ChoiceField(label=_("领域"), required=False, widget=SELECT)
    region = forms.ChoiceField(label=_("区划"), required=False, widget=SELECT)
    on = forms.DateField(
        label=_("截至哪一天"),
        required=False,
        widget=forms.DateInput({"type": "date", "class": "input"}),
    )

    def __init__(self, *args, regions, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        domains = [(domain.slug, said(domain.title)) for domain in rulebook.domains()]
        self.fields["domain"].choices = [("", _("全部领域")), *domains]
        named = [(region.code, title_of(region, "name")) for region in regions]
        self.fields["region"].choices = [("", _("全部区划")), *named]


class LayerForm(forms.Form):
    """One layer of an office's base map, as a GeoJSON file."""

    office = forms.ModelChoiceField(None, label=_("检察院"), to_field_name="code")
    kind = forms.ChoiceField(label=_("画作什么"), choices=Layer.Kind.choices)
    name = forms.CharField(label=_("图层名称"), max_length=80, help_text=_("同名的图层会被替换。"))
    name_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    attribution = forms.CharField(
        label=_("来源和审图号"),
        max_length=200,
        help_text=_("显示在地图角上。公开使用的地图须有审图号。"),
    )
    order = forms.IntegerField(
        label=_("叠放次序"), initial=5, min_value=0, max_value=99, help_text=_("数小的在下面。")
    )
    file = forms.FileField(
        label=_("GeoJSON 文件"),
        help_text=_("WGS-84 或 CGCS2000 经纬度，UTF-8，不超过 8 MB、两万个要素。"),
    )

    def __init__(self, *args, offices, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices
        self.fields["office"].label_from_instance = lambda office: title_of(office, "name")

    def clean_file(self):
        """Turn the file into features; what is wrong with it is said at the field."""
        try:
            return read_layer(self.cleaned_data["file"].read())
        except Refusal as refusal:
            raise forms.ValidationError(said(refusal.sentence)) from None
