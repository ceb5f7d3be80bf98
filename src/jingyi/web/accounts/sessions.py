"""Where a person is signed in: listed, seen, ended."""

from datetime import datetime, timedelta

from django.contrib.auth import login
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import SignIn, User
from jingyi.web.ui.marks import View

SEEN_EVERY = timedelta(minutes=5)


def begin(request: HttpRequest, user: User, *, at: datetime) -> None:
    """Sign a person in under a new session key; a browser never seen before is told to them."""
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session["seen"] = at.timestamp()
    agent = request.headers.get("User-Agent", "")[:200]
    strange = (
        not SignIn.objects.filter(user=user, agent=agent).exists()
        and SignIn.objects.filter(user=user).exists()
    )
    SignIn.objects.update_or_create(
        session=request.session.session_key,
        defaults={
            "user": user, "agent": agent, "place": request.META.get("REMOTE_ADDR", "")[:60], "at": at,
            "seen_at": at,
        },
    )  # fmt: skip
    if strange:
        notify(
            user=user,
            sentence=say("您的账号在一个新的浏览器登录。不是您本人的，请到“我的设置”结束它并更改密码。"),
            url="/me/", key=f"sign-in:{request.session.session_key}", at=at,
        )  # fmt: skip


def current(user: User) -> QuerySet[SignIn]:
    """Return the sessions of a person that still stand; what has run out is forgotten."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    SignIn.objects.filter(user=user).exclude(session__in=alive).delete()
    return SignIn.objects.filter(user=user)


def end(found: SignIn) -> None:
    """End a session: its next request is a stranger's."""
    Session.objects.filter(session_key=found.session).delete()
    found.delete()


def moved(before: str | None, after: str | None) -> None:
    """Follow a session that got a new key."""
    SignIn.objects.filter(session=before).update(session=after)


class Seen:
    """Note, every few minutes, that a session is in use."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = getattr(request, "session", None)
        if session is not None and (last := session.get("seen")):
            now = timezone.now()
            if now.timestamp() - last > SEEN_EVERY.total_seconds():
                SignIn.objects.filter(session=session.session_key).update(seen_at=now)
                session["seen"] = now.timestamp()
        return response
