"""What is asked for about meetings."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingyi.web.accounts.models import User
from jingyi.web.cases.forms import DateInput
from jingyi.web.registry.models import Procuratorate
from jingyi.web.ui.templatetags.ui import title_of

AREA = forms.Textarea({"rows": 4})


class ConveneForm(forms.Form):
    """A new meeting."""

    office = forms.ModelChoiceField(Procuratorate.objects.none(), label=_("院"))
    title = forms.CharField(label=_("推进会名称"), max_length=120)
    on = forms.DateField(label=_("日期"), widget=DateInput(), initial=timezone.localdate)
    place = forms.CharField(label=_("地点"), max_length=120, required=False)
    chair = forms.CharField(label=_("主持人"), max_length=60)

    def __init__(self, *args: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices
        self.fields["office"].label_from_instance = lambda one: title_of(one, "name")


class SpeakForm(forms.Form):
    """What a department says."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    highlights = forms.CharField(label=_("亮点"), widget=AREA)
    problems = forms.CharField(label=_("问题"), widget=AREA)


class PlanForm(forms.Form):
    """A next measure."""

    what = forms.CharField(label=_("措施"), max_length=300)
    owner = forms.TypedChoiceField(label=_("责任人"))
    due_on = forms.DateField(label=_("时限"), widget=DateInput())

    def __init__(self, *args: Any, people: Mapping[int, User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", "—"), *((k, one.name) for k, one in people.items())]
        self.fields["owner"].coerce = lambda key: people[int(key)]


class FinishForm(forms.Form):
    """How a measure was done."""

    on = forms.DateField(label=_("完成日期"), widget=DateInput(), initial=timezone.localdate)
    how = forms.CharField(label=_("怎样完成"), widget=AREA)


class CarryForm(forms.Form):
    """Why a measure goes on, and until when."""

    due_on = forms.DateField(label=_("新的时限"), widget=DateInput())
    why = forms.CharField(label=_("为什么没有完成"), widget=AREA)


class GuideForm(forms.Form):
    """What a superior said."""

    giver = forms.CharField(label=_("上级"), max_length=80)
    on = forms.DateField(label=_("日期"), widget=DateInput(), initial=timezone.localdate)
    document = forms.CharField(
        label=_("来文或者会议"), max_length=200, required=False,
        help_text=_("文号、会议名称或者批示所在的文件"),
    )  # fmt: skip
    text = forms.CharField(label=_("指导意见"), widget=AREA)


class AnswerForm(forms.Form):
    """The answer to it."""

    on = forms.DateField(label=_("答复日期"), widget=DateInput(), initial=timezone.localdate)
    text = forms.CharField(label=_("答复"), widget=AREA)
