"""A correction of the days of a fact."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.web.cases.opening_forms import FactDays


class DateFactsForm(FactDays):
    """The days as they should be, and why."""

    reason = forms.CharField(label=_("更正的理由"), widget=forms.Textarea({"rows": 2}))
    version = forms.IntegerField(widget=forms.HiddenInput())
