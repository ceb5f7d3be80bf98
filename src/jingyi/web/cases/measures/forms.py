"""What can be asked of the measures. Never by person, and never office beside office."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.web.cases.forms import ANY, DateInput, domain_choices
from jingyi.web.cases.measures.counting import NOW, THEN
from jingyi.web.cases.models import Track


class AskForm(forms.Form):
    """A period, a day to look from, and a part of the cases."""

    since = forms.DateField(label=_("时期自"), widget=DateInput(), required=False)
    until = forms.DateField(label=_("至"), widget=DateInput(), required=False)
    on = forms.DateField(label=_("截至哪一天"), widget=DateInput(), required=False)
    known = forms.ChoiceField(
        label=_("按什么时候的所知"),
        choices=[(NOW, _("现在所知")), (THEN, _("当日所知（由账本重算）"))],
        required=False,
    )
    track = forms.ChoiceField(label=_("类型"), choices=[ANY, *Track.choices], required=False)
    domain = forms.ChoiceField(label=_("领域"), required=False)
    scope = forms.ChoiceField(
        label=_("范围"),
        choices=[("", _("本院和下级院，合在一起")), ("own", _("只看本院"))],
        required=False,
    )

    def __init__(self, *args, today, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["domain"].choices = [ANY, *domain_choices()]

    def clean(self) -> dict:
        """Refuse days that have not come, and a period that ends before it begins."""
        given = super().clean()
        on, since, until = (given.get(name) for name in ("on", "since", "until"))
        if on and on > self.today:
            self.add_error("on", _("这一天还没有到。请选今天或者以前的日期。"))
        if until and until > (on or self.today):
            self.add_error("until", _("时期不能超过截至的那一天。"))
        if since and since > (until or on or self.today):
            self.add_error("since", _("时期的首日晚于末日。请对调。"))
        return given
