"""The shape of what is asked for when a case is opened, searched or taken a step further."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jingyi.core import rulebook
from jingyi.core.procedure import Transition
from jingyi.web.cases.models import Track
from jingyi.web.ui.templatetags.ui import said, title_of

MOST_BYTES = 50 * 2**20
ANY = ("", _("全部"))
COMMISSIONS = [
    ("appraisal", _("鉴定")),
    ("testing", _("检测")),
    ("assessment", _("评估")),
    ("audit", _("审计")),
    ("inspection", pgettext_lazy("commission", "检验")),
    ("translation", _("翻译")),
]
# 办案规则第七十六条、检察建议工作规定第十八条: a refusal does not keep a document from being served
MANNERS = [
    ("", _("没有写明")),
    ("direct", _("直接送达")),
    ("announced", _("宣告送达")),
    ("left", _("留置送达（拍照、录像）")),
    ("mailed", _("邮寄送达")),
]

# how a judgment or a later visit came out; the measures read these very words
OUTCOMES = {
    "judgment.received": [
        ("supported", _("诉讼请求全部得到支持")),
        ("partly", _("部分得到支持")),
        ("refused", _("没有得到支持")),
    ],
    "lookback.done": [("held", _("整改成果保持")), ("relapsed", _("问题反弹"))],
}


class DateInput(forms.DateInput):
    """The browser's own date field; its value is ISO whatever the page's language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def domain_choices(track: str = "") -> list[tuple[str, str]]:
    """Return the domains a case can be opened in, for one track or for any."""
    return [
        (domain.slug, said(domain.title))
        for domain in rulebook.every_domain()
        if not track or track in domain.procedures
    ]


class ReasonForm(forms.Form):
    """A return, a dissent, an undoing: words that stay on file."""

    reason = forms.CharField(label=_("理由"), widget=forms.Textarea({"rows": 3}))


class StepForm(forms.Form):
    """One step of a case: its day, its document, and what that kind of step needs besides."""

    on = forms.DateField(label=_("日期"), widget=DateInput())
    until = forms.DateField(
        label=_("决定书写明的截止日"),
        widget=DateInput(),
        required=False,
        help_text=_("没有写明的留空，按规则计算。"),
    )
    asks = forms.CharField(
        label=_("要求履行的职责"),
        widget=forms.Textarea({"rows": 5}),
        help_text=_("每行一项，供行政机关逐项回复。"),
    )
    urgent = forms.BooleanField(label=_("损害继续扩大等紧急情形：十五日内回复"), required=False)
    ground = forms.ChoiceField(label=_("事由"), widget=forms.RadioSelect)
    commission = forms.ChoiceField(label=_("委托事项"), choices=COMMISSIONS)
    cause = forms.CharField(
        label=_("理由"),
        widget=forms.Textarea({"rows": 2}),
        help_text=_("为什么不计入或者延长；随决定书或者委托书留存。"),
    )
    authority = forms.CharField(
        label=_("由谁决定、批准或者受委托"),
        max_length=120,
        help_text=_("如检察长、上一级人民检察院、鉴定机构、人民法院。"),
    )
    amended = forms.CharField(
        label=_("修改后要求履行的职责"),
        widget=forms.Textarea({"rows": 5}),
        required=False,
        help_text=_("每行一项；没有改动的留空。"),
    )
    manner = forms.ChoiceField(label=_("送达方式"), choices=MANNERS, required=False)
    medium = forms.CharField(label=_("发布媒体"), max_length=120)
    office = forms.CharField(label=_("受移送的检察院"), max_length=120)
    recipient = forms.CharField(label=_("送交哪个机关"), max_length=120)
    court = forms.CharField(label=_("受理法院"), max_length=120)
    track = forms.ChoiceField(
        label=_("判决还是裁定"), choices=[("judgment", _("判决")), ("ruling", _("裁定"))]
    )
    outcome = forms.ChoiceField(label=_("结果"), required=False)
    found = forms.CharField(label=_("查明的情况"), widget=forms.Textarea({"rows": 4}))
    number = forms.CharField(
        label=_("文号"),
        max_length=60,
        required=False,
        help_text=_("由统一业务应用系统编号，这里只作引用。"),
    )
    note = forms.CharField(label=_("说明"), widget=forms.Textarea({"rows": 2}), required=False)
    exhibit = forms.FileField(
        label=_("附件"),
        required=False,
        help_text=_("送达回证、决定书、照片等；原件封存，逐字节校验。"),
    )
    uncounted = forms.BooleanField(
        label=_("期限暂时算不出来也登记；日历公布后自动补算"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    # what a kind of event asks for besides its day, a document and a note
    ASKS = {
        "suggestion.decided": ("asks", "urgent", "number"),
        "suggestion.served": ("number", "manner"),
        "notice.published": ("medium",),
        "followup.done": ("found",),
        "verification.passed": ("found",),
        "verification.failed": ("found",),
        "lookback.done": ("outcome", "found"),
        "organ.decided": ("found",),
        "suggestion.replied": ("found",),
        "appraisal.commissioned": ("commission", "authority", "cause"),
        "review.suspended": ("cause", "authority"),
        "review.extended.chief": ("cause", "authority"),
        "review.extended.superior": ("until", "cause", "authority"),
        "trial.stayed": ("cause", "authority"),
        "trial.extended": ("until", "authority"),
        "suit.correction-asked": ("cause", "authority"),
        "case.transferred": ("office",),
        "case.sued": ("court", "number"),
        "judgment.received": ("track", "outcome", "court", "number", "found"),
        "case.filed": ("number",),
        "case.served": ("manner",),
        "termination.served": ("manner",),
        "consultation.held": ("found",),
        "public-hearing.decided": ("cause", "authority"),
        "public-hearing.held": ("found",),
        "clue.referred": ("recipient", "found"),
        "suggestion.objected": ("found",),
        "objection.kept": ("cause",),
        "suggestion.amended": ("amended", "cause"),
        "suggestion.withdrawn": ("cause",),
        "suggestion.copied": ("recipient",),
        "suggestion.escalated": ("recipient", "cause"),
        "criminal.charged": ("court", "number"),
        "incidental.chosen": ("court",),
        "incidental.left": ("cause",),
        "injunction.asked": ("court", "cause"),
        "injunction.decided": ("court", "number", "found"),
        "plaintiff.sued": ("court", "found"),
        "support.given": ("court", "number"),
        "support.withdrawn": ("cause", "number"),
        "claims.changed": ("cause", "number"),
        "suit.refused": ("court", "number", "found"),
        "settlement.confirmed": ("court", "number", "found"),
        "appeal.decided": ("court", "number", "found"),
        "appeal.remanded": ("court", "number", "found"),
        "appeal.withdrawn": ("court", "number"),
        "protest.requested": ("cause", "number"),
        "retrial.ordered": ("court", "number"),
        "retrial.decided": ("court", "number", "found"),
        "execution.stayed": ("court", "cause"),
        "execution.ended": ("court", "cause"),
        "lookback.relapsed": ("found",),
        "case.reopened": ("cause",),
    }
    FACTS = (
        "asks", "urgent", "ground", "commission", "cause", "authority", "track", "medium",
        "manner", "office", "recipient", "court", "outcome", "found", "number", "note",
    )  # fmt: skip

    def __init__(self, *args, kind: str, step: Transition | None, track: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amended"].initial = self.initial.get("asks")
        grounds = rulebook.states(track).grounds
        named = [name for need in step.needs for name in need.any] if step else []
        choices = [(name, said(grounds[name].title)) for name in named if name in grounds]
        wanted = {
            "on",
            "note",
            "exhibit",
            "version",
            "uncounted",
            "reason",
            *self.ASKS.get(kind, ()),
        }
        self.fields["outcome"].choices = [("", _("没有写明")), *OUTCOMES.get(kind, ())]
        if choices:
            wanted.add("ground")
            self.fields["ground"].choices = choices
            # a verification can stand in for a ground, so one need not be chosen
            self.fields["ground"].required = all(
                not set(need.any) & set(grounds) or set(need.any) <= set(grounds)
                for need in step.needs
            )
        for name in set(self.fields) - wanted:
            del self.fields[name]

    def clean_asks(self) -> list[str]:
        """Return the duties, one for each line."""
        return [line.strip() for line in self.cleaned_data["asks"].splitlines() if line.strip()]

    def clean_exhibit(self):
        """Refuse a file too large for the vault's page."""
        file = self.cleaned_data["exhibit"]
        if file and file.size > MOST_BYTES:
            raise forms.ValidationError(_("文件超过 50 MB。请压缩或者拆分后再上传。"))
        return file

    def facts(self) -> dict[str, object]:
        """Return what goes on file, without what was left empty."""
        found = {
            name: self.cleaned_data[name] for name in self.FACTS if self.cleaned_data.get(name)
        }
        if lines := self.cleaned_data.get("amended", "").splitlines():
            found["asks"] = [line.strip() for line in lines if line.strip()]
        return found


class CorrectForm(StepForm):
    """The right event in the place of a wrong one."""

    reason = forms.CharField(
        label=_("更正的理由"),
        widget=forms.Textarea({"rows": 2}),
        help_text=_("原来的登记会划去但保留，理由随它一起留存。"),
    )


class UndoForm(ReasonForm):
    """Taking an event out."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class WhatIfForm(forms.Form):
    """A clock counted for a day that has not come, or that one doubts."""

    rule = forms.ChoiceField(label=_("期限"))
    on = forms.DateField(label=_("若起算之日为"), widget=DateInput())
    track = forms.ChoiceField(label=_("情形"), required=False)

    def __init__(self, *args, procedure: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        rules = [rule for rule in rulebook.clocks() if procedure in rule.procedures]
        self.fields["rule"].choices = [(rule.id, said(rule.title)) for rule in rules]
        tracks = {name: track for rule in rules for name, track in rule.versions[-1].tracks.items()}
        self.fields["track"].choices = [(n, said(track.title)) for n, track in tracks.items()]


class AssumeForm(forms.Form):
    """A length that a draft may come to give one period, only to see what would follow."""

    assume = forms.ChoiceField(label=_("假设草案把这一期限定为"))
    number = forms.IntegerField(label=_("长度"), min_value=1, max_value=3650)
    unit = forms.ChoiceField(label=_("单位"), choices=[("days", _("日")), ("months", _("个月"))])

    def __init__(self, *args, clocks: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assume"].choices = clocks


class CaseFilter(forms.Form):
    """What the list can be narrowed by; every figure is one of these."""

    q = forms.CharField(label=_("案号或案由"), required=False)
    track = forms.ChoiceField(label=_("类型"), choices=[ANY, *Track.choices], required=False)
    domain = forms.ChoiceField(label=_("领域"), required=False)
    state = forms.ChoiceField(label=_("阶段"), required=False)
    phase = forms.ChoiceField(
        label=_("是否已结"),
        required=False,
        choices=[ANY, ("open", _("在办")), ("closed", _("已结"))],
    )
    office = forms.ModelChoiceField(
        None, label=_("检察院"), to_field_name="code", required=False, empty_label=_("全部")
    )
    organ = forms.ModelChoiceField(
        None,
        label=pgettext_lazy("label", "行政机关"),
        to_field_name="code",
        required=False,
        empty_label=_("全部"),
    )
    handler = forms.ModelChoiceField(
        None, label=_("承办人"), to_field_name="username", required=False, empty_label=_("全部")
    )
    due = forms.ChoiceField(
        label=_("期限"),
        required=False,
        choices=[
            ANY,
            ("overdue", pgettext_lazy("heading", "已逾期")),
            ("week", _("七日内到期")),
            ("none", _("没有期限")),
        ],
    )
    step = forms.ChoiceField(label=_("已有的登记"), required=False)
    since = forms.DateField(label=_("立案自"), widget=DateInput(), required=False)
    until = forms.DateField(label=_("立案至"), widget=DateInput(), required=False)

    region = forms.ModelChoiceField(
        None, label=_("所在地区"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args, regions, offices, organs, handlers, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["domain"].choices = [ANY, *domain_choices()]
        self.fields["state"].choices = [ANY, *state_choices()]
        events = rulebook.events().items()
        self.fields["step"].choices = [ANY, *((kind, said(title)) for kind, title in events)]
        for name, queryset in (
            ("region", regions),
            ("office", offices),
            ("organ", organs),
            ("handler", handlers),
        ):
            self.fields[name].queryset = queryset
        for name in ("office", "organ"):
            self.fields[name].label_from_instance = lambda thing: title_of(thing, "name")
        self.fields["handler"].label_from_instance = lambda person: person.name


def state_choices() -> list[tuple[str, str]]:
    """Return the states of both tracks, each once."""
    found: dict[str, str] = {}
    for track in Track.values:
        for state in rulebook.states(track).states.values():
            found.setdefault(state.id, said(state.title))
    return list(found.items())
