"""The shape of what is asked for in the reading room."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.core import rulebook
from jingyi.core.reading.page import Box, Line
from jingyi.web.cases.documents.forms import ArticlesField
from jingyi.web.cases.documents.models import Exhibit
from jingyi.web.cases.forms import DateInput
from jingyi.web.ui.templatetags.ui import said

MOST_BYTES = 200 * 2**20


class Files(forms.ClearableFileInput):
    """A field for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; each is checked by itself, so that one bad file does not hold up the rest."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files; none is an error."""
        return [super(FilesField, self).clean(one, initial) for one in data or [None]]


class UploadForm(forms.Form):
    """Files to be sealed as exhibits and read."""

    files = FilesField(
        label=_("文件"),
        allow_empty_file=True,  # refused by name, with the others kept
        help_text=_(
            "PDF、扫描件和照片逐页识读；其他文件照样封存。每次最多 12 个，每个不超过 200 MB。"
        ),
    )
    kind = forms.ChoiceField(label=_("种类"), choices=Exhibit.Kind.choices)
    group = forms.CharField(
        label=_("分组"), max_length=60, required=False, help_text=_("如：第一组 损害事实")
    )
    source = forms.CharField(label=_("来源"), max_length=200, required=False)


class DescribeForm(forms.Form):
    """What the evidence list says of a file."""

    group = forms.CharField(label=_("分组"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("种类"), choices=Exhibit.Kind.choices)
    purpose = forms.CharField(
        label=_("证明目的"), required=False, widget=forms.Textarea({"rows": 3})
    )
    source = forms.CharField(label=_("来源"), max_length=200, required=False)
    collected_by = forms.CharField(label=_("收集人"), max_length=60, required=False)
    collected_on = forms.DateField(label=_("收集日期"), widget=DateInput(), required=False)


class MoveForm(forms.Form):
    """Where in the list a file goes."""

    key = forms.SlugField()
    to = forms.IntegerField()


class NoteForm(forms.Form):
    """A note, and the place on the page that it is about: drawn, or chosen by lines."""

    text = forms.CharField(label=_("批注"), widget=forms.Textarea({"rows": 3}))
    first = forms.TypedChoiceField(label=_("从这一行"), coerce=int, required=False)
    last = forms.TypedChoiceField(
        label=_("到这一行"), coerce=int, required=False, help_text=_("不选即只引一行。")
    )
    box = forms.RegexField(
        r"^(0|1|0?\.\d{1,5})(,(0|1|0?\.\d{1,5})){3}$", required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        shown = [(n, f"{n + 1} {line.text[:28]}") for n, line in enumerate(lines)]
        self.fields["first"].choices = [("", _("整页")), *shown]
        self.fields["last"].choices = [("", "—"), *shown]

    def place(self) -> tuple[Box, str]:
        """Return the box that the note is about and what the page says there."""
        given = self.cleaned_data
        if given["box"]:
            x, y, w, h = (float(part) for part in given["box"].split(","))
            box = Box.within(x, y, x + w, y + h)
            inside = [line.text for line in self.lines if _within(line.box, box)]
            return box, "\n".join(inside)
        if given["first"] in (None, ""):
            return Box(0.0, 0.0, 1.0, 1.0), ""
        first = given["first"]
        last = first if given["last"] in (None, "") else given["last"]
        chosen = self.lines[min(first, last) : max(first, last) + 1]
        return Box.around([line.box for line in chosen]), "\n".join(line.text for line in chosen)


class ChangeNoteForm(forms.Form):
    """A note's new words; `version` is the one that was read."""

    text = forms.CharField(label=_("批注"), widget=forms.Textarea({"rows": 4}))
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("撤回的理由"), widget=forms.Textarea({"rows": 2}))


class ProvesForm(forms.Form):
    """A fact of the case that a note's file proves."""

    kind = forms.ChoiceField(label=_("是哪一项事实"))
    text = forms.CharField(
        label=_("事实"),
        widget=forms.Textarea({"rows": 4}),
        help_text=_("写成文书里可以直接用的一句或者几句，以句号结尾。"),
    )
    on = forms.DateField(label=_("事实发生之日"), widget=DateInput(), required=False)
    articles = ArticlesField(
        label=_("法律条文"), required=False, help_text=_("每行一条，如：《文物保护法》第二十三条")
    )

    def __init__(self, *args: Any, track: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [
            (kind.id, said(kind.title))
            for kind in rulebook.fact_kinds().values()
            if track in kind.tracks
        ]


class DecideForm(forms.Form):
    """What is decided about a day that a page names."""

    key = forms.SlugField(widget=forms.HiddenInput)
    page = forms.IntegerField(widget=forms.HiddenInput)
    start = forms.IntegerField(widget=forms.HiddenInput)
    on = forms.DateField(label=_("日期"), widget=DateInput(), required=False)
    says = forms.CharField(label=_("发生了什么"), max_length=500, required=False)
    verdict = forms.ChoiceField(choices=[("confirm", ""), ("reject", "")])


def _within(line: Box, box: Box) -> bool:
    """Whether the middle of a line lies in a box."""
    x, y = line.x + line.w / 2, line.y + line.h / 2
    return box.y <= y <= box.y + box.h and (
        box.x <= x <= box.x + box.w or (line.x < box.x + box.w and line.x + line.w > box.x)
    )
