"""The shape of what is decided on the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.core import rulebook
from jingyi.web.accounts.models import User
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import holders
from jingyi.web.ui.templatetags.ui import title_of


class _Form(forms.Form):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, office: Procuratorate | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.office = office


class TakeForm(_Form):
    """Nothing but the click."""


class NoteForm(_Form):
    """A remark."""

    text = forms.CharField(label=_("备注"), max_length=2000, widget=forms.Textarea({"rows": 3}))


class WatchForm(_Form):
    """Why to keep an eye on it."""

    note = forms.CharField(label=_("关注什么"), max_length=500, required=False)


class DeclineForm(_Form):
    """A listed reason."""

    reason = forms.ChoiceField(
        label=_("不予受理的理由"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择一项理由；没有列明的理由不能不予受理。")},
    )
    note = forms.CharField(label=_("说明"), max_length=1000, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        reasons = rulebook.decline_reasons().values()
        self.fields["reason"].choices = [(reason.id, title_of(reason)) for reason in reasons]


class AssignForm(_Form):
    """A colleague of the office."""

    to = forms.ModelChoiceField(None, label=_("交给"), to_field_name="username")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = (
            holders(self.office, "lead.take") if self.office else User.objects.none()
        )
        self.fields["to"].label_from_instance = lambda user: user.name


class HandOnForm(_Form):
    """The office that has jurisdiction."""

    to = forms.ModelChoiceField(None, label=_("移送至"), to_field_name="code")
    note = forms.CharField(label=_("移送理由"), max_length=1000)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        office = self.office
        peers = Procuratorate.objects.none()
        if office:
            peers = Procuratorate.objects.filter(level=office.level).exclude(pk=office.pk)
            peers |= Procuratorate.objects.filter(pk=office.parent_id)
        self.fields["to"].queryset = peers.order_by("path")
        self.fields["to"].label_from_instance = lambda found: title_of(found, "name")


FORMS = {
    "take": TakeForm,
    "watch": WatchForm,
    "decline": DeclineForm,
    "assign": AssignForm,
    "hand-on": HandOnForm,
    "note": NoteForm,
}
