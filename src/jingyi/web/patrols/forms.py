"""What is asked for in the room."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingyi.web.accounts.models import User
from jingyi.web.cases.forms import DateInput, domain_choices
from jingyi.web.places.models import Place
from jingyi.web.registry.models import Procuratorate
from jingyi.web.ui.templatetags.ui import title_of


class PlanForm(forms.Form):
    """A patrol: who, when, where."""

    office = forms.ModelChoiceField(Procuratorate.objects.none(), label=_("检察院"))
    name = forms.CharField(label=_("名称"), max_length=80)
    on = forms.DateField(label=_("日期"), widget=DateInput(), initial=timezone.localdate)
    person = forms.ModelChoiceField(User.objects.none(), label=_("巡查人"))
    hours = forms.FloatField(label=_("可用小时"), min_value=0.5, max_value=24, initial=4)
    places = forms.ModelMultipleChoiceField(
        Place.objects.none(), label=_("保护对象"), required=False, widget=forms.SelectMultiple({"size": 10}),
        help_text=_("按选定的顺序；按住 Ctrl 可多选"),
    )  # fmt: skip
    spots = forms.CharField(
        label=_("其他点位"), required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("一行一个：名称，经度，纬度，看什么（可不写）"),
    )  # fmt: skip

    def __init__(self, *args: Any, offices: Any, people: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices
        self.fields["office"].label_from_instance = lambda one: title_of(one, "name")
        self.fields["person"].queryset = people
        self.fields["person"].label_from_instance = lambda one: one.name
        self.fields["places"].queryset = places
        self.fields["places"].label_from_instance = lambda one: title_of(one, "name")

    def clean_spots(self) -> list[dict[str, Any]]:
        """Read name, longitude, latitude and what to look at, a line each."""
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["spots"].splitlines())):
            parts = [part.strip() for part in line.replace("，", ",").split(",")]
            try:
                lon, lat = float(parts[1]), float(parts[2])
            except (IndexError, ValueError):
                lon = lat = 999.0
            if not parts[0] or not (-180 <= lon <= 180 and -90 <= lat <= 90):
                raise forms.ValidationError(_("“%(line)s”读不懂，须写成 名称，经度，纬度。"), params={"line": line})  # fmt: skip
            look_at = "，".join(parts[3:])[:300]
            found.append({"name": parts[0][:80], "lon": lon, "lat": lat, "look_at": look_at})
        return found

    def stops(self) -> list[dict[str, Any]]:
        """Return the stops in the order they were sent."""
        order = {pk: n for n, pk in enumerate(self.data.getlist("places"))}
        chosen = sorted(self.cleaned_data["places"], key=lambda place: order[str(place.pk)])
        own = [{"place": p, "name": p.name, "lon": p.lon, "lat": p.lat} for p in chosen]
        return own + self.cleaned_data["spots"]


class ProposeForm(forms.Form):
    """From where, and how many hours."""

    lon = forms.FloatField(label=_("出发经度"), min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("出发纬度"), min_value=-90, max_value=90)
    hours = forms.FloatField(label=_("可用小时"), min_value=0.5, max_value=12, initial=4)


class CancelForm(forms.Form):
    """Why a patrol does not take place."""

    why = forms.CharField(label=_("理由"), widget=forms.Textarea({"rows": 2}))


class LeadForm(forms.Form):
    """Which domain a record is a lead of."""

    domain = forms.ChoiceField(label=_("领域"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["domain"].choices = domain_choices()
