"""Signing in and out, one's own settings and notices."""

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.web.accounts import actions
from jingyi.web.accounts.forms import PasswordForm, SignInForm
from jingyi.web.accounts.models import Notice
from jingyi.web.ui.marks import public, signed_in

PAGE = 100


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask who it is; a new session key on success."""
    form = SignInForm(request, request.POST or None)
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        wanted = ""
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return _see(wanted or resolve_url("desk:today"))
    return render(
        request,
        "accounts/sign_in.html",
        {"form": form, "next": wanted},
        status=422 if form.errors else 200,
    )


@signed_in
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and clear what the browser kept."""
    logout(request)
    response = _see(resolve_url("accounts:sign_in"))
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@signed_in
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Show who one is here and what one may do."""
    return render(request, "accounts/me.html", {"form": PasswordForm(user=request.user)})


@signed_in
@sensitive_post_parameters("current", "new")
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other sessions end."""
    form = PasswordForm(request.POST, user=request.user)
    if not form.is_valid():
        return render(request, "accounts/me.html", {"form": form}, status=422)
    actions.change_password(password=form.cleaned_data["new"], by=request.user)
    update_session_auth_hash(request, request.user)
    messages.success(request, _("密码已更改；其他设备上的登录已失效。"))
    return _see(resolve_url("accounts:me"))


@signed_in
@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """List one's notices; POST marks all as read."""
    if request.method == "POST":
        actions.read_notices(by=request.user, at=timezone.now())
        return _see(resolve_url("accounts:notices"))
    own = Notice.objects.filter(user=request.user).order_by("-at", "-id")[:PAGE]
    return render(request, "accounts/notices.html", {"notices": own})


@signed_in
@require_safe
def notice_count(request: HttpRequest) -> HttpResponse:
    """Return the number of unread notices, or nothing."""
    unread = Notice.objects.filter(user=request.user, read_at=None).count()
    return HttpResponse(str(unread) if unread else "", content_type="text/plain")


def _see(url: str) -> HttpResponse:
    response = redirect(url)
    response.status_code = 303
    return response
