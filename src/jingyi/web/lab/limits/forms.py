"""What is asked for when limits are loaded or ended."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.web.cases.forms import DateInput
from jingyi.web.lab.limits.models import OwnTable


class LoadForm(forms.Form):
    """A file of limits, and what holds for all of it."""

    number = forms.CharField(label=_("标准号"), max_length=60, help_text=_("例如 GB 2763-2021"))
    title = forms.CharField(label=_("名称"), max_length=200)
    start = forms.DateField(label=_("施行日期"), widget=DateInput())
    end = forms.DateField(label=_("最后有效日"), required=False, widget=DateInput())
    unit = forms.CharField(
        label=_("单位"), max_length=20, required=False,
        help_text=_("表里没有单位列时填写，例如 mg/kg。"),
    )  # fmt: skip
    replaces = forms.ModelChoiceField(
        None, label=_("代替"), required=False, empty_label=_("不代替已有的"),
        help_text=_("被代替的表到施行日期的前一天为止，已有的结论不变。"),
    )  # fmt: skip
    file = forms.FileField(
        label=_("文件"),
        error_messages={"empty": _("文件是空的。请重新导出后再试。")},
        help_text=_("XLSX 或者 CSV，每行一个限值。列：项目、食品、限值、单位、依据、施行日期、失效日期。"),
        widget=forms.ClearableFileInput({"accept": ".xlsx,.csv,.txt"}),
    )  # fmt: skip

    def __init__(self, *args: Any, tables: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["replaces"].queryset = tables
        self.fields["replaces"].label_from_instance = lambda one: f"{one.number} {one.title}"


class EndForm(forms.Form):
    """The last day of a table."""

    last = forms.DateField(label=_("最后有效日"), widget=DateInput())


def open_tables(tables: Any, office: Any) -> Any:
    """Return the tables of an office that a new one may replace."""
    return OwnTable.objects.filter(pk__in=tables.values("pk"), office=office, in_force_to=None)
