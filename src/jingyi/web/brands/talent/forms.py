"""What is asked for about talent."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingyi.core.talent import book
from jingyi.web.accounts.models import User
from jingyi.web.brands.talent.models import Task
from jingyi.web.cases.forms import DateInput
from jingyi.web.registry.models import Procuratorate
from jingyi.web.ui.templatetags.ui import said, title_of


class TellForm(forms.Form):
    """A task of one's own."""

    kind = forms.ChoiceField(label=_("实务任务"))
    case = forms.CharField(label=_("案件编号"), max_length=24, help_text=_("例如：2026-0012"))
    on = forms.DateField(label=_("日期"), widget=DateInput(), initial=timezone.localdate)
    what = forms.CharField(
        label=_("做了什么"), max_length=300, help_text=_("难在哪里，您承担了什么")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(k, said(one.title)) for k, one in book().tasks.items()]


class PersonField(forms.ModelChoiceField):
    """Somebody, by name."""

    def label_from_instance(self, obj: User) -> str:
        return obj.name


class ProposeForm(forms.Form):
    """A mentorship with the person whose page it is."""

    side = forms.ChoiceField(
        label=_("这位同志做"), choices=[("learner", _("学员")), ("mentor", _("导师"))]
    )
    other = PersonField(User.objects.none(), label=_("另一方"))
    goal = forms.CharField(label=_("目标"), max_length=300)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = people


class EndForm(forms.Form):
    """Why a mentorship ends."""

    why = forms.CharField(label=_("原因"), max_length=300)


class PlanForm(forms.Form):
    """A line of a training plan."""

    skill = forms.ChoiceField(label=_("技能"))
    what = forms.CharField(label=_("训练内容"), max_length=300)
    due_on = forms.DateField(label=_("时限"), widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skill"].choices = [(k, said(one)) for k, one in book().skills.items()]


class TrainForm(forms.Form):
    """What shows that a line is done."""

    task = forms.ModelChoiceField(
        Task.objects.none(), label=_("依据的实务任务"), required=False, empty_label="—"
    )
    how = forms.CharField(
        label=_("或者写明怎样完成"), max_length=300, required=False, help_text=_("课程、论文、证书")
    )

    def __init__(self, *args: Any, tasks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].queryset = tasks
        kinds = book().tasks
        self.fields["task"].label_from_instance = lambda one: f"{said(kinds[one.kind].title)} {one.case.ref}"  # fmt: skip


class StudioForm(forms.Form):
    """A new studio."""

    office = forms.ModelChoiceField(Procuratorate.objects.none(), label=_("院"))
    name = forms.CharField(label=_("名称"), max_length=80)
    purpose = forms.CharField(label=_("做什么"), widget=forms.Textarea({"rows": 4}))
    founded_on = forms.DateField(label=_("成立日期"), widget=DateInput())

    def __init__(self, *args: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices
        self.fields["office"].label_from_instance = lambda one: title_of(one, "name")


class JoinForm(forms.Form):
    """A new member."""

    person = PersonField(User.objects.none(), label=_("成员"))
    does = forms.CharField(label=_("分工"), max_length=60)
    since = forms.DateField(label=_("加入日期"), widget=DateInput(), initial=timezone.localdate)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


class HonourForm(forms.Form):
    """An honour."""

    title = forms.CharField(label=_("荣誉"), max_length=120)
    source = forms.CharField(label=_("依据的文件"), max_length=200)
    on = forms.DateField(label=_("授予日期"), widget=DateInput())
