"""One message to one address, and to no other: SSRF has nothing to hold on to.

An address must lie below an origin that the administrator named (`JINGYI_WEBHOOKS`). Its name is
resolved once, what it resolves to is checked, and exactly that is connected to. Redirects are not
followed, and of the answer only its status is looked at.
"""

import hmac
import socket
import ssl
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from jingyi.core.refusal import Refusal

PATIENCE = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes, taken apart."""

    secure: bool
    host: str
    port: int
    path: str


def target(url: str) -> Target:
    """Return where a message to `url` goes.

    Raises:
        Refusal: its origin is not one of those that the administrator named.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refusal("网址读不懂。") from None
    origin = f"{parts.scheme}://{parts.netloc}"
    if parts.username or parts.password or origin not in settings.WEBHOOKS or not parts.hostname:
        raise Refusal("管理员没有允许向 {origin} 发送；请管理员把它加入 JINGYI_WEBHOOKS。", origin=origin[:200])  # fmt: skip
    if any(ord(letter) <= 32 or ord(letter) > 126 for letter in url):
        raise Refusal("网址读不懂。")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    secure = parts.scheme == "https"
    return Target(secure, parts.hostname, port or (443 if secure else 80), path)


def resolved(where: Target) -> str:
    """Return the one network address that a message goes to.

    Raises:
        Refusal: the name leads to this machine or to no host of a network. An address that the
            administrator wrote in numbers is taken as it is.
        OSError: the name is not known.
    """
    found = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM)[0][4][0]
    address = ip_address(str(found).partition("%")[0])
    plain = getattr(address, "ipv4_mapped", None) or address
    barred = (
        plain.is_loopback or plain.is_link_local or plain.is_multicast
        or plain.is_unspecified or plain.is_reserved
    )  # fmt: skip
    if barred and str(address) != where.host:
        raise Refusal("{host} 指向本机或者不是网络上的主机，没有发送。", host=where.host)
    return str(found)


def signed(secret: bytes, key: str, moment: int, body: str) -> str:
    """Return the signature of a message, as Standard Webhooks writes it."""
    made = hmac.new(secret, f"{key}.{moment}.{body}".encode(), sha256).digest()
    return f"v1,{b64encode(made).decode()}"


def send(url: str, headers: dict[str, str], body: str) -> int:
    """Send one message and return the answer's status.

    Raises:
        Refusal: it may not go there.
        OSError: nobody answers there, in time or at all.
    """
    where = target(url)
    connection = _Pinned(where, resolved(where))
    try:
        connection.request("POST", where.path, body.encode(), headers)
        return connection.getresponse().status
    except HTTPException as broken:
        raise OSError(type(broken).__name__) from broken
    finally:
        connection.close()


class _Pinned(HTTPConnection):
    """Connects to an address that was checked, under the name that was asked for."""

    def __init__(self, where: Target, address: str) -> None:
        super().__init__(where.host, where.port, timeout=PATIENCE)
        self.where, self.address = where, address

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.where.secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.where.host)
