"""Signing in and out, one's own settings and notices."""

import segno
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.accounts import actions, second, sessions
from jingyi.web.accounts.forms import CodeForm, PasswordForm, SignInForm, StopForm
from jingyi.web.accounts.models import Notice, User
from jingyi.web.ui.marks import public, signed_in
from jingyi.web.ui.templatetags.ui import said

PAGE = 100
HALF = "half"  # the session of whoever gave the right password and not yet the code
HALF_SECONDS = 300


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask who it is; then for a code, where the person has set one up."""
    form = SignInForm(request, request.POST or None)
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        wanted = ""
    if request.method == "POST" and form.is_valid():
        return _known_person(request, form.get_user(), wanted)
    return render(
        request,
        "accounts/sign_in.html",
        {"form": form, "next": wanted},
        status=422 if form.errors else 200,
    )


def _known_person(request: HttpRequest, user: User, wanted: str) -> HttpResponse:
    if second.asked(user):
        at = timezone.now().timestamp()
        request.session[HALF] = {"user": user.pk, "at": at, "next": wanted}
        return _see(resolve_url("accounts:code"))
    return _let_in(request, user, wanted)


def _let_in(request: HttpRequest, user: User, wanted: str) -> HttpResponse:
    sessions.begin(request, user, at=timezone.now())
    return _see(wanted or resolve_url("desk:today"))


@public
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code on the phone, of whoever gave the right password a moment ago."""
    half = request.session.get(HALF)
    if half is None or timezone.now().timestamp() - half["at"] > HALF_SECONDS:
        return _see(resolve_url("accounts:sign_in"))
    user = User.objects.filter(pk=half["user"], is_active=True).first()
    if user is None:
        return _see(resolve_url("accounts:sign_in"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if second.check(user=user, said=form.cleaned_data["code"], at=timezone.now()):
                del request.session[HALF]
                return _let_in(request, user, half["next"])
            form.add_error(
                "code", _("验证码不对，或者刚用过。请等手机显示下一个；手机不在身边可用恢复码。")
            )
        except Refusal as refusal:
            form.add_error("code", said(refusal.sentence))
    status = 422 if form.errors else 200
    return render(request, "accounts/code.html", {"form": form}, status=status)


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
    return _me(request, PasswordForm(user=request.user))


def _me(
    request: HttpRequest, form: PasswordForm, status: int = 200, **more: object
) -> HttpResponse:
    address = second.shown(request.user)
    context = {
        "form": form,
        "sessions": sessions.current(request.user),
        "here": request.session.session_key,
        "asked": second.asked(request.user),
        "address": address,
        "qr": mark_safe(segno.make(address).svg_inline(scale=4)) if address else "",  # noqa: S308 -- drawn here
        "left": request.user.recovery_codes.filter(used_at=None).count(),
        "code_form": CodeForm(),
        "stop_form": StopForm(user=request.user),
        **more,
    }
    return render(request, "accounts/me.html", context, status=status)


@signed_in
@require_POST
def end_session(request: HttpRequest, number: int) -> HttpResponse:
    """End one of one's own sessions."""
    sessions.end(get_object_or_404(sessions.current(request.user), pk=number))
    messages.success(request, _("那里的登录已经结束。"))
    return _see(resolve_url("accounts:me"))


@signed_in
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End every session of one's own but this."""
    for one in sessions.current(request.user).exclude(session=request.session.session_key):
        sessions.end(one)
    messages.success(request, _("其他地方的登录都已结束。"))
    return _see(resolve_url("accounts:me"))


@signed_in
@require_POST
def begin_second(request: HttpRequest) -> HttpResponse:
    """Begin to set up a phone."""
    try:
        second.begin(by=request.user)
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
    return _see(f"{resolve_url('accounts:me')}#second")


@signed_in
@sensitive_post_parameters("code")
@require_POST
def confirm_second(request: HttpRequest) -> HttpResponse:
    """Confirm the phone; the recovery codes are on this one page."""
    form = CodeForm(request.POST)
    try:
        given = form.cleaned_data["code"] if form.is_valid() else ""
        codes = second.confirm(code=given, by=request.user, at=timezone.now())
    except Refusal as refusal:
        form.add_error("code", said(refusal.sentence))
        return _me(request, PasswordForm(user=request.user), 422, code_form=form)
    return _me(request, PasswordForm(user=request.user), codes=codes)


@signed_in
@sensitive_post_parameters("current")
@require_POST
def stop_second(request: HttpRequest) -> HttpResponse:
    """Take the phone away, with the password."""
    form = StopForm(request.POST, user=request.user)
    if not form.is_valid():
        return _me(request, PasswordForm(user=request.user), 422, stop_form=form)
    second.stop(by=request.user)
    messages.success(request, _("手机验证码已停用。"))
    return _see(resolve_url("accounts:me"))


@signed_in
@sensitive_post_parameters("current", "new")
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other sessions end."""
    form = PasswordForm(request.POST, user=request.user)
    if not form.is_valid():
        return _me(request, form, 422)
    actions.change_password(password=form.cleaned_data["new"], by=request.user)
    before = request.session.session_key
    update_session_auth_hash(request, request.user)
    sessions.moved(before, request.session.session_key)
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
