"""What somebody has begun to tell us, kept encrypted in the session and forgotten after an hour.

Sessions lie in the database. A name that is typed but not yet sent, or a
receipt code that is being written down, must not lie there to be read.
"""

import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.http import HttpRequest

from jingyi.web.evidence.keys import key

KEPT = 3600  # seconds


def read(request: HttpRequest, name: str) -> Any:
    """Return what was kept under `name`, or None if nothing was or the hour is over."""
    token = request.session.get(name, "")
    try:
        return json.loads(Fernet(key("draft")).decrypt(token.encode(), ttl=KEPT))
    except InvalidToken:
        return None


def keep(request: HttpRequest, name: str, value: Any) -> None:
    """Keep `value` for an hour from now."""
    if not request.user.is_authenticated:
        request.session.set_expiry(KEPT)
    token = Fernet(key("draft")).encrypt(json.dumps(value).encode())
    request.session[name] = token.decode()


def drop(request: HttpRequest, name: str) -> None:
    """Forget it now."""
    request.session.pop(name, None)
