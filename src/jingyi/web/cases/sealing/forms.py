"""What is asked for when a case is sealed, and when the seal is lifted."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.web.cases.models import Case
from jingyi.web.cases.sealing.queries import who_may_join


class PeopleField(forms.ModelMultipleChoiceField):
    """People by name, with the name they sign in by: two may be called alike."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.username}）"


class GroupForm(forms.Form):
    """Who is to be inside; the reason only where the case is being sealed."""

    reason = forms.CharField(
        label=_("密封理由"), max_length=1000, widget=forms.Textarea({"rows": 3})
    )
    members = PeopleField(
        label=_("知悉范围"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, case: Case, sealed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = who_may_join(case.office)
        if sealed:
            del self.fields["reason"]


class LiftForm(forms.Form):
    """Why the seal is lifted."""

    reason = forms.CharField(
        label=_("解除理由"), max_length=1000, widget=forms.Textarea({"rows": 2})
    )
