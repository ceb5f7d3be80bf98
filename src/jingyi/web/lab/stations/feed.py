"""Who sends: a signature over time, nonce and body, each message once, and not too many.

A station signs `time + "\n" + nonce + "\n" + body` with HMAC-SHA256 under its key. The time may be
five minutes off; a nonce is taken once; both are looked at only after the signature holds.
"""

import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography.fernet import Fernet
from django.db import IntegrityError, transaction

from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.evidence import keys
from jingyi.web.lab.stations.models import Key, Nonce, Station

SKEW = timedelta(minutes=5)
MOST_A_MINUTE = 60
MOST_BYTES = 1 << 20
HEADERS = {
    "key": "Jingyi-Key", "time": "Jingyi-Time", "nonce": "Jingyi-Nonce",
    "signature": "Jingyi-Signature",
}  # fmt: skip


class Unknown(Refusal):
    """The signature does not hold; why is not told."""


class Busy(Refusal):
    """Too many messages."""


def make_key(station: Station, *, by: User, at: datetime) -> tuple[Key, str]:
    """Return a new key of a station and its secret, which is shown once and kept sealed."""
    secret = secrets.token_urlsafe(32)
    sealed = _box().encrypt(secret.encode())
    return Key.objects.create(
        station=station, name=secrets.token_hex(8), sealed=sealed, by=by, at=at
    ), secret


def signature(secret: str, time: str, nonce: str, body: bytes) -> str:
    """Return the signature of a message, in hexadecimal digits."""
    return hmac.new(secret.encode(), f"{time}\n{nonce}\n".encode() + body, sha256).hexdigest()


@transaction.atomic
def sender(headers: Mapping[str, str], body: bytes, *, at: datetime) -> Station:
    """Return the station that sent a message.

    Raises:
        Unknown: no such key, or it did not sign this.
        Refusal: the clock is off, the message came before, or is too large.
        Busy: too many in a minute.
    """
    if len(body) > MOST_BYTES:
        raise Refusal("一次最多 {most} KB，请分批发送。", most=MOST_BYTES >> 10)
    given = {name: headers.get(header, "") for name, header in HEADERS.items()}
    name = given["key"] if given["key"].isalnum() else ""  # what no key is called is not looked up
    key = Key.objects.select_related("station__office").filter(name=name).first()
    secret = _box().decrypt(bytes(key.sealed)).decode() if key else ""
    expected = signature(secret, given["time"], given["nonce"], body)
    claimed = given["signature"].lower().encode(errors="replace")  # of any characters at all
    if not hmac.compare_digest(expected.encode(), claimed) or key is None:
        raise Unknown("签名不对。请核对密钥和签名的方法。")
    if key.revoked_at or key.station.retired_at:
        raise Unknown("这把密钥已经停用。请向检察院申请新的密钥。")
    _in_time(given["time"], at)
    _once(key, given["nonce"], at)
    Key.objects.filter(pk=key.pk).update(used_at=at)
    return key.station


def forget(at: datetime) -> int:
    """Delete the nonces whose time would be refused anyway; return how many."""
    return Nonce.objects.filter(at__lt=at - 3 * SKEW).delete()[0]


def _in_time(text: str, at: datetime) -> None:
    try:
        sent = datetime.fromtimestamp(float(text), at.tzinfo)
    except (ValueError, OverflowError, OSError):
        raise Refusal("Jingyi-Time 要写从 1970 年起的秒数。") from None
    if abs(sent - at) > SKEW:
        raise Refusal("站点的时钟差了 5 分钟以上，消息没有收下。请校准时钟。")


def _once(key: Key, nonce: str, at: datetime) -> None:
    if not 8 <= len(nonce) <= 64:
        raise Refusal("Jingyi-Nonce 要写 8 至 64 个字符，每条消息不同。")
    if key.nonces.filter(at__gt=at - timedelta(minutes=1)).count() >= MOST_A_MINUTE:
        raise Busy("一分钟内消息太多，请稍后再发。")
    try:
        with transaction.atomic():
            Nonce.objects.create(key=key, nonce=nonce, at=at)
    except IntegrityError:
        raise Refusal("这条消息已经收到过（重复的 Jingyi-Nonce）。") from None


def _box() -> Fernet:
    return Fernet(keys.key("feed"))
