"""What is asked for on a worksheet and in the registers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jingyi.core.lab.control_rules import KINDS
from jingyi.web.cases.forms import DateInput
from jingyi.web.lab.controls import FIGURES, UNREAD
from jingyi.web.lab.forms.asking import item_choices
from jingyi.web.lab.models import Method, Result, Sample
from jingyi.web.lab.models.equipment import Technique
from jingyi.web.ui.templatetags.ui import said

SIGNS = [("", "—"), ("阳性", _("阳性")), ("阴性", _("阴性"))]
FIGURE_TITLES = {
    "value": pgettext_lazy("figure", "测得值"),
    "first": pgettext_lazy("figure", "第一次"),
    "second": pgettext_lazy("figure", "第二次"),
    "without": pgettext_lazy("figure", "未加标"),
    "spiked": pgettext_lazy("figure", "加标后"),
    "added": pgettext_lazy("figure", "加标量"),
    "nominal": pgettext_lazy("figure", "标称值"),
    "sign": pgettext_lazy("figure", "显示"),
}


def seals() -> forms.Field:
    """Return the question how the seals were when samples were opened."""
    return forms.TypedChoiceField(
        label=_("拆封时封签"), required=False, widget=forms.RadioSelect, empty_value=None,
        coerce=lambda text: text == "yes", choices=[("yes", _("都完好")), ("no", _("有不完好的"))],
    )  # fmt: skip


class BeginForm(forms.Form):
    """A worksheet to be begun: one method, its instrument or lot, the samples that wait for it."""

    device = forms.ModelChoiceField(None, label=_("仪器"), required=False)
    kit = forms.ModelChoiceField(None, label=_("试剂批号"), required=False)
    on = forms.DateField(label=_("检测日期"), widget=DateInput())
    samples = forms.ModelMultipleChoiceField(
        None, label=_("样品"), to_field_name="number", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    intact = seals()

    def __init__(
        self, *args: Any, method: Method, devices: Any, samples: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["device"].queryset = devices
        self.fields["device"].label_from_instance = lambda one: f"{one.name} {one.serial}"
        self.fields["kit"].queryset = method.kits.order_by("expires_on")
        self.fields["kit"].label_from_instance = lambda one: f"{one.lot}（{one.expires_on}）"
        self.fields["samples"].queryset = Sample.objects.filter(pk__in=[one.pk for one in samples])
        self.fields["samples"].label_from_instance = labelled


class ResultsForm(forms.Form):
    """The results of a worksheet, a field a sample; the analyst sees numbers, not places."""

    def __init__(
        self, *args: Any, results: Sequence[Result], sign_only: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = []
        for one in results:
            name = f"r{one.pk}"
            label = f"{one.position} · {one.sample.number}"
            field: forms.Field = forms.CharField(
                label=label, required=False, max_length=40, initial=one.text,
                widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
            )  # fmt: skip
            if sign_only:
                field = forms.ChoiceField(
                    label=label, required=False, choices=SIGNS, initial=one.text
                )
            self.fields[name] = field
            self.rows.append((one, name))

    def shown(self) -> list[tuple[Result, forms.BoundField]]:
        """Return each result with its field."""
        return [(one, self[name]) for one, name in self.rows]

    def texts(self) -> dict[int, str]:
        """Return result → what was written."""
        return {one.pk: self.cleaned_data[name] for one, name in self.rows}


class ControlForm(forms.Form):
    """One control of a kind."""

    position = forms.TypedChoiceField(
        label=_("顺序"), required=False, coerce=int, empty_value=None,
        choices=[("", _("按登记先后")), ("0", _("全部样品之前"))],
    )  # fmt: skip

    def __init__(self, *args: Any, kind: str, method: Method, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.title = said(KINDS[kind])
        for name in FIGURES[kind]:
            self.fields[name] = _figure(name, kind, method)
        if kind == "reference":
            self.fields["material"] = forms.ModelChoiceField(
                method.materials.all(), label=_("标准样品")
            )
            self.fields["material"].label_from_instance = lambda one: f"{one.name} {one.lot}"

    def figures(self) -> dict[str, str]:
        """Return figure → what was written."""
        return {name: self.cleaned_data[name] for name in FIGURES[self.kind]}


class PlaceForm(forms.Form):
    """More samples for a worksheet, by number: typed or scanned, one a line."""

    numbers = forms.CharField(label=_("样品编号"), widget=forms.Textarea({"rows": 2}))
    intact = seals()


class MethodForm(forms.Form):
    """A method."""

    name = forms.CharField(label=_("名称"), max_length=120)
    number = forms.CharField(label=_("方法标准号"), max_length=60, required=False)
    item = forms.ChoiceField(label=_("检测项目"))
    unit = forms.CharField(label=_("单位"), max_length=20, required=False)
    technique = forms.ChoiceField(label=_("怎么测"), choices=Technique.choices)
    sign_only = forms.BooleanField(label=_("只分阳性和阴性，不给数值"), required=False)
    lod = forms.DecimalField(
        label=_("检出限"), required=False, min_value=0, max_digits=16, decimal_places=8
    )
    most = forms.DecimalField(
        label=_("测量上限"), required=False, min_value=0, max_digits=16, decimal_places=8
    )
    u_percent = forms.FloatField(label=_("相对标准不确定度（%）"), required=False, min_value=0)
    u_least = forms.FloatField(label=_("标准不确定度不小于"), required=False, min_value=0)
    source = forms.CharField(label=_("不确定度的来源"), max_length=200, required=False)

    def __init__(self, *args: Any, own: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [*item_choices(), *own]


class DeviceForm(forms.Form):
    """An instrument."""

    name = forms.CharField(label=_("名称"), max_length=120)
    model = forms.CharField(label=_("型号"), max_length=80, required=False)
    serial = forms.CharField(label=_("出厂编号"), max_length=80)
    calibrated_to = forms.DateField(label=_("检定或者校准有效期至"), widget=DateInput())
    certificate = forms.CharField(label=_("证书编号"), max_length=80, required=False)


class CalibrationForm(forms.Form):
    """A new calibration."""

    until = forms.DateField(label=_("检定或者校准有效期至"), widget=DateInput())
    certificate = forms.CharField(label=_("证书编号"), max_length=80)


class CheckForm(forms.Form):
    """An instrument looked at."""

    on = forms.DateField(label=_("日期"), widget=DateInput())
    passed = forms.TypedChoiceField(
        label=_("检查结果"), widget=forms.RadioSelect, coerce=lambda text: text == "yes",
        choices=[("yes", _("合格")), ("no", _("不合格"))],
    )  # fmt: skip
    words = forms.CharField(label=_("说明"), max_length=300, required=False)


class KitForm(forms.Form):
    """A lot of kits or reagents."""

    lot = forms.CharField(label=_("批号"), max_length=60)
    expires_on = forms.DateField(label=_("有效期至"), widget=DateInput())
    maker = forms.CharField(label=_("生产者"), max_length=120, required=False)


class MaterialForm(forms.Form):
    """A control material."""

    name = forms.CharField(label=_("名称"), max_length=120)
    lot = forms.CharField(label=_("批号"), max_length=60, required=False)
    certified = forms.FloatField(label=_("标准值"))
    expanded = forms.FloatField(label=_("扩展不确定度"))
    sd = forms.FloatField(
        label=_("质控图的标准差"), required=False, min_value=0,
        help_text=_("填写后，每次测定都画进质控图，按 Westgard 规则判断。"),
    )  # fmt: skip
    expires_on = forms.DateField(label=_("有效期至"), widget=DateInput())


def labelled(sample: Sample) -> str:
    """Return a sample as an analyst knows it: by its number, never by its place."""
    return f"{sample.number} · {sample.get_kind_display()}"


def _figure(name: str, kind: str, method: Method) -> forms.Field:
    if name == "sign" or (kind == "duplicate" and method.sign_only):
        choices = [*SIGNS[1:], *([(UNREAD, _("控制线不显色"))] if name == "sign" else [])]
        return forms.ChoiceField(label=FIGURE_TITLES[name], choices=choices)
    widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(label=FIGURE_TITLES[name], max_length=40, widget=widget)
