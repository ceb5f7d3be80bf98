"""The shape of what a person types about themself."""

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """User name and password; what is wrong is said without telling which of the two."""

    username = forms.CharField(
        label=_("用户名"), widget=forms.TextInput({"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": _(
            "用户名或密码不正确。请核对大小写后重试；忘记密码请联系本院系统管理员。"
        ),
        "inactive": _("这个账号已停用。请联系本院系统管理员。"),
    }


class CodeForm(forms.Form):
    """The six digits on the phone, or a recovery code."""

    code = forms.CharField(
        label=_("验证码"), max_length=20,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "text"}),
        help_text=_("手机验证器上的六位数字，或者一个恢复码。"),
    )  # fmt: skip


class StopForm(forms.Form):
    """The password, before the second factor is taken away."""

    current = forms.CharField(
        label=_("现用密码"), strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )  # fmt: skip

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_current(self):
        if not self.user.check_password(self.cleaned_data["current"]):
            raise forms.ValidationError(_("现用密码不正确。"))
        return self.cleaned_data["current"]


class PasswordForm(forms.Form):
    """The password in use, and a new one."""

    current = forms.CharField(
        label=_("现用密码"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("新密码"),
        strip=False,
        help_text=_("至少 10 个字符；一句自己记得住的话最好。"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_current(self):
        if not self.user.check_password(self.cleaned_data["current"]):
            raise forms.ValidationError(_("现用密码不正确。"))
        return self.cleaned_data["current"]

    def clean_new(self):
        password_validation.validate_password(self.cleaned_data["new"], self.user)
        return self.cleaned_data["new"]
