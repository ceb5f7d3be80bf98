"""The second factor: a phone set up, a code checked, codes for the day the phone is lost."""

import base64
import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography.fernet import Fernet
from django.conf import settings
from django.db import transaction

from jingyi.core import one_time
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import RecoveryCode, SecondFactor, User

MOST_WRONG, PAUSE = 5, timedelta(minutes=15)


def asked(user: User) -> bool:
    """Tell whether a code is asked of a person at sign-in."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


@transaction.atomic
def begin(*, by: User) -> str:
    """Make a new secret, not yet asked for; return what the phone reads from the QR code.

    Raises:
        Refusal: there is a confirmed one: take it away first.
    """
    if asked(by):
        raise Refusal("已经设置了手机验证码。换手机请先停用，再重新设置。")
    secret = one_time.new_secret()
    SecondFactor.objects.update_or_create(
        user=by, defaults={"sealed": _box().encrypt(secret), "confirmed_at": None, "used": -1}
    )
    return one_time.address(secret, by.username, "Jingyi")


def shown(user: User) -> str:
    """Return what the phone reads, again, while it is being set up; "" otherwise."""
    found = SecondFactor.objects.filter(user=user, confirmed_at=None).first()
    return one_time.address(_secret(found), user.username, "Jingyi") if found else ""


@transaction.atomic
def confirm(*, code: str, by: User, at: datetime) -> list[str]:
    """Ask for codes from now on, once one was right; return the recovery codes, shown once.

    Raises:
        Refusal: the code is not right, or nothing was begun.
    """
    found = SecondFactor.objects.select_for_update().filter(user=by, confirmed_at=None).first()
    if found is None or (step := one_time.matched(_secret(found), code, at)) is None:
        raise Refusal("验证码不对。请看手机上现在显示的六位数字；如果总是不对，请校准手机时间。")
    found.confirmed_at, found.used = at, step
    found.save(update_fields=["confirmed_at", "used"])
    by.recovery_codes.all().delete()
    codes = one_time.recovery_codes()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=by, digest=_digest(by, one)) for one in codes
    )
    return codes


@transaction.atomic
def check(*, user: User, said: str, at: datetime) -> bool:
    """Tell whether a code is the phone's now, or a recovery code not used; either is taken once.

    Raises:
        Refusal: too many wrong ones; only somebody with the password gets so far.
    """
    found = SecondFactor.objects.select_for_update().get(user=user)
    if found.failures >= MOST_WRONG and found.failed_at and at - found.failed_at < PAUSE:
        raise Refusal(
            "验证码试错太多。请 {n} 分钟后再试；不是您本人在试的，请更改密码。",
            n=PAUSE.seconds // 60,
        )
    step = one_time.matched(_secret(found), said, at, found.used)
    kept = RecoveryCode.objects.filter(user=user, digest=_digest(user, said), used_at=None)
    right = step is not None or bool(kept.update(used_at=at))
    found.used = found.used if step is None else step
    found.failures, found.failed_at = (0, None) if right else (found.failures + 1, at)
    found.save(update_fields=["used", "failures", "failed_at"])
    return right


@transaction.atomic
def stop(*, by: User) -> None:
    """Take the second factor away; the caller has checked the password."""
    SecondFactor.objects.filter(user=by).delete()
    by.recovery_codes.all().delete()


def _digest(user: User, code: str) -> str:
    said = f"{user.pk}:{one_time.folded(code)}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), said, sha256).hexdigest()


def _secret(found: SecondFactor) -> bytes:
    return _box().decrypt(bytes(found.sealed))


def _box() -> Fernet:
    key = hmac.new(settings.SECRET_KEY.encode(), b"accounts.second-factor", sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))
