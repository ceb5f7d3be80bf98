"""How much one place may send within an hour; where it was sent from is kept nowhere.

Counts lie in the memory of each web process under a salted hash: good enough
against floods, and nothing about a reporter outlives the process.
"""

import hmac
import secrets
from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest

WINDOW = 3600  # seconds
MOST = {"code": 20, "report": 200, "photo": 1000, "message": 200}  # a town may share one address
_salt = secrets.token_bytes(16)


def allows(request: HttpRequest, what: str) -> bool:
    """Tell whether this place may still do `what` in this hour."""
    return cache.get(_name(request, what), 0) < MOST[what]


def count(request: HttpRequest, what: str) -> None:
    """Remember that it was done once more."""
    name = _name(request, what)
    cache.add(name, 0, WINDOW)
    try:
        cache.incr(name)
    except ValueError:  # the hour was over between the two
        cache.set(name, 1, WINDOW)


def _name(request: HttpRequest, what: str) -> str:
    address = request.META.get("REMOTE_ADDR", "").encode()
    return f"{what}:{hmac.new(_salt, address, sha256).hexdigest()[:32]}"
