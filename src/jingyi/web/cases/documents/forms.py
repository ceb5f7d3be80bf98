"""The shape of what is asked for: an exhibit, a fact, edited sentences, a citation, a number."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.core import rulebook
from jingyi.core.documents.model import Document as Paper
from jingyi.core.documents.model import File
from jingyi.core.law import Source
from jingyi.web.cases.documents.models import Exhibit
from jingyi.web.cases.forms import MOST_BYTES, DateInput
from jingyi.web.ui.templatetags.ui import said

CITED = re.compile(r"《([^》]+)》\s*(第\S+)")


class ExhibitForm(forms.Form):
    """A file to be sealed among the exhibits."""

    file = forms.FileField(label=_("文件"), help_text=_("原件封存，逐字节校验，不能替换。"))
    name = forms.CharField(label=_("名称"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("种类"), choices=Exhibit.Kind.choices)
    made_on = forms.DateField(label=_("形成日期"), widget=DateInput(), required=False)
    source = forms.CharField(
        label=_("来源"),
        max_length=200,
        required=False,
        help_text=_("由谁提供，或者在哪里、由谁制作。"),
    )

    def clean_file(self):
        """Refuse a file too large for the vault's page."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("文件超过 50 MB。请压缩或者拆分后再上传。"))
        return file


class ArticlesField(forms.CharField):
    """Articles, one a line: 《水污染防治法》第八十五条. Gives sources of the rulebook."""

    widget = forms.Textarea({"rows": 3})

    def clean(self, value: str) -> list[Source]:
        """Return the sources; an instrument the rulebook does not have is refused by name."""
        text = super().clean(value)
        return [self._source(line.strip()) for line in text.splitlines() if line.strip()]

    def _source(self, line: str) -> Source:
        match = CITED.fullmatch(line)
        if not match:
            raise forms.ValidationError(_("请每行写一条，如：《文物保护法》第二十三条。"))
        for instrument in rulebook.instruments().values():
            if match[1] in {instrument.title, instrument.short}:
                return Source(instrument, match[2])
        raise forms.ValidationError(
            _("规则库里没有《%(name)s》。请核对名称；确有此法的，请补录 instruments.toml。")
            % {"name": match[1]}
        )


def exhibit_choices(file: File) -> list[tuple[str, str]]:
    """Return the exhibits of a case that a sentence can rest on."""
    return [(key, one.name) for key, one in file.exhibits.items()]


class FactForm(forms.Form):
    """A fact, what proves it, the law it falls under."""

    kind = forms.ChoiceField(label=_("是哪一项事实"))
    text = forms.CharField(
        label=_("事实"),
        widget=forms.Textarea({"rows": 4}),
        help_text=_("写成文书里可以直接用的一句或者几句，以句号结尾。"),
    )
    on = forms.DateField(
        label=_("事实发生之日"),
        widget=DateInput(),
        required=False,
        help_text=_("持续的，写最后一日；按这一天判断适用哪部法律。"),
    )
    exhibits = forms.MultipleChoiceField(
        label=_("证据"), required=False, widget=forms.CheckboxSelectMultiple
    )
    articles = ArticlesField(
        label=_("法律条文"), required=False, help_text=_("每行一条，如：《文物保护法》第二十三条")
    )

    def __init__(self, *args, file: File, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [
            (kind.id, said(kind.title))
            for kind in rulebook.fact_kinds().values()
            if file.track in kind.tracks
        ]
        self.fields["exhibits"].choices = exhibit_choices(file)


class WithdrawForm(forms.Form):
    """Why a fact is taken back."""

    reason = forms.CharField(label=_("撤回的理由"), widget=forms.Textarea({"rows": 2}))


class VersionedForm(forms.Form):
    """Whatever changes a document says which version was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class EditForm(VersionedForm):
    """Every sentence of a document that may be written otherwise, a field each."""

    FIXED = frozenset({"number", "date"})

    def __init__(self, *args, paper: Paper, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for place, statement in paper.statements():
            if paper.style_of(place) not in self.FIXED:
                rows = min(max(len(statement.text) // 36 + 1, 1), 8)
                self.fields[f"s{place}"] = forms.CharField(
                    label=said(rulebook.document(paper.kind).element(statement.element).title),
                    initial=statement.text,
                    widget=forms.Textarea({"rows": rows}),
                )

    def texts(self) -> dict[str, str]:
        """Return the words by place."""
        return {name[1:]: text for name, text in self.cleaned_data.items() if name[0] == "s"}


class CiteForm(VersionedForm):
    """What an edited sentence rests on now."""

    exhibits = forms.MultipleChoiceField(
        label=_("证据"), required=False, widget=forms.CheckboxSelectMultiple
    )
    articles = ArticlesField(
        label=_("法律条文"), help_text=_("每行一条，如：《文物保护法》第二十三条")
    )
    on = forms.DateField(label=_("事实发生之日"), widget=DateInput(), required=False)

    def __init__(self, *args, file: File, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["exhibits"].choices = exhibit_choices(file)


class NumberForm(forms.Form):
    """The official number, given elsewhere."""

    number = forms.CharField(
        label=_("文号"),
        max_length=60,
        required=False,
        help_text=_("由统一业务应用系统编号，这里只作引用，本系统不编号。"),
    )
