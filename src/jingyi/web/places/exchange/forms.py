"""The shapes of an exchange: a file to be read, and the format of one to be written."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.core.places.book import book
from jingyi.engines.places.files import FORMATS
from jingyi.web.ui.templatetags.ui import said, title_of

DATUMS = [
    ("", _("按文件写明的；没有写明按 WGS-84")), ("wgs84", "WGS-84"), ("cgcs2000", "CGCS2000"),
    ("gcj02", _("GCJ-02（高德、腾讯）")), ("bd09", _("BD-09（百度）")),
]  # fmt: skip
TITLES = {
    "geojson": "GeoJSON", "gpkg": "GeoPackage", "shp": _("Shapefile（zip）"), "kml": "KML", "csv": "CSV",
}  # fmt: skip


class UploadForm(forms.Form):
    """A file, and what holds for those of its records that do not say it."""

    office = forms.ModelChoiceField(None, label=_("检察院"), to_field_name="code")
    file = forms.FileField(
        label=_("文件"),
        help_text=_("GeoJSON、GeoPackage、Shapefile（把 .shp、.dbf、.prj 打成 zip）、KML 或 KMZ、CSV 或 XLSX；不超过 32 MB、两万条记录、五十万个点。"),
        error_messages={"empty": _("文件是空的。请重新导出后再试。")},
        widget=forms.ClearableFileInput({"accept": ".geojson,.json,.gpkg,.zip,.kml,.kmz,.csv,.xlsx"}),
    )  # fmt: skip
    datum = forms.ChoiceField(label=_("坐标系"), choices=DATUMS, required=False)
    kind = forms.ChoiceField(label=_("没有写明种类的按"), required=False)
    region = forms.ModelChoiceField(
        None, label=_("没有写明区划的按"), to_field_name="code", required=False
    )

    def __init__(self, *args, offices, regions, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices
        self.fields["region"].queryset = regions
        for name in ("office", "region"):
            self.fields[name].label_from_instance = lambda one: title_of(one, "name")
        kinds = [(one.id, said(one.title)) for one in book().kinds.values()]
        self.fields["kind"].choices = [("", _("不登记")), *kinds]
        self.fields["region"].empty_label = _("不登记")


class ExportForm(forms.Form):
    """The format of a file."""

    format = forms.ChoiceField(choices=[(name, TITLES[name]) for name in FORMATS])
