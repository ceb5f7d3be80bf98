"""The shape of what is asked for in a station."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from jingyi.web.cases.forms import DateInput
from jingyi.web.cases.verification.models import Answer, Proof
from jingyi.web.registry.models import Organ
from jingyi.web.station.actions.replies import Words
from jingyi.web.station.models import Line, Paper, Request
from jingyi.web.ui.templatetags.ui import title_of

WORDS = forms.Textarea({"rows": 4})


class ReceiveForm(forms.Form):
    """The day a suggestion was received."""

    on = forms.DateField(
        label=_("收到之日"), widget=DateInput(), help_text=_("整改和回复的期限从次日起算。")
    )


class NamedReceiveForm(ReceiveForm):
    """The same, of whoever opened a link."""

    name = forms.CharField(label=_("签收人姓名"), max_length=60)


class DraftForm(forms.Form):
    """What the reply says, duty by duty: the fields of duty 2 are `said_2`, `text_2`, …"""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        choices = [("", _("还没有选择")), *Answer.Said.choices]
        for line in lines:
            n = line.duty
            self.fields[f"said_{n}"] = forms.ChoiceField(
                label=_("完成的情况"), choices=choices, required=False, initial=line.said
            )
            self.fields[f"text_{n}"] = forms.CharField(
                label=_("答复的内容"), widget=WORDS, required=False, initial=line.text,
                help_text=_("写做了什么、何时完成、做了多少。"),
            )  # fmt: skip
            self.fields[f"amount_{n}"] = forms.DecimalField(
                label=_("数值"), required=False, max_digits=20, decimal_places=6,
                initial=line.amount.normalize() if line.amount is not None else None,
                help_text=_("金额、面积、数量。"),
            )  # fmt: skip
            self.fields[f"unit_{n}"] = forms.CharField(
                label=_("单位"), required=False, max_length=20, initial=line.unit
            )

        for field in self.fields.values():  # the fields stand beside the forms of the files
            field.widget.attrs["form"] = "draft"

    def groups(self) -> Iterator[tuple[Line, list[BoundField]]]:
        """Yield each line with its own fields."""
        for line in self.lines:
            names = [f"{name}_{line.duty}" for name in ("said", "text", "amount", "unit")]
            yield line, [self[name] for name in names]

    def words(self) -> dict[int, Words]:
        """Return what is written, by the number of the duty."""
        data = self.cleaned_data
        return {
            n: Words(data[f"said_{n}"], data[f"text_{n}"], data[f"amount_{n}"], data[f"unit_{n}"])
            for n in (line.duty for line in self.lines)
        }


class AttachForm(forms.Form):
    """A file for a line of the draft."""

    kind = forms.ChoiceField(label=_("种类"), choices=Proof.Kind.choices)
    dated_on = forms.DateField(label=_("拍摄或者形成的日期"), required=False, widget=DateInput())
    caption = forms.CharField(
        label=_("附件说明"), widget=forms.Textarea({"rows": 2}), required=False
    )
    file = forms.FileField(
        label=_("文件"), required=False, help_text=_("每个不超过 50 MB；更大的请用断点续传。")
    )
    upload = forms.CharField(widget=forms.HiddenInput, required=False)  # one sent piece by piece

    def clean(self) -> dict[str, Any]:
        """Ask for one file, sent either way."""
        data = super().clean() or {}
        if not data.get("file") and not data.get("upload"):
            raise forms.ValidationError(_("请选择文件。"))
        return data


class WordsForm(forms.Form):
    """Why a draft goes back."""

    words = forms.CharField(label=_("要修改什么"), widget=forms.Textarea({"rows": 3}))


class RequestForm(forms.Form):
    """What the organ asks for."""

    kind = forms.ChoiceField(label=_("提出什么"), choices=Request.Kind.choices)
    reason = forms.CharField(label=_("理由"), widget=WORDS)
    until = forms.DateField(
        label=_("希望延长或者中止到"), required=False, widget=DateInput(),
        help_text=_("法定的整改和回复期限不因申请而延长；检察院采纳的，是跟进的安排。"),
    )  # fmt: skip
    file = forms.FileField(label=_("附上的文件"), required=False)


class DecideForm(forms.Form):
    """The answer to a request."""

    accepted = forms.ChoiceField(
        label=_("是否采纳"),
        choices=[("yes", _("采纳")), ("no", _("不采纳"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label=_("答复的内容和依据"), widget=WORDS)


class PaperForm(forms.Form):
    """A text for both sides to sign."""

    organ = forms.ModelChoiceField(None, label=_("对方机关"), to_field_name="code")
    kind = forms.ChoiceField(label=_("种类"), choices=Paper.Kind.choices)
    title = forms.CharField(label=_("标题"), max_length=200)
    held_on = forms.DateField(label=_("日期"), widget=DateInput())
    text = forms.CharField(label=_("文件正文"), widget=forms.Textarea({"rows": 12}))

    def __init__(self, *args: Any, organs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organ"].queryset = organs
        self.fields["organ"].label_from_instance = _organ


class LinkForm(forms.Form):
    """For whom a one-time link is made."""

    for_whom = forms.CharField(
        label=_("发给谁"), max_length=60, help_text=_("写姓名和职务；打开的情况会记下来。")
    )


def _organ(organ: Organ) -> str:
    return title_of(organ, "name")
