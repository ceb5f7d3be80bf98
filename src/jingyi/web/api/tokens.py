"""Keys made, revoked, recognised. A key is shown once; only its digest is kept."""

import secrets
from base64 import b64decode
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import wraps
from hashlib import sha256

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.api.models import Token
from jingyi.web.intake import limits
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import public
from jingyi.web.registry.queries import acts_of

SCOPES = {
    "places.read": gettext_lazy("读保护对象和法定区域"),
    "leads.read": gettext_lazy("读线索"),
    "cases.read": gettext_lazy("读案件和期限，封存的除外"),
    "open311.read": gettext_lazy("查自己提交的反映"),
    "open311.write": gettext_lazy("提交反映"),
}
NEEDS = {
    "places.read": "place.read",
    "leads.read": "lead.read",
    "cases.read": "case.read",
}  # what the person must hold for a scope to mean anything
SEEN = timedelta(minutes=5)  # how fine the time of last use is kept
View = Callable[..., HttpResponse]


@transaction.atomic
def make(*, person: User, name: str, scopes: Sequence[str], at: datetime) -> tuple[str, Token]:
    """Make a key; return it, this once, and what is kept of it.

    Raises:
        Refusal: no scope, or one that is none or that the person's posts do not allow.
    """
    chosen = sorted(set(scopes))
    acts = acts_of(person)
    if not chosen or any(s not in SCOPES or NEEDS.get(s, "desk.read") not in acts for s in chosen):
        raise Refusal("请至少选一项您自己也能做的权限。")
    key = f"jy_{secrets.token_urlsafe(32)}"
    made = Token.objects.create(
        person=person, name=name, scopes=chosen, digest=digest(key), made_at=at
    )
    _record("api.key-made", made, {"name": name, "scopes": chosen}, person, at)
    return key, made


@transaction.atomic
def revoke(*, token: Token, by: User, at: datetime) -> Token:
    """Revoke a key; it works no more from this moment."""
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        _record("api.key-revoked", token, {}, by, at)
    return token


def digest(key: str) -> str:
    """Return what is kept of a key: it is random enough that its hash cannot be tried out."""
    return sha256(b"jingyi api key\n" + key.encode()).hexdigest()


def known(key: str) -> Token | None:
    """Return the key's token if it stands and its person is active."""
    found = Token.objects.select_related("person").filter(
        digest=digest(key), revoked_at=None, person__is_active=True
    )
    return found.first()


def scoped(scope: str) -> Callable[[View], View]:
    """Open a view to whoever sends a key with `scope`; `request.token` and `request.user` are its own."""

    def mark(view: View) -> View:
        @csrf_exempt
        @public
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            sent = _key_in(request)
            token = known(sent) if sent else None
            if token is None:
                if not limits.allows(request, "code"):
                    return problem(429, _("试错太多次了，请一小时后再试。"))
                limits.count(request, "code")
                return problem(401, _("没有钥匙，或者钥匙已经作废。"))
            if scope not in token.scopes:
                return problem(403, _("这把钥匙没有这项权限。"))
            _used(token)
            request.token, request.user = token, token.person
            return view(request, *args, **kwargs)

        return guarded

    return mark


def _key_in(request: HttpRequest) -> str:
    """Return the key: a bearer's, a Basic password, or a posted `api_key`; never of the address,
    which is logged.
    """
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            return b64decode(given, validate=True).decode().partition(":")[2]
        except ValueError:
            return ""
    return given.strip() or request.POST.get("api_key", "")


def problem(status: int, detail: str) -> JsonResponse:
    """Return an error as application/problem+json (RFC 9457)."""
    body = {"type": "about:blank", "status": status, "detail": str(detail)}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _used(token: Token) -> None:
    now = timezone.now()
    if token.used_at is None or now - token.used_at > SEEN:
        Token.objects.filter(pk=token.pk).update(used_at=now)


def _record(kind: str, token: Token, facts: dict[str, object], by: User, at: datetime) -> None:
    ledger.append(kind=kind, subject=f"api-key:{token.pk}", facts=facts, by=by, at=at)
