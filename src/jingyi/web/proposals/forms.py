"""The shape of what is asked for about proposals."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.core import rulebook
from jingyi.web.cases.forms import DateInput
from jingyi.web.proposals.files import FIELDS, NAMES, Read
from jingyi.web.proposals.models import Body, Invitation, Item, Link
from jingyi.web.ui.templatetags.ui import said, title_of

WORDS = forms.Textarea({"rows": 4})
FIELD_TITLES = {
    "number": _("编号"), "title": _("建议标题"), "text": _("建议内容"), "proposers": _("提出人"),
    "organ": _("承办单位"), "proposed_on": _("提出日期"), "assigned_on": _("交办日期"),
    "public": _("是否公开"),
}  # fmt: skip


class SessionForm(forms.Form):
    """A session of a congress or committee."""

    office = forms.ModelChoiceField(None, label=_("检察院"), to_field_name="code")
    organ = forms.ModelChoiceField(None, label=_("工作机构"), to_field_name="code")
    body = forms.ChoiceField(label=_("类别"), choices=Body.choices)
    name = forms.CharField(label=_("会议名称"), max_length=120)
    first_on = forms.DateField(label=_("开始日期"), widget=DateInput())
    last_on = forms.DateField(label=_("结束日期"), widget=DateInput())

    def __init__(self, *args: Any, offices: Any, organs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset, self.fields["organ"].queryset = offices, organs
        for name in ("office", "organ"):
            self.fields[name].label_from_instance = _named


class FileForm(forms.Form):
    """A file with items."""

    file = forms.FileField(
        label=_("文件"), help_text=_("XLSX、CSV 每行一件；DOCX、PDF 每个文件一件。不超过 20 MB。")
    )


class ColumnsForm(forms.Form):
    """Which heading is which field."""

    def __init__(self, *args: Any, names: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("没有这一列")), *((name, name) for name in names)]
        for field in FIELDS:
            self.fields[field] = forms.ChoiceField(
                label=FIELD_TITLES[field], choices=choices, required=field in {"number", "title"}
            )

    def columns(self) -> dict[str, str]:
        """Return field → heading for the fields that have one."""
        return {field: name for field, name in self.cleaned_data.items() if name}


class ItemForm(forms.Form):
    """One item typed in."""

    number = forms.CharField(label=_("编号"), max_length=40)
    title = forms.CharField(label=_("建议标题"), max_length=300)
    text = forms.CharField(label=_("建议内容"), widget=forms.Textarea({"rows": 8}))
    proposers = forms.CharField(label=_("提出人"), help_text=_("多人用顿号隔开。"))
    organ = forms.CharField(label=_("承办单位"), max_length=120, required=False)
    proposed_on = forms.DateField(label=_("提出日期"), required=False, widget=DateInput())
    assigned_on = forms.DateField(label=_("交办日期"), required=False, widget=DateInput())
    public = forms.BooleanField(label=_("内容可以公开"), required=False)

    def read(self) -> Read:
        """Return what was typed as a file's row is read."""
        data = self.cleaned_data
        people = tuple(filter(None, NAMES.split(data["proposers"])))
        return Read(
            0, data["number"].strip(), data["title"].strip(), data["text"], people, data["organ"],
            data["proposed_on"], data["assigned_on"], data["public"],
        )  # fmt: skip


class StepForm(forms.Form):
    """The words of a step."""

    words = forms.CharField(label=_("内容"), widget=WORDS, required=False)
    on = forms.DateField(label=_("日期"), required=False, widget=DateInput())


class RateForm(forms.Form):
    """How content a proposer is."""

    satisfaction = forms.ChoiceField(
        label=_("是否满意"), choices=Item._meta.get_field("satisfaction").choices, widget=forms.RadioSelect,  # noqa: SLF001 -- the model's own list
    )  # fmt: skip
    words = forms.CharField(label=_("意见"), widget=WORDS)


class AssignForm(forms.Form):
    """To whom an item was assigned."""

    organ = forms.CharField(label=_("承办单位"), max_length=120)
    on = forms.DateField(label=_("交办日期"), widget=DateInput())
    difficult = forms.BooleanField(label=_("涉及面广、处理难度大（六个月）"), required=False)


class InviteForm(forms.Form):
    """An invitation."""

    proposer = forms.ModelChoiceField(None, label=_("邀请谁"))
    kind = forms.ChoiceField(label=_("参加什么"), choices=Invitation.Kind.choices)
    on = forms.DateField(label=_("日期"), widget=DateInput())
    place = forms.CharField(label=_("地点"), max_length=200)
    words = forms.CharField(label=_("说明"), required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, proposers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proposer"].queryset = proposers
        self.fields["proposer"].label_from_instance = lambda one: one.name


class JudgeForm(forms.Form):
    """A judgement of a candidate."""

    verdict = forms.ChoiceField(label=_("判断"), choices=Link.Verdict.choices)
    reason = forms.CharField(label=_("理由"), max_length=300, required=False)


class ReasonForm(forms.Form):
    """Why something is undone."""

    reason = forms.CharField(label=_("理由"), widget=forms.Textarea({"rows": 2}))


class MaterialForm(forms.Form):
    """Material for a proposal."""

    title = forms.CharField(label=_("标题"), max_length=300)
    text = forms.CharField(label=_("素材正文"), widget=forms.Textarea({"rows": 14}))


class HandForm(forms.Form):
    """To whom material goes."""

    to = forms.CharField(label=_("送给哪位代表或者委员"), max_length=60)
    on = forms.DateField(label=_("日期"), widget=DateInput())


class TabledForm(forms.Form):
    """As which item it was tabled."""

    item = forms.ModelChoiceField(None, label=_("提出的建议或者提案"))

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items
        self.fields["item"].label_from_instance = lambda one: f"{one.number} {one.title}"


class JointForm(forms.Form):
    """A joint paper."""

    office = forms.ModelChoiceField(None, label=_("检察院"), to_field_name="code")
    title = forms.CharField(label=_("标题"), max_length=200)
    text = forms.CharField(label=_("文件正文"), widget=forms.Textarea({"rows": 14}))

    def __init__(self, *args: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices
        self.fields["office"].label_from_instance = _named


class ItemFilter(forms.Form):
    """Which items are listed."""

    session = forms.ModelChoiceField(None, label=_("会议"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)
    likely = forms.BooleanField(label=_("只看可能的线索"), required=False)
    q = forms.CharField(label=_("查找"), required=False)

    def __init__(self, *args: Any, sessions: Any, screened: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = sessions
        self.fields["session"].label_from_instance = lambda one: one.name
        states = rulebook.proposals().states.values()
        self.fields["state"].choices = [("", _("全部")), *((s.id, said(s.title)) for s in states)]
        if not screened:
            del self.fields["likely"]


def _named(thing: Any) -> str:
    return title_of(thing, "name")
