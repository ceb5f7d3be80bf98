"""One question a page."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingyi.core.words import say
from jingyi.web.intake.queries.reports import offices_that_receive
from jingyi.web.ui.templatetags.ui import title_of

TOO_MANY = say(
    "这个网络在一小时内提交得太多，暂时收不下。写好的内容还在，请过一会儿再提交；"
    "情况紧急的，请拨打检察服务热线 12309。"
)
CHINA = (73.0, 136.0, 3.0, 54.0)  # west, east, south, north: a pin outside is a slip


class WhatForm(forms.Form):
    """What happened, and when."""

    text = forms.CharField(
        label=_("发生了什么事？"),
        help_text=_("写下您看到、闻到或遇到的，越具体越好。例如：河水发黑，夜里有人从暗管排水。"),
        max_length=5000,
        widget=forms.Textarea({"rows": 7}),
        error_messages={"required": _("请写下发生了什么事。")},
    )
    happened = forms.DateField(
        label=_("哪一天？"), required=False, widget=forms.DateInput({"type": "date"})
    )

    def clean_happened(self):
        day = self.cleaned_data["happened"]
        if day and day > timezone.localdate():
            raise ValidationError(_("这一天还没有到；请写下发生的那一天，记不清可以不填。"))
        return day


class WhereForm(forms.Form):
    """Words, or a pin."""

    place_words = forms.CharField(
        label=_("在什么地方？"),
        help_text=_("街道、小区、村庄、河段或附近的标志。例如：东津河三号桥下游。"),
        max_length=200,
        required=False,
    )
    office = forms.ModelChoiceField(
        None, label=_("属于哪个区县？"), to_field_name="code", empty_label=_("请选择")
    )
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    accuracy_m = forms.FloatField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        offices = offices_that_receive()
        field = self.fields["office"]
        field.queryset = offices
        field.label_from_instance = lambda office: title_of(office.region, "name")
        field.error_messages["required"] = _("请选择区县；不确定时选您所在的区县。")
        if len(offices) == 1:
            field.initial, field.widget = offices[0].code, forms.HiddenInput()

    def clean(self):
        data = super().clean()
        lon, lat = data.get("lon"), data.get("lat")
        if lon is not None and lat is not None:
            west, east, south, north = CHINA
            if not (west <= lon <= east and south <= lat <= north):
                raise ValidationError(_("地图上的点不在国内；请重新选点，或只写地名。"))
        elif not data.get("place_words"):
            self.add_error("place_words", _("请写下地点，或在地图上选点。"))
        return data


class ManyFiles(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; each is looked at by `photos.accept`."""

    widget = ManyFiles

    def clean(self, data, initial=None):
        return [super(FilesField, self).clean(one, initial) for one in data or []]


class PhotosForm(forms.Form):
    """Photos, if there are any."""

    photos = FilesField(
        label=_("有照片吗？"),
        help_text=_(
            "JPEG、PNG 或 WebP，最多 10 张，每张不超过 20 MB。办案人员看到的是去掉拍摄信息的副本。"
        ),
        required=False,
        widget=ManyFiles({"accept": "image/jpeg,image/png,image/webp", "multiple": True}),
    )


class WhoForm(forms.Form):
    """Anonymous, or a name and a telephone number."""

    who = forms.ChoiceField(
        label=_("您愿意留下姓名吗？"),
        choices=[("anonymous", _("匿名")), ("named", _("留下姓名和电话"))],
        widget=forms.RadioSelect,
        initial="anonymous",
        error_messages={"required": _("请选择匿名，或者留下姓名。")},
    )
    name = forms.CharField(
        label=_("姓名"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("请写下姓名，或者选择匿名。")},
    )
    phone = forms.CharField(
        label=_("电话"),
        max_length=20,
        required=False,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = not self.is_bound or self.data.get("who") == "named"

    def clean(self):
        data = super().clean()
        if data.get("who") == "anonymous":  # whoever thinks again leaves no name behind
            data["name"] = data["phone"] = ""
        return data


class CodeForm(forms.Form):
    """A receipt code."""

    code = forms.CharField(
        label=_("回执码"),
        help_text=_("24 个字母和数字，空格可写可不写。"),
        max_length=60,
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
        error_messages={"required": _("请输入回执码。")},
    )


class MessageForm(forms.Form):
    """A message, from either side."""

    text = forms.CharField(
        label=_("要说的话"),
        max_length=3000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("请写下要说的话。")},
    )


class ReasonForm(forms.Form):
    """Why one looks at who reported."""

    reason = forms.CharField(
        label=_("为什么要看举报人身份"),
        max_length=200,
        error_messages={"required": _("查看举报人身份必须写明理由；理由会记入账本。")},
    )


STEPS = {"what": WhatForm, "where": WhereForm, "photos": PhotosForm, "who": WhoForm}
