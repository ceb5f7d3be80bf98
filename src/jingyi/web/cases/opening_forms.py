"""What is asked for when a case is opened: what it is, and the days of its fact."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.core.basis import Facts
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.cases.forms import DateInput, domain_choices
from jingyi.web.cases.models import Track
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import organs_for
from jingyi.web.ui.templatetags.ui import said, title_of


class FactDays(forms.Form):
    """From when to when the fact was; cleaned, they are one value, `facts`."""

    fact_from = forms.DateField(
        label=_("事实开始之日"),
        widget=DateInput(),
        help_text=_("侵害发生之日，不是举报之日：适用哪部法律由它决定。"),
    )
    fact_to = forms.DateField(
        label=_("事实结束之日"),
        widget=DateInput(),
        required=False,
        help_text=_("仍在持续的，留空。"),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        began, ended = given.pop("fact_from", None), given.pop("fact_to", None)
        if began:
            try:
                given["facts"] = Facts(began, ended)
            except Refusal as refusal:
                self.add_error("fact_to", said(refusal.sentence))
        return given


class OpenForm(FactDays):
    """What is decided, or proposed, when a case is opened."""

    track = forms.ChoiceField(label=_("案件类型"), choices=Track.choices, widget=forms.RadioSelect)
    domain = forms.ChoiceField(label=_("办案领域"))
    title = forms.CharField(label=_("案由"), max_length=300)
    organ = forms.ModelChoiceField(
        None,
        label=_("负有监督管理职责的行政机关"),
        required=False,
        help_text=_("仅行政案件；损害严重而机关尚不明确的，可先以事立案，留空。"),
    )
    defendant = forms.CharField(
        label=_("违法行为人"), max_length=200, required=False, help_text=_("仅民事案件。")
    )
    department = forms.ModelChoiceField(None, label=_("承办部门"), required=False)
    handler = forms.ModelChoiceField(None, label=_("承办人"), to_field_name="username")
    decided_on = forms.DateField(label=_("检察长决定立案之日"), widget=DateInput())
    number = forms.CharField(
        label=_("立案决定书文号"),
        max_length=60,
        required=False,
        help_text=_("由统一业务应用系统编号，这里只作引用。"),
    )
    grounds = forms.CharField(
        label=_("提请立案的理由"),
        widget=forms.Textarea({"rows": 4}),
        help_text=_("受到侵害的公益是什么；可能的违法行为是什么；已经查明了什么。"),
    )

    def __init__(self, *args, user: User, office: Procuratorate, handlers, decides: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["domain"].choices = domain_choices()
        self.fields["organ"].queryset = organs_for(user).order_by("region_id", "name")
        self.fields["department"].queryset = office.departments.all()
        self.fields["handler"].queryset = handlers
        for name in ("organ", "department"):
            self.fields[name].label_from_instance = lambda thing: title_of(thing, "name")
        self.fields["handler"].label_from_instance = lambda person: person.name
        for name in ("grounds",) if decides else ("decided_on", "number"):
            del self.fields[name]
        self.order_fields(["track", "domain", "title", "fact_from", "fact_to"])
        self.fields["fact_from"].required = False  # then it is counted from the reports


class FilingForm(forms.Form):
    """The chief procurator's decision to file what was proposed."""

    decided_on = forms.DateField(label=_("检察长决定立案之日"), widget=DateInput())
    number = forms.CharField(label=_("立案决定书文号"), max_length=60, required=False)
