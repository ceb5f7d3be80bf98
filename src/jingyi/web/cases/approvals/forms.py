"""The shape of what is asked for when a step is put up for approval, or somebody stands aside."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.core import rulebook
from jingyi.core.procedure import Transition
from jingyi.web.accounts.models import User
from jingyi.web.cases.forms import DateInput, StepForm
from jingyi.web.cases.models import Case
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import people_of
from jingyi.web.ui.templatetags.ui import said


def _people(office: Procuratorate):
    """Return the people of an office, each once, by name."""
    ids = people_of(office).order_by().values("user")
    return User.objects.filter(pk__in=ids, is_active=True).order_by("name")


class AskForm(StepForm):
    """A step as it would be entered, with the grounds and the draft of its decision."""

    def __init__(self, *args, kind: str, step: Transition, track: str, **kwargs) -> None:
        super().__init__(*args, kind=kind, step=step, track=track, **kwargs)
        for name in ("on", "uncounted", "version"):
            del self.fields[name]
        if "authority" in self.fields:
            self.fields["authority"].initial = str(step.decider)
        self.fields["grounds"] = forms.CharField(
            label=_("报批的理由"), widget=forms.Textarea({"rows": 4})
        )
        self.fields["draft"] = forms.CharField(
            label=_("拟作决定的文字"), widget=forms.Textarea({"rows": 4}), required=False
        )
        self.order_fields(["grounds", "until", "draft"])


class OpinionForm(forms.Form):
    """Words that stay on file."""

    text = forms.CharField(label=_("意见"), widget=forms.Textarea({"rows": 3}), required=False)


class CommitteeForm(OpinionForm):
    """What the procuratorial committee thought, and when."""

    on = forms.DateField(label=_("会议日期"), widget=DateInput())

    field_order = ("on", "text")


class DecideForm(OpinionForm):
    """The approval: its day, and what only the decision itself can say."""

    on = forms.DateField(label=_("决定之日"), widget=DateInput())
    until = forms.DateField(label=_("延长至（含当日）"), widget=DateInput(), required=False)
    number = forms.CharField(label=_("文号"), max_length=60, required=False)
    uncounted = forms.BooleanField(
        label=_("期限暂时算不出来也登记；日历公布后自动补算"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    field_order = ("on", "until", "number", "text", "uncounted", "version")

    def __init__(self, *args, kind: str, forwards: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        asked = StepForm.ASKS.get(kind, ())
        for name in ("until", "number"):
            if name not in asked or forwards:
                del self.fields[name]
        if forwards:
            del self.fields["uncounted"]


class RecusalForm(forms.Form):
    """Who is to stand aside, who asks it, and why."""

    own = forms.TypedChoiceField(
        label=_("由谁提出"),
        choices=[("", _("当事人、诉讼代理人申请")), ("1", _("本人自行回避"))],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
    )
    capacity = forms.ChoiceField(label=_("身份"))
    person = forms.ModelChoiceField(
        None, label=_("本院人员"), to_field_name="username", required=False
    )
    name = forms.CharField(
        label=_("其他人员的姓名"),
        max_length=120,
        required=False,
        help_text=_("翻译人员、鉴定人、勘验人等。"),
    )
    applicant = forms.CharField(label=_("申请人"), max_length=120, required=False)
    ground = forms.ChoiceField(label=_("事由"), widget=forms.RadioSelect)
    text = forms.CharField(label=_("具体情况"), widget=forms.Textarea({"rows": 4}))
    asked_on = forms.DateField(label=_("收到申请之日"), widget=DateInput())
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, case: Case, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        book = rulebook.approvals()
        self.fields["capacity"].choices = [(c.id, said(c.title)) for c in book.capacities.values()]
        self.fields["ground"].choices = [
            (g.id, f"{said(g.title)}（{g.source}）") for g in book.grounds.values()
        ]
        self.fields["person"].queryset = _people(case.office)
        self.fields["person"].label_from_instance = lambda person: person.name


class RecusalDecisionForm(forms.Form):
    """Whether somebody stands aside, why, and who handles the case then."""

    grants = forms.TypedChoiceField(
        label=_("决定"),
        choices=[("1", _("决定回避")), ("0", _("驳回申请"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    on = forms.DateField(label=_("决定之日"), widget=DateInput())
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea({"rows": 3}))
    successor = forms.ModelChoiceField(
        None, label=_("新的承办人"), to_field_name="username", required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, handlers, replaces: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = handlers
        self.fields["successor"].label_from_instance = lambda person: person.name
        if not replaces:
            del self.fields["successor"]


class AgainForm(forms.Form):
    """A request to reconsider."""

    on = forms.DateField(label=_("收到复议申请之日"), widget=DateInput())
    text = forms.CharField(label=_("申请复议的理由"), widget=forms.Textarea({"rows": 3}))
    version = forms.IntegerField(widget=forms.HiddenInput)


class ChainForm(forms.Form):
    """Whether the department head reviews first."""

    head_reviews = forms.BooleanField(label=_("报批先经部门负责人审核"), required=False)
    since = forms.DateField(label=_("自"), widget=DateInput())
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea({"rows": 2}))


class DelegationForm(forms.Form):
    """Who decides in the chief procurator's stead, from a day until a day."""

    to = forms.ModelChoiceField(None, label=_("受委托人"), to_field_name="username")
    since = forms.DateField(label=_("自"), widget=DateInput())
    until = forms.DateField(label=_("至（含当日）"), widget=DateInput())
    reason = forms.CharField(label=_("委托的依据"), widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args, office: Procuratorate, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = _people(office)
        self.fields["to"].label_from_instance = lambda person: person.name
