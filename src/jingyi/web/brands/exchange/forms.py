"""What is asked for on the exchange."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingyi.web.brands.exchange.models import Note
from jingyi.web.brands.models import Brand
from jingyi.web.registry.models import Post
from jingyi.web.ui.templatetags.ui import title_of


def seat_of(post: Post) -> str:
    """Return an office's name, with the department's."""
    own = title_of(post.department, "name") if post.department else ""
    return f"{title_of(post.procuratorate, 'name')} {own}".strip()


class PostForm(forms.Form):
    """A note."""

    seat = forms.TypedChoiceField(label=_("以哪个部门发布"))
    kind = forms.ChoiceField(label=_("发布类别"), choices=Note.Kind.choices)
    title = forms.CharField(label=_("标题"), max_length=120)
    text = forms.CharField(label=_("全文"), widget=forms.Textarea({"rows": 10}))
    refs = forms.CharField(
        label=_("关联的案件"), required=False, help_text=_("案件编号，用顿号隔开，例如：2026-0012、2026-0013")
    )  # fmt: skip
    brands = forms.ModelMultipleChoiceField(
        Brand.objects.none(), label=_("关联的品牌"), required=False, widget=forms.CheckboxSelectMultiple
    )  # fmt: skip

    def __init__(self, *args: Any, seats: list[Post], brands: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = {str(post.pk): post for post in seats}
        self.fields["seat"].choices = [(key, seat_of(post)) for key, post in held.items()]
        self.fields["seat"].coerce = held.get
        self.fields["brands"].queryset = brands


class ReplyForm(forms.Form):
    """Something said to a note."""

    text = forms.CharField(label=_("回应"), widget=forms.Textarea({"rows": 4}))
