"""What is asked for about stations and files of readings."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.core.lab import book
from jingyi.core.lab.limits import Standard
from jingyi.core.lab.units import UnknownUnit
from jingyi.web.lab.forms.asking import AskForm
from jingyi.web.lab.stations.importing import ROLES, Columns
from jingyi.web.ui.templatetags.ui import said

ROLE_TITLES = {
    "site": _("站点"), "area": _("站点在哪里（同名站点用）"), "time": _("时间"), "item": _("检测项目"), "value": _("检测结果"), "unit": _("单位"),
}  # fmt: skip


class StationForm(AskForm):
    """A station under one table of limits."""

    field_order = ("code", "name", "place_words", "lon", "lat", "minutes", "level")
    code = forms.CharField(label=_("站点编号"), max_length=40)
    name = forms.CharField(label=_("名称"), max_length=120)
    place_words = forms.CharField(label=_("在哪里"), max_length=200, required=False)
    lon = forms.FloatField(label=_("经度"), required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("纬度"), required=False, min_value=-90, max_value=90)
    minutes = forms.IntegerField(
        label=_("几分钟一个读数"), min_value=1, max_value=43200, initial=240
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("purpose", "question", "items", "due_on"):
            del self.fields[name]


class FileForm(forms.Form):
    """A file of readings."""

    file = forms.FileField(label=_("文件"), help_text=_("XLSX、CSV 或者 Parquet，不超过 100 MB。"))


class ColumnsForm(forms.Form):
    """Which column is what; items and their units in a wide table."""

    def __init__(self, *args: Any, names: Sequence[str], guessed: Columns, tables: Iterable[Standard], **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.names = list(names)
        columns = [("", _("没有这一列")), *((name, name) for name in names)]
        for role in ROLES:
            self.fields[role] = forms.ChoiceField(
                label=ROLE_TITLES[role], choices=columns, required=role in {"site", "time"},
                initial=guessed.roles.get(role, ""),
            )  # fmt: skip
        self.fields["year"] = forms.IntegerField(
            label=_("没有写年份的时间，是哪一年"), required=False, min_value=1990, max_value=2100
        )
        self.fields["make"] = forms.ChoiceField(
            label=_("没有登记过的站点"), required=False, initial=_joined(guessed.make),
            choices=[("", _("不收，逐行说明")), *((_joined((one.id, n)), _("登记，按 %(name)s %(level)s") % {"name": one.number, "level": said(one.called(n))}) for one in tables for n in range(len(one.levels)))],
            help_text=_("登记的站点以站名为编号，水体等条件按站名和监测项目判断。"),
        )  # fmt: skip
        items = [
            ("", _("不收这一列")),
            *((one.id, said(one.title)) for one in book.names().items.values()),
        ]
        for n, name in enumerate(self.names):
            if name in guessed.roles.values():
                continue
            item, unit = guessed.items.get(name, ("", ""))
            self.fields[f"item_{n}"] = forms.ChoiceField(
                label=name, choices=items, required=False, initial=item
            )
            self.fields[f"unit_{n}"] = forms.CharField(
                label=_("%(name)s 的单位") % {"name": name},
                required=False,
                max_length=20,
                initial=unit,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for n, _name in enumerate(self.names):
            item = data.get(f"item_{n}")
            if not item:
                continue
            try:
                book.names().unit(book.names().items[item], data.get(f"unit_{n}", ""))
            except UnknownUnit as refusal:
                self.add_error(f"unit_{n}", said(refusal.sentence))
        return data

    def columns(self) -> Columns:
        """Return what was said."""
        data = self.cleaned_data
        roles = {role: data[role] for role in ROLES if data[role]}
        known = book.names()
        items = {
            name: (item, known.unit(known.items[item], data[f"unit_{n}"]).id)
            for n, name in enumerate(self.names)
            if (item := data.get(f"item_{n}"))
        }
        standard, _colon, level = data["make"].rpartition(":")
        return Columns(roles, items, data["year"], (standard, int(level)) if standard else None)


def _joined(make: tuple[str, int] | None) -> str:
    return f"{make[0]}:{make[1]}" if make else ""
