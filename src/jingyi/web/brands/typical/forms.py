"""What is asked for about typical cases."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingyi.core.typical.book import book
from jingyi.web.brands.typical.models import Draft, Entry
from jingyi.web.cases.forms import DateInput
from jingyi.web.registry.models import Procuratorate
from jingyi.web.ui.templatetags.ui import said, title_of


class WriteForm(forms.Form):
    """A draft, section by section."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("标题"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, section in book().sections.items():
            rows = 2 if section.least < 20 else 8
            self.fields[name] = forms.CharField(
                label=said(section.title), required=False, widget=forms.Textarea({"rows": rows})
            )

    def texts(self) -> dict[str, str]:
        """Return the sections."""
        return {name: self.cleaned_data[name] for name in book().sections}

    @staticmethod
    def begun(draft: Draft) -> dict[str, Any]:
        """Return what the form begins with."""
        return draft.sections | {"title": draft.title, "version": draft.n}


class EnterForm(forms.Form):
    """A selection."""

    selection = forms.CharField(label=_("评选名称"), max_length=120)
    organiser = forms.CharField(label=_("主办单位"), max_length=80)
    on = forms.DateField(label=_("参评日期"), widget=DateInput(), initial=timezone.localdate)


class SettleForm(forms.Form):
    """What came of it."""

    outcome = forms.ChoiceField(label=_("结果"))
    on = forms.DateField(label=_("结果日期"), widget=DateInput(), initial=timezone.localdate)
    note = forms.CharField(
        label=_("说明"), required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("评语、退回的原因"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [one for one in Entry.Outcome.choices if one[0] != Entry.Outcome.PENDING]
        self.fields["outcome"].choices = choices


class PublishForm(forms.Form):
    """A typical case that is out."""

    office = forms.ModelChoiceField(Procuratorate.objects.none(), label=_("登记的院"))
    title = forms.CharField(label=_("标题"), max_length=200)
    source = forms.CharField(
        label=_("发布机关和批次"), max_length=200, help_text=_("谁在哪里发布的，第几批")
    )
    on = forms.DateField(label=_("发布日期"), widget=DateInput(), initial=timezone.localdate)
    text = forms.CharField(label=_("全文"), widget=forms.Textarea({"rows": 10}))

    def __init__(self, *args: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices
        self.fields["office"].label_from_instance = lambda one: title_of(one, "name")
