"""What is asked for at each act of a chain; only what that act needs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.core.custody import Kind
from jingyi.web.evidence.custody.actions import Said
from jingyi.web.evidence.custody.models import Link

ASKED = {
    Kind.COLLECTED: ("second", "method", "purpose", "device", "clock_offset_s"),
    Kind.SEALED: ("seal",),
    Kind.OFFERED: ("to", "purpose", "condition"),
    Kind.ACCEPTED: ("intact", "condition"),
    Kind.REFUSED: ("intact", "reason"),
    Kind.WITHDRAWN: ("reason",),
    Kind.OPENED: ("intact", "purpose", "condition"),
    Kind.TESTED: ("method",),
    Kind.RETURNED: ("second", "reason"),
    Kind.DISPOSED: ("second", "reason"),
}
INTACT = {"yes": True, "no": False}


class ActForm(forms.Form):
    """One act."""

    def __init__(self, *args: Any, kind: Kind, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{kind}_%s", **kwargs})
        self.kind, self.title = kind, Link.Kinds(kind).label
        for name in ASKED[kind]:
            self.fields[name] = self._field(name, people)

    def said(self) -> Said:
        """Return what was said."""
        data = dict(self.cleaned_data)
        intact = INTACT.get(data.pop("intact", ""))
        return Said(intact=intact, **{k: v for k, v in data.items() if k not in {"second", "to"}})

    def people(self) -> dict[str, Any]:
        """Return the other people of the act."""
        return {name: self.cleaned_data.get(name) for name in ("second", "to")}

    @staticmethod
    def _field(name: str, people: Any) -> forms.Field:
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
        if name == "clock_offset_s":
            return forms.FloatField(label=_("设备时钟快了几秒"), required=False)
        labels = {
            "seal": _("封签号"), "method": _("方法"), "purpose": _("目的"), "device": _("设备"),
            "condition": _("状况"), "reason": _("理由"),
        }  # fmt: skip
        return forms.CharField(
            label=labels[name], max_length=200, required=name in {"seal", "reason"}
        )
