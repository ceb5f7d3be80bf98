"""The shape of what is asked for when a case is sent, received, reported on or merged."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.web.cases.forms import DateInput
from jingyi.web.registry.models import Procuratorate
from jingyi.web.ui.templatetags.ui import title_of

WORDS = forms.Textarea({"rows": 3})


class OfficeField(forms.ModelChoiceField):
    """An office by its name in the page's language."""

    def label_from_instance(self, obj: Procuratorate) -> str:
        return title_of(obj, "name")


class SendForm(forms.Form):
    """Where a case goes, why, by which paper, and by when."""

    to = OfficeField(None, label=_("受移送的检察院"), to_field_name="code")
    grounds = forms.CharField(label=_("理由"), widget=WORDS)
    sent_on = forms.DateField(label=_("决定之日"), widget=DateInput())
    due_on = forms.DateField(label=_("办结或者报告的期限"), widget=DateInput())
    number = forms.CharField(
        label=_("文号"), max_length=60, required=False,
        help_text=_("由统一业务应用系统编号，这里只作引用。"),
    )  # fmt: skip
    exhibit = forms.FileField(
        label=_("附件"), required=False, help_text=_("移送函、指定管辖决定书等；原件封存。")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, offices, due: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = offices
        if not due:
            del self.fields["due_on"]


class ReceiveForm(forms.Form):
    """The day a case came in, and who handles it from now on."""

    received_on = forms.DateField(label=_("收到之日"), widget=DateInput())
    handler = forms.ModelChoiceField(None, label=_("承办人"), to_field_name="username")
    uncounted = forms.BooleanField(
        label=_("期限暂时算不出来也登记；日历公布后自动补算"), required=False
    )

    def __init__(self, *args, handlers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["handler"].queryset = handlers
        self.fields["handler"].label_from_instance = lambda user: user.name


class WordsForm(forms.Form):
    """A reason, a report or a result."""

    text = forms.CharField(label=_("说明"), widget=WORDS)


class MergeForm(forms.Form):
    """Why two cases are one, and since when."""

    grounds = forms.CharField(
        label=_("并案的理由"), widget=WORDS, help_text=_("写明是同一行政机关的同类违法行为。")
    )
    on = forms.DateField(label=_("决定之日"), widget=DateInput())
    version = forms.IntegerField(widget=forms.HiddenInput)


class MovesFilter(forms.Form):
    """Which moves are listed."""

    box = forms.ChoiceField(
        label=_("收发"),
        required=False,
        choices=[("", _("全部")), ("in", _("收到的")), ("out", _("送出的"))],
    )
    kind = forms.ChoiceField(label=_("方式"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)

    def __init__(self, *args, kinds, states, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("全部")), *kinds]
        self.fields["state"].choices = [("", _("全部")), *states]
