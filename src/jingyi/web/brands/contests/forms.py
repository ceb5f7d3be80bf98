"""What is asked for about contests."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.web.accounts.models import User
from jingyi.web.brands.talent.forms import PersonField
from jingyi.web.cases.forms import DateInput
from jingyi.web.registry.models import Procuratorate
from jingyi.web.ui.templatetags.ui import title_of


class PeopleField(forms.ModelMultipleChoiceField):
    """People, by name."""

    def label_from_instance(self, obj: User) -> str:
        return obj.name


class StartForm(forms.Form):
    """A new contest."""

    office = forms.ModelChoiceField(Procuratorate.objects.none(), label=_("院"))
    title = forms.CharField(label=_("名称"), max_length=120)
    task = forms.CharField(label=_("题目"), widget=forms.Textarea({"rows": 8}))
    due_on = forms.DateField(label=_("交卷截止"), widget=DateInput())
    readers = PeopleField(
        User.objects.none(), label=_("评卷人"), widget=forms.CheckboxSelectMultiple,
        help_text=_("至少三位。系统避开作者本人和有师徒关系的人。"),
    )  # fmt: skip

    def __init__(self, *args: Any, offices: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices
        self.fields["office"].label_from_instance = lambda one: title_of(one, "name")
        self.fields["readers"].queryset = people


class PaperForm(forms.Form):
    """A paper."""

    text = forms.CharField(
        label=_("答卷"), widget=forms.Textarea({"rows": 14}),
        help_text=_("不要写姓名、单位和能认出您的内容：评卷人只看到代号和正文。"),
    )  # fmt: skip


class MarkForm(forms.Form):
    """A mark."""

    mark = forms.IntegerField(label=_("分数"), min_value=0)
    note = forms.CharField(
        label=_("评语"), widget=forms.Textarea({"rows": 4}), help_text=_("公布以后作者能看到，不署名")
    )  # fmt: skip


class EnlistForm(forms.Form):
    """Another reader."""

    reader = PersonField(User.objects.none(), label=_("评卷人"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reader"].queryset = people
