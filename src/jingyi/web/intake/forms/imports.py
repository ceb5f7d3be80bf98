"""The shapes of an import: whose file, and which column is what."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jingyi.core.datum import DATUMS
from jingyi.web.intake.importing.mapping import FIELDS
from jingyi.web.intake.models import Source
from jingyi.web.ui.templatetags.ui import title_of

LABELS = {
    "text": _("正文"),
    "title": _("标题"),
    "time": _("留言时间"),
    "id": _("来源编号"),
    "place": _("地点"),
    "lon": _("经度"),
    "lat": _("纬度"),
    "datum": _("坐标系"),
    "reporter": _("留言人"),
    "likes": _("点赞数"),
}
SAID = {
    "text": _("每条留言说了什么。没有正文的行不导入。"),
    "time": _("认不出的时间按未知处理，不影响导入。"),
    "id": _("同一编号只收一次。不选时按内容判断。"),
    "lon": _("度数。"),
    "datum": _(
        "高德、腾讯地图是 GCJ-02，百度地图是 BD-09；不选按 WGS-84。换算后与原坐标一并保存。"
    ),
    "reporter": _("只用来区分是否同一人，不保存姓名。"),
}


class UploadForm(forms.Form):
    """A file and who sent it: a sender known before, or a new name."""

    sender = forms.ModelChoiceField(None, label=_("来源单位"), required=False)
    name = forms.CharField(
        label=_("来源单位名称"),
        max_length=80,
        required=False,
        help_text=_("第一次导入时填写，例如“市12345热线”。"),
    )
    office = forms.ModelChoiceField(None, label=_("归哪个检察院"), to_field_name="code")
    source = forms.ChoiceField(
        label=_("线索来源"), choices=Source.choices, initial=Source.HOTLINE, required=False
    )
    file = forms.FileField(
        label=_("文件"),
        error_messages={"empty": _("文件是空的。请重新导出后再试。")},
        widget=forms.ClearableFileInput({"accept": ".xlsx,.csv,.txt,.parquet"}),
    )

    def __init__(self, *args, senders, offices, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = gettext(
            "XLSX、CSV（UTF-8 或 GB18030）或 Parquet，不超过 %(most)s MB。"
        ) % {"most": settings.IMPORT_MAX_BYTES // 2**20}
        self.fields["sender"].queryset = senders
        self.fields["sender"].empty_label = _("新的来源单位")
        self.fields["sender"].label_from_instance = lambda one: (
            f"{one.name} · {title_of(one.office, 'name')}"
        )
        self.fields["office"].queryset = offices
        self.fields["office"].label_from_instance = lambda one: title_of(one, "name")
        self.fields["office"].required = False
        for name in ("office", "source", "name") if not senders.exists() else ():
            self.fields[name].required = True
        if senders.exists():
            self.fields["sender"].initial = senders.first()
        else:
            del self.fields["sender"]
        if len(found := list(offices[:2])) == 1:
            self.fields["office"].initial = found[0].code
            self.fields["office"].empty_label = None

    def clean(self):
        """A new name goes before a known sender; without either, ask."""
        cleaned = super().clean()
        if cleaned.get("name"):
            cleaned["sender"] = None
        if not cleaned.get("sender"):
            if not cleaned.get("name") and "name" not in self.errors:
                self.add_error("name", _("请选择来源单位，或填写一个新的名称。"))
            if not cleaned.get("office") and "office" not in self.errors:
                self.add_error("office", _("请选择归哪个检察院。"))
        return cleaned


class MappingForm(forms.Form):
    """Our columns, each with a choice among the file's headings."""

    def __init__(self, *args, names, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("（没有这一列）")), *((name, name) for name in names)]
        whole = [(one, gettext("全部是 %(datum)s") % {"datum": one}) for one in DATUMS]
        for name in FIELDS:
            self.fields[name] = forms.ChoiceField(
                label=LABELS[name],
                choices=[*choices, *whole] if name == "datum" else choices,
                required=False,
                help_text=SAID.get(name, ""),
            )
