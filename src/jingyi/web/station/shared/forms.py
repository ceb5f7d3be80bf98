"""The shapes of what is asked for in the shared ledger."""

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jingyi.core.duties import BOXES
from jingyi.core.ledgers import Kind
from jingyi.web.cases.forms import DateInput
from jingyi.web.station.shared.models import Clue, Joint
from jingyi.web.ui.templatetags.ui import said, title_of

BOX_TITLES = {
    "overdue": pgettext_lazy("heading", "已逾期"),
    "month": _("三十日内"),
    "later": _("以后"),
}
ROWS = forms.Textarea({"rows": 4})
LINES = _("每行一个。")


class _Organs(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return title_of(obj, "name")


class _ManyOrgans(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj):
        return title_of(obj, "name")


class Filter(forms.Form):
    """What of the calendar or the ledger to show."""

    organ = _Organs(
        None, label=pgettext_lazy("label", "行政机关"), required=False, to_field_name="code"
    )
    kind = forms.ChoiceField(label=_("台账"), required=False)
    box = forms.ChoiceField(
        label=_("何时到期"), required=False,
        choices=[("", _("全部")), *((name, BOX_TITLES[name]) for name in BOXES)],
    )  # fmt: skip
    whose = forms.ChoiceField(
        label=_("谁的期限"), required=False,
        choices=[("", _("行政机关应办的")), ("all", _("连同当事人和其他机关的期限"))],
    )  # fmt: skip

    def __init__(self, *args, organs, kinds, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organ"].queryset = organs
        self.fields["organ"].empty_label = _("全部")
        choices = [(one.id, said(one.title)) for one in kinds]
        self.fields["kind"].choices = [("", _("全部")), *choices]


class UploadForm(forms.Form):
    """A file of one kind of ledger."""

    organ = _Organs(
        None, label=pgettext_lazy("label", "行政机关"), to_field_name="code", empty_label=None
    )
    kind = forms.ChoiceField(label=_("这是哪一种台账"))
    file = forms.FileField(
        label=_("文件"), help_text=_("XLSX 或 CSV，第一行是列名，不超过 20 MB。列名怎么写都可以，下一步核对。"),
        error_messages={"empty": _("文件是空的。请重新导出后再试。")},
        widget=forms.ClearableFileInput({"accept": ".xlsx,.csv,.txt"}),
        validators=[FileExtensionValidator(["xlsx", "csv", "txt", "xls"])],
    )  # fmt: skip

    def __init__(self, *args, organs, kinds, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organ"].queryset = organs
        self.fields["organ"].initial = organs.first()
        self.fields["kind"].choices = [(one.id, said(one.title)) for one in kinds]


class MappingForm(forms.Form):
    """The columns of one kind of ledger, each with a choice among the file's headings."""

    def __init__(self, *args, kind: Kind, names, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("（没有这一列）")), *((name, name) for name in names)]
        for one in kind.fields:
            hint = _("认出是哪一件，再次导入不重复") if one.key else ""
            self.fields[one.id] = forms.ChoiceField(
                label=said(one.title), choices=choices, required=one.required, help_text=hint
            )


class ClueForm(forms.Form):
    """A clue for the other side."""

    organ = _Organs(
        None, label=pgettext_lazy("label", "行政机关"), to_field_name="code", empty_label=None
    )
    office = _Organs(None, label=_("检察院"), to_field_name="code", empty_label=None)
    title = forms.CharField(label=_("标题"), max_length=200)
    text = forms.CharField(
        label=_("情况"), max_length=20_000, widget=forms.Textarea({"rows": 6}),
        help_text=_("写明何时、何地、何人、何事，以及依据。"),
    )  # fmt: skip
    place = forms.CharField(label=_("地点"), max_length=200, required=False)
    happened_on = forms.DateField(label=_("发生日期"), required=False, widget=DateInput())
    incident = forms.CharField(
        label=_("由哪条线索移送"),
        max_length=40,
        required=False,
        help_text=_("线索编号，可以不填。"),
    )

    def __init__(self, *args, organs, offices, way, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organ"].queryset, self.fields["office"].queryset = organs, offices
        if way == Clue.Way.TO_OFFICE:
            del self.fields["incident"]
        else:
            self.fields["organ"].empty_label = "—"  # of many organs none is the likely one


class DecideForm(forms.Form):
    """What the receiver decides, and why."""

    decision = forms.ChoiceField(
        label=_("作出的决定"), choices=Clue.Decision.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("理由"), max_length=5_000, widget=ROWS)


class AnswerForm(forms.Form):
    """What came of a clue."""

    text = forms.CharField(label=_("处理结果"), max_length=10_000, widget=ROWS)


class _Lines(forms.CharField):
    """A text of lines, as a list without empty ones."""

    def __init__(self, **kwargs) -> None:
        super().__init__(widget=forms.Textarea({"rows": 3}), max_length=5_000, **kwargs)

    def to_python(self, value):
        return [
            line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()
        ]


class PlanForm(forms.Form):
    """Joint work to come."""

    kind = forms.ChoiceField(label=_("种类"), choices=Joint.Kind.choices)
    office = _Organs(None, label=_("检察院"), to_field_name="code", empty_label=None)
    organs = _ManyOrgans(
        None, label=pgettext_lazy("label", "行政机关"), to_field_name="code", widget=forms.SelectMultiple({"size": 6}),
        help_text=_("可以选几个。"),
    )  # fmt: skip
    subject = forms.CharField(label=_("主题"), max_length=200)
    place = forms.CharField(label=_("地点"), max_length=200, required=False)
    on = forms.DateField(label=_("日期"), widget=DateInput())
    participants = _Lines(label=_("参加人员"), required=False, help_text=LINES)

    def __init__(self, *args, organs, offices, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organs"].queryset, self.fields["office"].queryset = organs, offices


class HoldForm(forms.Form):
    """What took place."""

    on = forms.DateField(label=_("开展日期"), widget=DateInput())
    participants = _Lines(label=_("参加人员"), help_text=LINES)
    findings = _Lines(label=_("发现的问题"), required=False, help_text=LINES)
    minutes = forms.CharField(
        label=_("纪要"), max_length=20_000, widget=forms.Textarea({"rows": 6})
    )


class DropForm(forms.Form):
    """Why it is called off."""

    reason = forms.CharField(
        label=_("取消的原因"), max_length=2_000, widget=forms.Textarea({"rows": 2})
    )
