"""What is asked for in the room."""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingyi.core.judging import book, rounds
from jingyi.web.accounts.models import User
from jingyi.web.brands.models import Brand
from jingyi.web.cases.forms import DateInput
from jingyi.web.registry.models import Procuratorate
from jingyi.web.selection.models import Edition, Entry
from jingyi.web.ui.templatetags.ui import title_of

AREA = forms.Textarea({"rows": 3})
LONG = forms.Textarea({"rows": 8})
KINDS = {rounds.SCORES: "评分", rounds.BALLOT: "投票"}  # as a round is typed


class RulesForm(forms.Form):
    """The rules of a selection."""

    office = forms.ModelChoiceField(Procuratorate.objects.none(), label=_("主办院"))
    name = forms.CharField(label=_("名称"), max_length=80)
    about = forms.CharField(label=_("说明"), widget=AREA, required=False)
    closes_on = forms.DateField(label=_("申报截止日"), widget=DateInput())
    nominated = forms.IntegerField(label=_("提名数"), min_value=1, max_value=2000)
    chosen = forms.IntegerField(label=_("入选数"), min_value=1, max_value=2000)
    each = forms.IntegerField(label=_("每个参评的评委数"), min_value=1, max_value=60)
    criteria = forms.CharField(
        label=_("评分项和权重"), widget=forms.Textarea({"rows": 5}), help_text=_("一行一项，例如：机制创新=25")
    )  # fmt: skip
    categories = forms.CharField(
        label=_("参评类别"), widget=AREA, required=False,
        help_text=_("不分类别则不填。一行一类：名称=提名数/入选数，例如：文化品牌=8/4"),
    )  # fmt: skip
    rounds = forms.CharField(
        label=_("轮次"), widget=AREA, required=False,
        help_text=_("只有一轮评分则不填。一行一轮：名称=评分或投票 数目 晋级数。评分的数目是每个参评的评委数，投票的数目是一位评委最多选几个；分类别时晋级数用 / 隔开。例如：初选=投票 6 12"),
    )  # fmt: skip
    blind = forms.BooleanField(label=_("评分时不显示单位和部门"), required=False)
    public_percent = forms.IntegerField(
        label=_("公众投票占比（%）"), min_value=0, max_value=50, help_text=_("填 0 则不设公众投票；最多 50")
    )  # fmt: skip
    votes = forms.IntegerField(label=_("一张选票最多选几个"), min_value=1, max_value=100)
    publicity_days = forms.IntegerField(label=_("公示天数"), min_value=1, max_value=60)

    def __init__(self, *args: Any, offices: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if offices is None:
            del self.fields["office"]
        else:
            self.fields["office"].queryset = offices
            self.fields["office"].label_from_instance = lambda one: title_of(one, "name")

    @staticmethod
    def begun(edition: Edition | None) -> dict[str, Any]:
        """Return what the form begins with."""
        if edition is None:
            rules = book.book()
            usual = {name: getattr(rules.defaults, name) for name in rules.defaults.__slots__}
            return usual | {"criteria": lines_of(rules.criteria)}
        kinds = [f"{name}={most}/{chosen}" for name, most, chosen in edition.categories]
        legs = [
            f"{title}={KINDS[kind]} {each} {'/'.join(map(str, on))}"
            for title, kind, each, on in edition.rounds
        ]
        names = ("name", "about", "closes_on", "nominated", "chosen", "each", "blind",
                 "public_percent", "votes", "publicity_days")  # fmt: skip
        lines = {"categories": "\n".join(kinds), "rounds": "\n".join(legs)}
        return {n: getattr(edition, n) for n in names} | lines | {"criteria": lines_of(edition.criteria)}  # fmt: skip

    def clean_criteria(self) -> dict[str, float]:
        """Read `name=weight` a line."""
        found: dict[str, float] = {}
        for line in filter(None, map(str.strip, self.cleaned_data["criteria"].splitlines())):
            name, _equals, weight = line.replace("＝", "=").rpartition("=")
            try:
                found[name.strip()] = float(weight)
            except ValueError:
                name = ""
            if not name.strip():
                raise forms.ValidationError(_("“%(line)s”读不懂，须写成 评分项=权重。"), params={"line": line})  # fmt: skip
        return found

    def clean_categories(self) -> list[list[Any]]:
        """Read `name=nominated/chosen` a line."""
        return self._lines("categories", r"(\d+)\s*/\s*(\d+)", lambda name, got: [name, int(got[1]), int(got[2])])  # fmt: skip

    def clean_rounds(self) -> list[list[Any]]:
        """Read `name=kind each onward/onward` a line."""
        kinds = {word: kind for kind, word in KINDS.items()} | {kind: kind for kind in KINDS}
        words = "|".join(kinds)
        return self._lines(
            "rounds", rf"({words})\s+(\d+)\s+(\d+(?:\s*/\s*\d+)*)",
            lambda name, got: [name, kinds[got[1]], int(got[2]), [int(n) for n in got[3].split("/")]],
        )  # fmt: skip

    def _lines(self, field: str, shape: str, read: Callable[..., list[Any]]) -> list[list[Any]]:
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data[field].splitlines())):
            name, _equals, rest = line.replace("＝", "=").replace("／", "/").rpartition("=")
            got = re.fullmatch(shape, rest.strip())
            if not got or not 0 < len(name.strip()) <= 40:
                raise forms.ValidationError(_("“%(line)s”读不懂，请照说明里的例子写。"), params={"line": line})  # fmt: skip
            found.append(read(name.strip(), got))
        return found

    def rules(self) -> dict[str, Any]:
        """Return the values of an Edition's rules."""
        return {name: value for name, value in self.cleaned_data.items() if name != "office"}


def lines_of(criteria: dict[str, Any]) -> str:
    """Return criteria as they are typed."""
    return "\n".join(f"{name}={weight:g}" for name, weight in criteria.items())


class EnterForm(forms.Form):
    """Which brand stands."""

    brand = forms.ModelChoiceField(Brand.objects.none(), label=_("品牌"))
    category = forms.ChoiceField(label=_("参评类别"))

    def __init__(self, *args: Any, brands: Any, kinds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["brand"].queryset = brands
        self.fields["category"].choices = [(one.name, one.name) for one in kinds]
        if not kinds[0].name:
            del self.fields["category"]


class CaseForm(forms.Form):
    """Which typical case stands."""

    typical = forms.TypedChoiceField(label=_("典型案例"), coerce=int)
    category = forms.ChoiceField(label=_("参评类别"))

    def __init__(self, *args: Any, cases: Any, kinds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cases = {one.pk: one for one in cases}
        self.fields["typical"].choices = [(one.pk, f"{one.case.ref} {one.title}") for one in cases]
        self.fields["category"].choices = [(one.name, one.name) for one in kinds]
        if not kinds[0].name:
            del self.fields["category"]

    def clean_typical(self) -> Any:
        """Return the typical case itself."""
        return self.cases[self.cleaned_data["typical"]]


class EntryForm(forms.Form):
    """A nomination's texts."""

    statement = forms.CharField(label=_("申报事迹"), widget=LONG, required=False)
    effect = forms.CharField(label=_("成效"), widget=AREA, required=False)


class FileForm(forms.Form):
    """A supporting file."""

    file = forms.FileField(label=_("佐证材料（图片或 PDF）"))


class AnswerForm(forms.Form):
    """Accept, or return for mending."""

    accept = forms.TypedChoiceField(
        label=_("审核意见"), choices=[("yes", _("受理")), ("no", _("退回补正"))],
        coerce=lambda said: said == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    why = forms.CharField(label=_("需要补正什么"), widget=AREA, required=False)


class JurorForm(forms.Form):
    """Who is to judge."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("评委"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people
        self.fields["person"].label_from_instance = lambda one: one.name


class VoucherForm(forms.Form):
    """How many vouchers."""

    n = forms.IntegerField(label=_("投票码个数"), min_value=1, max_value=20_000)


class SheetForm(forms.Form):
    """A judge's scores for one entry."""

    def __init__(self, *args: Any, criteria: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n, name in enumerate(criteria):
            self.fields[f"c{n}"] = forms.FloatField(
                label=name, min_value=0, max_value=100,
                widget=forms.NumberInput({"inputmode": "decimal", "step": "0.5"}),
            )  # fmt: skip
        self.names = list(criteria)
        self.fields["confidence"] = forms.ChoiceField(
            label=_("把握"), widget=forms.RadioSelect,
            choices=[("high", _("有把握")), ("middle", _("一般")), ("low", _("没把握"))],
        )  # fmt: skip
        self.fields["comment"] = forms.CharField(label=_("评语"), widget=AREA, required=False)

    def points(self) -> dict[str, float]:
        """Return the points by criterion."""
        return {name: self.cleaned_data[f"c{n}"] for n, name in enumerate(self.names)}


class ReasonForm(forms.Form):
    """A reason."""

    why = forms.CharField(label=_("理由"), widget=AREA)


class BallotForm(forms.Form):
    """A ballot of the public."""

    code = forms.CharField(label=_("投票码"), max_length=40, widget=forms.TextInput({"autocomplete": "off"}))  # fmt: skip
    choices = forms.MultipleChoiceField(label=_("选择"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, entries: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choices"].choices = [(str(e.number), f"{e.number}. {e.title}") for e in entries]  # fmt: skip


class PaperForm(forms.Form):
    """A judge's paper in a secret ballot."""

    choices = forms.MultipleChoiceField(label=_("选择"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, entries: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choices"].choices = [
            (str(e.number), f"{e.number}. {e.title}" + (f" · {e.category}" if e.category else ""))
            for e in entries
        ]  # fmt: skip


class RecuseForm(forms.Form):
    """An entry that a judge must not vote for, and why."""

    entry = forms.ModelChoiceField(Entry.objects.none(), label=_("参评"))
    why = forms.CharField(label=_("理由"), widget=AREA)

    def __init__(self, *args: Any, entries: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entry"].queryset = entries
        self.fields["entry"].label_from_instance = lambda one: f"{one.number}. {one.title}"


class FindForm(forms.Form):
    """The secret of a ballot."""

    secret = forms.CharField(label=_("回执码"), max_length=64)


class ObjectionForm(forms.Form):
    """An objection."""

    name = forms.CharField(label=_("姓名或单位"), max_length=60)
    contact = forms.CharField(
        label=_("联系方式"), max_length=120, help_text=_("只用于答复，不公开")
    )
    text = forms.CharField(
        label=_("异议和依据"), widget=forms.Textarea({"rows": 5}), max_length=4000
    )


class ReplyForm(forms.Form):
    """The answer to an objection."""

    upheld = forms.TypedChoiceField(
        label=_("结论"), choices=[("no", _("不成立")), ("yes", _("成立，重新计分"))],
        coerce=lambda said: said == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    text = forms.CharField(label=_("答复"), widget=AREA)


class IssueForm(forms.Form):
    """An issue of the column."""

    entry = forms.ModelChoiceField(Entry.objects.none(), label=_("品牌"))
    number = forms.IntegerField(label=_("期号"), min_value=1, max_value=99)
    headline = forms.CharField(label=_("标题"), max_length=80)
    note = forms.CharField(label=_("编者按"), widget=AREA)
    text = forms.CharField(label=_("正文"), widget=LONG)
    picture = forms.FileField(label=_("题图"), required=False)
    film = forms.FileField(
        label=_("录像"), required=False, help_text=_("MP4（H.264）或 WebM，不超过 100 MB"),
        widget=forms.FileInput({"accept": "video/mp4,video/webm"}),
    )  # fmt: skip
    bare = forms.BooleanField(label=_("撤下这一期原有的题图和录像"), required=False)
    appears_at = forms.DateTimeField(
        label=_("发布时间"), initial=timezone.now,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip

    def __init__(self, *args: Any, entries: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entry"].queryset = entries
        self.fields["entry"].label_from_instance = lambda one: one.title
