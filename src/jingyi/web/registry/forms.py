"""The shape of an appointment."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.core import rulebook
from jingyi.web.accounts.models import User
from jingyi.web.ui.templatetags.ui import title_of


class PostForm(forms.Form):
    """Who holds which role in this office, from which day."""

    user = forms.ModelChoiceField(
        User.objects.filter(is_active=True), label=_("人员"), to_field_name="username"
    )
    role = forms.ChoiceField(label=_("职务"))
    department = forms.ModelChoiceField(None, label=_("部门"), required=False)
    since = forms.DateField(label=_("自"), widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args, office, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        roles = rulebook.roles().values()
        self.fields["role"].choices = [(role.id, title_of(role)) for role in roles]
        self.fields["department"].queryset = office.departments.all()
        self.fields["department"].label_from_instance = lambda department: department.name
        self.fields["user"].label_from_instance = lambda user: user.name
