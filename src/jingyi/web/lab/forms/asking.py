"""What is asked for when a test is asked for, planned and closed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.core.lab import book
from jingyi.core.lab.limits import Standard
from jingyi.web.cases.forms import DateInput
from jingyi.web.lab.models import Request
from jingyi.web.ui.templatetags.ui import said

LINES = forms.Textarea({"rows": 3})


def item_choices() -> list[tuple[str, str]]:
    """Return every item that can be measured, with its unit."""
    return [(one.id, said(one.title)) for one in book.names().items.values()]


def matrix_choices() -> list[tuple[str, str]]:
    """Return what can be sampled."""
    return [(key, said(title)) for key, title in book.keeping().matrices.items()]


class StandardForm(forms.Form):
    """By which table of limits."""

    standard = forms.ChoiceField(label=_("按什么标准判断"))

    def __init__(self, *args: Any, tables: Iterable[Standard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["standard"].choices = [
            (one.id, f"{one.number} {said(one.title)}") for one in tables
        ]


class AskForm(forms.Form):
    """A request under one table of limits: what the table asks is asked here."""

    purpose = forms.ChoiceField(label=_("目的"), choices=Request.Purpose.choices)
    question = forms.CharField(label=_("要弄清什么"), widget=LINES)
    items = forms.MultipleChoiceField(
        label=_("检测项目"), widget=forms.CheckboxSelectMultiple,
        help_text=_("只列出这个标准规定了限值的项目。"),
    )  # fmt: skip
    level = forms.TypedChoiceField(label=_("应当达到"), coerce=int)
    due_on = forms.DateField(label=_("要求完成日期"), required=False, widget=DateInput())

    def __init__(self, *args: Any, table: Standard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = dict.fromkeys(limit.item.id for limit in table.limits)
        known = book.names().items
        self.fields["items"].choices = [(one, said(known[one].title)) for one in items]
        levels = range(len(table.levels))
        self.fields["level"].choices = [(n, said(table.called(n))) for n in levels]
        self.choices = [one for one in table.choices if not one.measured]
        for choice in self.choices:
            self.fields[f"when_{choice.id}"] = forms.ChoiceField(
                label=said(choice.title), initial=choice.default,
                choices=[(option.id, said(option.title)) for option in choice.options],
            )  # fmt: skip

    def conditions(self) -> dict[str, str]:
        """Return choice → option."""
        return {one.id: self.cleaned_data[f"when_{one.id}"] for one in self.choices}


class PointForm(forms.Form):
    """A place of the sampling plan."""

    name = forms.CharField(label=_("采样点"), max_length=120)
    matrix = forms.ChoiceField(label=_("采什么"))
    words = forms.CharField(label=_("怎么找到"), max_length=300, required=False)
    lon = forms.FloatField(label=_("经度"), required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("纬度"), required=False, min_value=-90, max_value=90)
    samples = forms.IntegerField(label=_("样品数"), min_value=1, max_value=50, initial=1)
    backup = forms.BooleanField(label=_("留备样"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matrix"].choices = matrix_choices()


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=_("理由"), widget=LINES)
