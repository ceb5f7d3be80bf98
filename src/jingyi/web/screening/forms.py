"""What is asked for in the studio."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingyi.core.refusal import Refusal
from jingyi.core.screening.compile import bound, shown
from jingyi.core.screening.model import Model
from jingyi.core.screening.practice import practice
from jingyi.web.cases.forms import DateInput
from jingyi.web.screening.models import DataSource, Negative, Standing
from jingyi.web.ui.templatetags.ui import said


class SourceForm(forms.Form):
    """What holds for data from wherever."""

    name = forms.CharField(
        label=_("数据名称"), max_length=120, help_text=_("例如：2026年1—6月养老金发放记录")
    )
    holder = forms.CharField(label=_("数据来自哪个机关"), max_length=120)
    delete_on = forms.DateField(
        label=_("删除日期"), widget=DateInput(),
        help_text=_("到期自动删除数据和引用的行，只留摘要。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["delete_on"].initial = timezone.localdate() + timedelta(
            days=practice().keep_days
        )


class UploadForm(SourceForm):
    """A file sent by a person."""

    file = forms.FileField(
        label=_("文件"), help_text=_("XLSX、CSV 或者 Parquet，第一行是列名。"),
        error_messages={"empty": _("文件是空的。请重新导出后再试。")},
        widget=forms.ClearableFileInput({"accept": ".xlsx,.csv,.txt,.parquet"}),
    )  # fmt: skip


class FolderForm(SourceForm):
    """A file of the exchange folder."""

    path = forms.ChoiceField(label=_("交换文件夹中的文件"))

    def __init__(self, *args: Any, paths: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["path"].choices = [(one, one) for one in paths]


class DatabaseForm(SourceForm):
    """A table that a read-only connection gives."""

    connection = forms.ChoiceField(label=_("数据库连接"))
    table = forms.CharField(label=_("表或者视图"), max_length=130, help_text=_("例如 public.pay"))

    def __init__(self, *args: Any, names: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["connection"].choices = [(one, one) for one in names]


class KeepForm(forms.Form):
    """Another last day."""

    day = forms.DateField(label=_("删除日期"), widget=DateInput())


class InputsForm(forms.Form):
    """Which data is which table of the contract."""

    def __init__(
        self, *args: Any, model: Model, sources: Iterable[DataSource], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("请选择")), *((one.pk, _label(one)) for one in sources)]
        for table in model.sources:
            self.fields[table.name] = forms.TypedChoiceField(
                label=said(table.title), choices=choices, coerce=int,
                help_text=_("数据约定：%(columns)s（%(holder)s）")
                % {"columns": "、".join(said(one.title) for one in table.columns), "holder": said(table.holder)},
            )  # fmt: skip


def _label(source: DataSource) -> str:
    return _("%(holder)s · %(name)s（%(rows)s 行，%(day)s）") % {
        "holder": source.holder, "name": source.name, "rows": f"{source.rows or 0:,}",
        "day": f"{timezone.localdate(source.at):%Y-%m-%d}",
    }  # fmt: skip


class RunForm(forms.Form):
    """How the columns are read, and the parameters."""

    def __init__(
        self, *args: Any, model: Model, chosen: Mapping[str, DataSource],
        guessed: Mapping[str, Mapping[str, str]], values: Mapping[str, str], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.model, self.chosen = model, chosen
        for table in model.sources:
            names = [one["heading"] for one in chosen[table.name].profile]
            for column in table.columns:
                self.fields[f"{table.name}.{column.name}"] = forms.ChoiceField(
                    label=said(column.title), required=not column.may_be_missing,
                    choices=[("", _("没有这一列")), *((one, one) for one in names)],
                    initial=guessed[table.name].get(column.name, ""), help_text=said(column.why),
                )  # fmt: skip
        for one in model.parameters:
            unit = f"（{said(one.unit)}）" if said(one.unit) else ""
            self.fields[f"$.{one.id}"] = forms.CharField(
                label=f"{said(one.title)}{unit}", max_length=60, help_text=said(one.meaning),
                initial=values.get(one.id) or shown(one.default),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name, value in list(data.items()):
            if name.startswith("$."):
                try:
                    bound(self.model, {name[2:]: value})
                except Refusal as refusal:
                    self.add_error(name, said(refusal.sentence))
        return data

    def columns(self) -> dict[str, dict[str, str]]:
        """Return column → heading, by table."""
        return {
            table.name: {one.name: self.cleaned_data[f"{table.name}.{one.name}"] for one in table.columns}
            for table in self.model.sources
        }  # fmt: skip

    def values(self) -> dict[str, str]:
        """Return the parameters as they were said."""
        return {name[2:]: v for name, v in self.cleaned_data.items() if name.startswith("$.")}

    def tables(self) -> list[tuple[Any, DataSource, list[Any]]]:
        """Return each table, its source, and its fields, for the page."""
        return [
            (
                table,
                self.chosen[table.name],
                [self[f"{table.name}.{one.name}"] for one in table.columns],
            )
            for table in self.model.sources
        ]

    def parameters(self) -> list[Any]:
        """Return the fields of the parameters."""
        return [self[f"$.{one.id}"] for one in self.model.parameters]


class JudgeForm(forms.Form):
    """Whether a hit is right."""

    verdict = forms.ChoiceField(choices=[("", ""), *Standing.Verdict.choices], required=False)
    note = forms.CharField(label=_("理由"), max_length=300, required=False)


class SuppressForm(forms.Form):
    """Why a hit is held back, and until when; without a day it is shown again."""

    reason = forms.CharField(label=_("抑制的理由"), max_length=300, required=False)
    until = forms.DateField(label=_("抑制到哪一天"), widget=DateInput(), required=False)


class UnmaskForm(forms.Form):
    """Why the whole numbers are needed."""

    reason = forms.CharField(label=_("查看完整号码的理由"), max_length=300)


class NegativeForm(forms.Form):
    """What is said of a sampled row."""

    verdict = forms.ChoiceField(choices=[("", ""), *Negative.Verdict.choices], required=False)


class WriteForm(forms.Form):
    """The files of a model."""

    slug = forms.RegexField(
        r"^[a-z][a-z0-9-]{2,60}$", label=_("名称"), help_text=_("小写字母、数字和连字符，例如 dust-tax。"),
    )  # fmt: skip
    toml = forms.CharField(label="model.toml", widget=forms.Textarea({"rows": 24, "spellcheck": "false", "class": "source-text"}), strip=False)  # fmt: skip
    sql = forms.CharField(label="query.sql", widget=forms.Textarea({"rows": 16, "spellcheck": "false", "class": "source-text"}), strip=False)  # fmt: skip
    note = forms.CharField(label=_("改了什么，为什么"), max_length=300, required=False)
    MOST = 6  # examples on the page

    def __init__(self, *args: Any, files: Mapping[str, str] | None = None, fixed: str = "", **kwargs: Any) -> None:  # fmt: skip
        held = files or {}
        examples = sorted(name for name in held if name.startswith("examples/"))
        initial = {
            "slug": fixed, "toml": held.get("model.toml", ""), "sql": held.get("query.sql", ""),
            **{f"name_{n}": name.removeprefix("examples/").removesuffix(".toml") for n, name in enumerate(examples)},
            **{f"example_{n}": held[name] for n, name in enumerate(examples)},
        }  # fmt: skip
        super().__init__(*args, initial=initial, **kwargs)
        if fixed:
            self.fields["slug"].disabled = True
        for n in range(min(self.MOST, len(examples) + 1)):
            self.fields[f"name_{n}"] = forms.RegexField(
                r"^[a-z0-9][a-z0-9_-]{0,60}$",
                label=_("示例 %(n)s 的名称") % {"n": n + 1},
                required=False,
            )
            self.fields[f"example_{n}"] = forms.CharField(
                label=_("示例 %(n)s（表进、命中出）") % {"n": n + 1}, required=False, strip=False,
                widget=forms.Textarea({"rows": 12, "spellcheck": "false", "class": "source-text"}),
            )  # fmt: skip

    def written(self) -> dict[str, str]:
        """Return the files as they were written."""
        data = self.cleaned_data
        found = {"model.toml": _lines(data["toml"]), "query.sql": _lines(data["sql"])}
        for n in range(self.MOST):
            if text := data.get(f"example_{n}"):
                found[f"examples/{data.get(f'name_{n}') or f'example-{n + 1}'}.toml"] = _lines(text)
        return found


def _lines(text: str) -> str:
    """Return a text with the line ends that files have: a browser sends others."""
    return text.replace("\r\n", "\n")


class AgreeForm(forms.Form):
    """What two organs agreed on."""

    code = forms.CharField(label=_("约定编号"), max_length=40, help_text=_("双方用同一个编号。"))
    partner = forms.CharField(label=_("约定的机关"), max_length=120)
    purpose = forms.CharField(label=_("比对的目的和依据"), max_length=300)
    kind = forms.ChoiceField(
        label=_("比对什么"),
        choices=[("person-id", _("公民身份号码")), ("credit-code", _("统一社会信用代码"))],
    )
    digest = forms.ChoiceField(label=_("摘要算法"), choices=[("sha256", "SHA-256"), ("sm3", "SM3")])
    most = forms.IntegerField(
        label=_("最多比对几次"), min_value=1, max_value=practice().most_queries, initial=1
    )
    until = forms.DateField(label=_("约定到哪一天"), widget=DateInput())
    key = forms.CharField(
        label=_("对方给的密钥"), required=False, max_length=64,
        help_text=_("由对方生成时填写；留空则由本院生成，只显示一次。"),
    )  # fmt: skip


class BlindForm(forms.Form):
    """Which of our columns is turned into keyed hashes."""

    source = forms.ModelChoiceField(None, label=_("本院的数据"), empty_label=_("请选择"))
    column = forms.CharField(label=_("号码在哪一列"), max_length=200)

    def __init__(self, *args: Any, sources: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources
        self.fields["source"].label_from_instance = _label


class MeetForm(forms.Form):
    """The partner's keyed hashes."""

    file = forms.FileField(label=_("对方的摘要文件"))
