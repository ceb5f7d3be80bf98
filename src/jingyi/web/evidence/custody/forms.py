"""What is asked for at each act of a chain; only what that act needs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jingyi.core.custody import Kind
from jingyi.core.datum import DATUMS
from jingyi.web.evidence.custody.actions import Said

ASKED = {
    Kind.COLLECTED: (
        "second", "happened_at", "lon", "lat", "accuracy_m", "datum", "device", "clock_offset_s",
        "method", "purpose", "seal",
    ),
    Kind.SEALED: ("seal", "happened_at"),
    Kind.OFFERED: ("to", "purpose", "condition"),
    Kind.ACCEPTED: ("intact", "condition"),
    Kind.REFUSED: ("intact", "reason"),
    Kind.WITHDRAWN: ("reason",),
    Kind.OPENED: ("intact", "purpose", "condition", "happened_at"),
    Kind.TESTED: ("method", "happened_at"),
    Kind.RETURNED: ("second", "reason"),
    Kind.DISPOSED: ("second", "reason"),
}  # fmt: skip
TITLES = {  # of what is still to be done; the links' own say that it was
    Kind.COLLECTED: pgettext_lazy("custody act", "登记提取"),
    Kind.SEALED: pgettext_lazy("custody act", "封存"),
    Kind.OFFERED: pgettext_lazy("custody act", "移交"),
    Kind.ACCEPTED: pgettext_lazy("custody act", "接收"),
    Kind.REFUSED: pgettext_lazy("custody act", "拒收"),
    Kind.WITHDRAWN: pgettext_lazy("custody act", "撤回移交"),
    Kind.OPENED: pgettext_lazy("custody act", "拆封"),
    Kind.TESTED: pgettext_lazy("custody act", "登记检验"),
    Kind.RETURNED: pgettext_lazy("custody act", "发还"),
    Kind.DISPOSED: pgettext_lazy("custody act", "处置"),
}
MUST = {
    Kind.COLLECTED: {"method", "purpose"},
    Kind.SEALED: {"seal"},
    Kind.REFUSED: {"reason"},
    Kind.RETURNED: {"reason"},
    Kind.DISPOSED: {"reason"},
}
INTACT = {"yes": True, "no": False}
OTHERS = ("second", "to", "happened_at")
WORDS = {
    "seal": _("封签号"), "method": _("方法"), "purpose": _("目的"), "device": _("设备"),
    "condition": _("状况"), "reason": _("理由"),
}  # fmt: skip
LONGEST = {"seal": 60, "device": 120}
NUMBERS = {
    "lon": (_("经度（度，东经为正）"), -180, 180),
    "lat": (_("纬度（度，北纬为正）"), -90, 90),
    "accuracy_m": (_("定位精度（米）"), 0, 1_000_000),
    "clock_offset_s": (_("设备时钟快了几秒（慢为负数）"), -10_000_000_000, 10_000_000_000),
}


class ActForm(forms.Form):
    """One act."""

    def __init__(self, *args: Any, kind: Kind, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{kind}_%s", **kwargs})
        self.kind, self.title = kind, TITLES[kind]
        for name in ASKED[kind]:
            self.fields[name] = self._field(name, people)

    def said(self) -> Said:
        """Return what was said."""
        data = dict(self.cleaned_data)
        intact = INTACT.get(data.pop("intact", ""))
        data["datum"] = data.get("datum") or "WGS-84"
        return Said(intact=intact, **{k: v for k, v in data.items() if k not in OTHERS})

    def people(self) -> dict[str, Any]:
        """Return the other people of the act, and when it happened where that is said."""
        return {name: self.cleaned_data.get(name) for name in OTHERS}

    def _field(self, name: str, people: Any) -> forms.Field:
        must = name in MUST.get(self.kind, ())
        if name in {"second", "to"}:
            label = _("移交给") if name == "to" else _("另一在场人")
            field = forms.ModelChoiceField(people, label=label, to_field_name="username")
            field.label_from_instance = lambda user: str(user.name)
            return field
        if name == "intact":
            choices = [("yes", _("完好")), ("no", _("不完好"))]
            return forms.ChoiceField(
                label=_("封签"), choices=choices, widget=forms.RadioSelect, required=False
            )
        if name == "happened_at":
            return moment_field(_("时间（不填就是现在）"))
        if name == "datum":
            return datum_field()
        if name in NUMBERS:
            return number_field(name)
        return forms.CharField(label=WORDS[name], max_length=LONGEST.get(name, 200), required=must)


def moment_field(label: Any) -> forms.DateTimeField:
    """Return a field for a moment in the office's time."""
    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, required=False)


def number_field(name: str) -> forms.FloatField:
    """Return a field for one of `NUMBERS`."""
    label, least, most = NUMBERS[name]
    widget = forms.NumberInput({"step": "any", "inputmode": "decimal"})
    return forms.FloatField(label=label, min_value=least, max_value=most, widget=widget, required=False)  # fmt: skip


def datum_field() -> forms.ChoiceField:
    """Return a field for the datum of a place."""
    words = {"GCJ-02": _("GCJ-02（高德、腾讯）"), "BD-09": _("BD-09（百度）")}
    choices = [(name, words.get(name, name)) for name in DATUMS]
    return forms.ChoiceField(label=_("坐标系"), choices=choices, required=False)


class ClaimForm(forms.Form):
    """What is said of a capture, to be compared with the file: asked, not kept."""

    at = moment_field(_("拍摄时间"))
    lon = number_field("lon")
    lat = number_field("lat")
    accuracy_m = number_field("accuracy_m")
    datum = datum_field()
    light = forms.ChoiceField(
        label=_("光线"), required=False,
        choices=[("", _("没有说")), ("day", _("白天")), ("night", _("夜间"))],
    )  # fmt: skip
    shadow_to = forms.FloatField(
        label=_("影子朝向（度，正北为 0，向东为正）"), min_value=0, max_value=360, required=False,
        widget=forms.NumberInput({"step": "any"}),
    )  # fmt: skip
    shadow_ratio = forms.FloatField(
        label=_("影长是物高的几倍"), min_value=0.01, max_value=100, required=False,
        widget=forms.NumberInput({"step": "any"}),
    )  # fmt: skip

    def claim(self) -> dict[str, Any]:
        """Return what was said, without what was left empty."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in {None, ""}}  # fmt: skip
        if "lon" not in given or "lat" not in given:
            for name in ("lon", "lat", "accuracy_m", "datum"):
                given.pop(name, None)
        return given
