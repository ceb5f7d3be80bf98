"""What is asked for at the river: one thumb, one screen."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.core.lab import book
from jingyi.web.cases.forms import DateInput
from jingyi.web.intake.forms.public import FilesField, ManyFiles
from jingyi.web.lab.actions.sampling import Kept, Where
from jingyi.web.lab.models import Sample
from jingyi.web.ui.templatetags.ui import said


class TakeForm(forms.Form):
    """One sample."""

    kind = forms.ChoiceField(label=_("种类"), choices=Sample.Kind.choices)
    twin = forms.ModelChoiceField(
        None, label=_("是哪个样品的平行样或者备样"), required=False, to_field_name="number"
    )
    seal = forms.CharField(label=_("封签号"), max_length=60)
    second = forms.ModelChoiceField(None, label=_("另一采样人"), to_field_name="username")
    taken_at = forms.DateTimeField(
        label=_("采样时间"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    container = forms.CharField(label=_("容器"), max_length=80, required=False)
    preservative = forms.CharField(label=_("加入的保存剂"), max_length=120, required=False)
    temperature = forms.FloatField(label=_("样品温度（℃）"), required=False)
    appearance = forms.CharField(label=_("外观"), max_length=120, required=False)
    weather = forms.CharField(label=_("天气"), max_length=80, required=False)
    witness = forms.CharField(label=_("见证人"), max_length=120, required=False)
    witness_words = forms.CharField(
        label=_("见证人签名或者拒签情况"), max_length=200, required=False
    )
    photos = FilesField(
        label=_("照片"), required=False,
        widget=ManyFiles({"accept": "image/*", "capture": "environment", "multiple": True}),
    )  # fmt: skip
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    accuracy_m = forms.FloatField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, twins: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["twin"].queryset, self.fields["second"].queryset = twins, people
        self.fields["twin"].label_from_instance = _labelled
        self.fields["second"].label_from_instance = _named

    def where(self) -> Where | None:
        """Return where the telephone was, if it said so."""
        data = self.cleaned_data
        if data["lon"] is None or data["lat"] is None:
            return None
        return Where(data["lon"], data["lat"], data["accuracy_m"])

    def kept(self) -> Kept:
        """Return how it was kept."""
        names = ("container", "preservative", "temperature", "appearance", "weather")
        return Kept(**{name: self.cleaned_data[name] for name in names})


class HandForm(forms.Form):
    """Samples handed over."""

    to = forms.ModelChoiceField(None, label=_("移交给"), to_field_name="username")
    condition = forms.CharField(label=_("状况"), max_length=200, required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people
        self.fields["to"].label_from_instance = _named


class ReceiveForm(forms.Form):
    """Samples received."""

    intact = forms.TypedChoiceField(
        label=_("封签"), coerce=lambda text: text == "yes", widget=forms.RadioSelect,
        choices=[("yes", _("都完好")), ("no", _("有不完好的"))],
    )  # fmt: skip
    condition = forms.CharField(label=_("状况"), max_length=200, required=False)


class CommissionForm(forms.Form):
    """A sample sent to a qualified body."""

    sample = forms.ModelChoiceField(None, label=_("样品"), to_field_name="number")
    item = forms.ChoiceField(label=_("检测项目"))
    body = forms.CharField(label=_("检验检测机构"), max_length=120)
    sent_on = forms.DateField(label=_("送检日期"), widget=DateInput())

    def __init__(self, *args: Any, samples: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sample"].queryset = samples
        self.fields["sample"].label_from_instance = _labelled
        known = book.names().items
        self.fields["item"].choices = [(one, said(known[one].title)) for one in items]


class ReportForm(forms.Form):
    """A qualified body's report."""

    number = forms.CharField(label=_("检验检测报告编号"), max_length=60)
    cma = forms.CharField(label=_("CMA 证书编号（资质认定）"), max_length=60)
    issued_on = forms.DateField(label=_("报告日期"), widget=DateInput())
    over = forms.TypedChoiceField(
        label=_("报告的结论"), widget=forms.RadioSelect, coerce=lambda text: text == "yes",
        choices=[("yes", _("超过限值")), ("no", _("未超过限值"))],
    )  # fmt: skip
    value = forms.CharField(label=_("报告的结果"), max_length=30, required=False)
    unit = forms.CharField(label=_("单位"), max_length=20, required=False)
    u = forms.FloatField(
        label=_("标准不确定度"), required=False, min_value=0,
        help_text=_("报告给出的是扩展不确定度的，除以包含因子（一般是 2）。"),
    )  # fmt: skip
    file = forms.FileField(label=_("报告文件"))


def _labelled(sample: Sample) -> str:
    return f"{sample.number} · {sample.point.name} · {sample.get_kind_display()}"


def _named(user: Any) -> str:
    return str(user.name)
