"""What is to be covered: proposed words that were ticked, words typed in, boxes drawn or typed in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.core.reading.page import Box
from jingyi.web.evidence.redaction.models import Redaction

MOST_BOXES = 1000


class CoverForm(forms.Form):
    """Words and boxes of one file. A box is a line `page left top width height`, in percent."""

    ticked = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    more = forms.CharField(
        label=_("再加要遮盖的词"), required=False, max_length=20_000,
        help_text=_("每行一个。空格、换行和全角半角不影响查找。"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    boxes = forms.CharField(
        label=_("框选"), required=False, max_length=60_000,
        help_text=_("在下面的页面上拖动即可框选；也可以每行写一个：页 左 上 宽 高（占页面的百分比）。"),
        widget=forms.Textarea(attrs={"rows": 3, "data-boxes": ""}),
    )  # fmt: skip

    def __init__(self, *args: Any, redaction: Redaction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ticked"].choices = [(word, word) for _kind, word, _n in redaction.proposed]
        if not redaction.found.get("pages"):
            del self.fields["boxes"]

    def clean_boxes(self) -> list[tuple[int, Box]]:
        """Return the boxes by page."""
        lines = self.cleaned_data["boxes"].splitlines()
        found = [_box(line) for line in lines if line.strip()]
        if len(found) > MOST_BOXES:
            raise forms.ValidationError(_("框选太多，请分几份做。"))
        return found

    def words(self) -> list[str]:
        """Return the words that were ticked or typed in."""
        return [*self.cleaned_data["ticked"], *self.cleaned_data["more"].splitlines()]


class MakeForm(forms.Form):
    """A person has looked at every page."""

    looked = forms.BooleanField(
        label=_("我已逐页核对：该遮的都遮住了"),
        error_messages={"required": _("请先逐页核对，再生成副本。")},
    )


def initial(redaction: Redaction) -> dict[str, Any]:
    """Return what was chosen so far, as the form writes it."""
    proposed = {word for _kind, word, _n in redaction.proposed}
    return {
        "ticked": [one for one in redaction.words if one in proposed],
        "more": "\n".join(one for one in redaction.words if one not in proposed),
        "boxes": "\n".join(
            " ".join([str(page), *(f"{100 * part:.2f}" for part in box)])
            for page, *box in redaction.boxes
        ),
    }


def _box(line: str) -> tuple[int, Box]:
    wrong = forms.ValidationError(
        _("“%(line)s”不是一个框：要写成 页 左 上 宽 高，例如 1 10 20 30 5。"),
        params={"line": line.strip()[:40]},
    )
    try:
        page, x, y, w, h = line.replace(",", " ").split()
        box = Box(float(x) / 100, float(y) / 100, float(w) / 100, float(h) / 100)
        return int(page), box
    except ValueError:
        raise wrong from None
