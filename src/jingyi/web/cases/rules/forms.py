"""The shape of what is asked for when a limit is changed or clocks are moved."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.core.clock_rules import Rule
from jingyi.web.cases.forms import DateInput
from jingyi.web.cases.rules.reading import Rules
from jingyi.web.ui.dates import day
from jingyi.web.ui.templatetags.ui import said, title_of

UNITS = [("days", _("日")), ("workdays", _("个工作日")), ("months", _("个月"))]


class Reasoned(forms.Form):
    """Something decided, with its reason."""

    reason = forms.CharField(label=_("理由"), widget=forms.Textarea({"rows": 2}))


class LimitForm(Reasoned):
    """Another length for one of the office's own limits."""

    track = forms.ChoiceField(label=_("情形"))
    number = forms.IntegerField(label=_("长度"), min_value=1, max_value=3650)
    unit = forms.ChoiceField(label=_("单位"), choices=UNITS)
    since = forms.DateField(label=_("自这一天起算的期限适用"), widget=DateInput())

    field_order = ["track", "number", "unit", "since", "reason"]

    def __init__(self, *args, rule: Rule, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        tracks = rule.versions[-1].tracks.values()
        self.fields["track"].choices = [(track.id, said(track.title)) for track in tracks]


class ChooseForm(forms.Form):
    """Which office's running clocks are to be moved to which version of a rule."""

    office = forms.ModelChoiceField(None, label=_("检察院"), to_field_name="code")
    choice = forms.ChoiceField(label=_("规则和版本"))

    def __init__(self, *args, offices, rules: Rules, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices
        self.fields["office"].label_from_instance = lambda one: title_of(one, "name")
        self.fields["choice"].choices = [
            (f"{rule.id}@{version.in_force_from}", _label(rule, version.in_force_from))
            for rule in rules
            if len(rule.versions) > 1
            for version in rule.versions
        ]

    def clean_choice(self) -> tuple[str, date]:
        rule, _at, version = self.cleaned_data["choice"].partition("@")
        return rule, date.fromisoformat(version)


class MoveForm(Reasoned):
    """The confirmation of a preview."""

    seen = forms.CharField(widget=forms.HiddenInput)


def _label(rule: Rule, version: date) -> str:
    return _("%(rule)s：%(day)s 起的版本") % {"rule": said(rule.title), "day": day(version)}
