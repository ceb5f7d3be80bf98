"""The shape of what is asked for: a reply duty by duty, a round of verification, a later visit."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from jingyi.web.accounts.models import User
from jingyi.web.cases.forms import OUTCOMES, DateInput
from jingyi.web.cases.reading.forms import FilesField
from jingyi.web.cases.verification.actions import Found, Line
from jingyi.web.cases.verification.models import Answer, Finding, Proof, Verification
from jingyi.web.cases.verification.proofs import Given
from jingyi.web.cases.verification.queries import Duty

Kind = Proof.Kind
ONE_ROW = forms.Textarea({"rows": 2})
TWO_ROWS = forms.Textarea({"rows": 3})


class ShownFiles(FilesField):
    """Files of one kind that show something; none is fine."""

    def __init__(self, kind: str, label: str) -> None:
        super().__init__(label=label, required=False)
        self.kind = kind


class DutiesForm(forms.Form):
    """Asks the same of every duty; the fields of duty 2 are named `said_2`, `text_2`, …"""

    SHOWN = (Kind.BEFORE, Kind.AFTER, Kind.PAPER)

    def __init__(self, *args: Any, duties: Sequence[Duty], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.duties = duties
        for duty in duties:
            n = duty.core.number
            for name, made in self.asked().items():
                self.fields[f"{name}_{n}"] = made
            for kind in self.SHOWN:
                self.fields[f"{kind}_{n}"] = ShownFiles(kind, kind.label)
            self.fields[f"caption_{n}"] = forms.CharField(
                label=_("附件说明"), required=False, widget=ONE_ROW,
                help_text=_("写明附件显示了什么，有数量的写数量和单位。"),
            )  # fmt: skip

    def asked(self) -> dict[str, forms.Field]:
        """Return the fields asked of one duty, made anew."""
        raise NotImplementedError

    def groups(self) -> Iterator[tuple[Duty, list[BoundField]]]:
        """Yield each duty with its own fields, for the page."""
        for duty in self.duties:
            n = f"_{duty.core.number}"
            yield duty, [self[name] for name in self.fields if name.endswith(n)]

    def general(self) -> list[BoundField]:
        """Return the visible fields that are of no single duty."""
        return [self[name] for name in self.base_fields if not self[name].is_hidden]

    def proofs(self, n: int) -> tuple[Given, ...]:
        """Return the files handed in for duty `n`."""
        caption = self.cleaned_data[f"caption_{n}"]
        return tuple(
            Given(file, kind, caption)
            for kind in self.SHOWN
            for file in self.cleaned_data[f"{kind}_{n}"]
            if file
        )


class ReplyForm(DutiesForm):
    """What the organ's paper says of each duty."""

    on = forms.DateField(label=_("回复的日期"), widget=DateInput())

    def asked(self) -> dict[str, forms.Field]:
        """Return what is asked of one duty: how it stands, and the organ's own words."""
        choices = Answer.Said.choices
        return {
            "said": forms.ChoiceField(label=_("答复"), choices=choices, widget=forms.RadioSelect),
            "text": forms.CharField(label=_("答复的内容"), widget=TWO_ROWS),
        }

    def lines(self) -> list[Line]:
        """Return the reply, duty by duty."""
        data = self.cleaned_data
        numbers = [duty.core.number for duty in self.duties]
        return [Line(n, data[f"said_{n}"], data[f"text_{n}"], self.proofs(n)) for n in numbers]


class RoundForm(DutiesForm):
    """One round of verification: how it was made, and what was found of each duty still open."""

    SHOWN = (Kind.PHOTO, Kind.MEASURED, Kind.PAPER)

    on = forms.DateField(label=_("核实的日期"), widget=DateInput())
    methods = forms.MultipleChoiceField(
        label=_("核实的方式"),
        choices=Verification.Method.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    place = forms.CharField(label=_("核实的地点"), max_length=200)
    first = forms.ModelChoiceField(None, label=_("核实人"), to_field_name="username")
    second = forms.ModelChoiceField(
        None, label=_("另一核实人"), to_field_name="username", help_text=_("核实由二人以上进行。")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "second"):
            self.fields[name].queryset = people
            self.fields[name].label_from_instance = _name

    def asked(self) -> dict[str, forms.Field]:
        """Return what is asked of one duty: the finding, its ground, and what was measured."""
        choices = Finding.Kind.choices
        return {
            "kind": forms.ChoiceField(label=_("结论"), choices=choices, widget=forms.RadioSelect),
            "reason": forms.CharField(
                label=_("依据"), widget=TWO_ROWS, help_text=_("写看到、测到或者查到了什么。")
            ),
            "amount": forms.DecimalField(
                label=_("实测数值"), required=False, max_digits=20, decimal_places=6
            ),
            "unit": forms.CharField(label=_("单位"), required=False, max_length=20),
        }

    def found(self) -> list[Found]:
        """Return the findings, duty by duty."""
        data = self.cleaned_data
        return [
            Found(
                n, data[f"kind_{n}"], data[f"reason_{n}"], data[f"amount_{n}"], data[f"unit_{n}"],
                self.proofs(n),
            )
            for n in (duty.core.number for duty in self.duties)
        ]  # fmt: skip


class SettleForm(forms.Form):
    """On which ground, and why, what is left open is passed."""

    on = forms.DateField(label=_("决定的日期"), widget=DateInput())
    ground = forms.ChoiceField(label=_("事由"))
    reason = forms.CharField(
        label=_("理由"),
        widget=TWO_ROWS,
        help_text=_("写明哪些职责没有整改到位，为什么仍然可以认定公益已受保护。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, grounds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = grounds


class VisitForm(forms.Form):
    """What a later visit found."""

    on = forms.DateField(label=_("回头看的日期"), widget=DateInput())
    outcome = forms.ChoiceField(
        label=_("结果"), choices=OUTCOMES["lookback.done"], widget=forms.RadioSelect
    )
    found = forms.CharField(label=_("查明的情况"), widget=TWO_ROWS)
    photos = FilesField(label=_("照片和材料"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class VisitsFilter(forms.Form):
    """Which visits are listed."""

    box = forms.ChoiceField(
        label=_("到期"),
        required=False,
        choices=[
            ("", _("全部待办")),
            ("overdue", _("已过期")),
            ("due", _("一个月内")),
            ("later", _("以后")),
            ("done", _("已办")),
        ],
    )


def _name(user: User) -> str:
    return user.name
