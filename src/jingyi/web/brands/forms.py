"""What is asked for in the room."""

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingyi.core import brands as core
from jingyi.web.brands.models import Brand
from jingyi.web.cases.forms import DateInput, domain_choices
from jingyi.web.registry.models import Department
from jingyi.web.ui.templatetags.ui import said, title_of

AREA = forms.Textarea({"rows": 3})


def split(text: str) -> list[str]:
    """Return the words between commas, stops and new lines, each once."""
    return list(dict.fromkeys(filter(None, (w.strip() for w in re.split(r"[,，、;；\n]", text)))))


class BrandForm(forms.Form):
    """A brand's texts."""

    name = forms.CharField(label=_("名称"), max_length=60)
    department = forms.ModelChoiceField(Department.objects.none(), label=_("部门"), required=False)
    slogan = forms.CharField(label=_("口号"), max_length=120, required=False)
    meaning = forms.CharField(label=_("内涵"), widget=forms.Textarea({"rows": 4}))
    founded_on = forms.DateField(label=_("创建日期"), widget=DateInput())
    focuses = forms.MultipleChoiceField(
        label=_("着力点"), required=False, widget=forms.CheckboxSelectMultiple
    )
    channels = forms.CharField(
        label=_("宣传渠道"), required=False, help_text=_("用顿号隔开，例如：门户网站、公众号")
    )

    def __init__(self, *args: Any, departments: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["focuses"].choices = [(k, said(v)) for k, v in core.book().focuses.items()]
        for name, title in core.book().sections.items():
            self.fields[name] = forms.CharField(label=said(title), required=False, widget=AREA)
        if departments is None:
            del self.fields["department"]
        else:
            field = self.fields["department"]
            field.queryset, field.required = departments, True
            field.label_from_instance = label_of

    def texts(self) -> dict[str, Any]:
        """Return the values of a Brand's fields."""
        given = self.cleaned_data
        plain = ("name", "slogan", "meaning", "founded_on", "focuses")
        sections = {name: given[name] for name in core.book().sections if given[name]}
        return {name: given[name] for name in plain} | {
            "channels": split(given["channels"]), "sections": sections,
        }  # fmt: skip

    @staticmethod
    def begun(brand: Brand) -> dict[str, Any]:
        """Return what the form of an existing brand begins with."""
        names = ("name", "slogan", "meaning", "founded_on", "focuses")
        return {n: getattr(brand, n) for n in names} | brand.sections | {"channels": "、".join(brand.channels)}  # fmt: skip


def label_of(department: Department) -> str:
    """Return a department's name with its office's."""
    return f"{title_of(department.procuratorate, 'name')} {title_of(department, 'name')}"


class DecideForm(forms.Form):
    """A step of the life."""

    to = forms.ChoiceField(label=_("转入"))
    into = forms.ModelChoiceField(Brand.objects.none(), label=_("并入哪个品牌"), required=False)
    on = forms.DateField(label=_("决定日期"), widget=DateInput(), initial=timezone.localdate)
    reason = forms.CharField(label=_("理由"), widget=AREA)

    def __init__(self, *args: Any, brand: Brand, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stages = core.book().stages
        self.fields["to"].choices = [(k, said(stages[k].title)) for k in stages[brand.stage].to]
        if "joined" in stages[brand.stage].to:
            self.fields["into"].queryset = others
        else:
            del self.fields["into"]


class ClaimForm(forms.Form):
    """A figure to be counted."""

    count = forms.ChoiceField(label=_("数什么"))
    words = forms.CharField(label=_("页面上的说法"), max_length=120, required=False)
    as_of = forms.DateField(label=_("截至"), widget=DateInput(), initial=timezone.localdate)
    since = forms.DateField(label=_("自"), widget=DateInput(), required=False)
    domain = forms.ChoiceField(label=_("领域"), required=False)
    own = forms.BooleanField(label=_("只数本部门的案件"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counts = core.book().counts
        self.fields["count"].choices = [(k, said(one.title)) for k, one in counts.items()]
        self.fields["domain"].choices = [("", _("全部领域")), *domain_choices()]


class QuoteForm(forms.Form):
    """A figure from outside."""

    words = forms.CharField(label=_("页面上的说法"), max_length=120)
    figure = forms.IntegerField(label=_("数值"), min_value=0)
    source = forms.CharField(label=_("出自哪份文件"), max_length=300)
    as_of = forms.DateField(label=_("截至"), widget=DateInput(), initial=timezone.localdate)


class KeepForm(forms.Form):
    """What was done."""

    on = forms.DateField(label=_("日期"), widget=DateInput(), initial=timezone.localdate)
    what = forms.CharField(label=_("做了什么"), max_length=300)


class MarkForm(forms.Form):
    """A picture."""

    file = forms.FileField(
        label=_("标识图片"), widget=forms.ClearableFileInput({"accept": "image/jpeg,image/png,image/webp"}),
    )  # fmt: skip


class CasesForm(forms.Form):
    """Representative cases by number."""

    refs = forms.CharField(
        label=_("案件编号"), required=False, help_text=_("用顿号隔开，例如：zy-2026-0012、zy-2026-0013")
    )  # fmt: skip
