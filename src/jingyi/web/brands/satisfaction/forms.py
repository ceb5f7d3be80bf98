"""What is asked for: whom to ask about what, and the short form itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jingyi.core.talent import book
from jingyi.web.ui.templatetags.ui import said

SCALE = [
    ("5", _("很好")), ("4", _("较好")), ("3", pgettext_lazy("satisfaction", "一般")), ("2", _("较差")), ("1", _("很差")),
]  # fmt: skip


class AskForm(forms.Form):
    """Whom, about what."""

    audience = forms.ChoiceField(label=_("向谁征求"))
    ref = forms.CharField(
        label=_("事项编号"), max_length=40,
        help_text=_("举报人填举报编号；行政机关填案件编号；代表委员填建议、提案编号，或者听证案件的编号"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        audiences = book().audiences.items()
        self.fields["audience"].choices = [(k, said(one.title)) for k, one in audiences]


class AnswerForm(forms.Form):
    """The short form of one audience."""

    def __init__(self, *args: Any, audience: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = [one for one in book().questions.values() if audience in one.audiences]
        for one in self.asked:
            self.fields[one.id] = forms.ChoiceField(
                label=said(one.title), choices=SCALE, widget=forms.RadioSelect
            )
        self.fields["words"] = forms.CharField(
            label=_("想说的话"), required=False, max_length=1000,
            widget=forms.Textarea({"rows": 4}), help_text=_("请不要写姓名和电话"),
        )  # fmt: skip

    def scores(self) -> dict[str, int]:
        """Return the answers."""
        return {one.id: int(self.cleaned_data[one.id]) for one in self.asked}
