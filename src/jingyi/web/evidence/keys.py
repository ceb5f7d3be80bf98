"""Keys that live beside the data, never in the database: each made once, readable by its owner only."""

import base64
import os
import secrets
from functools import cache
from pathlib import Path

from django.conf import settings


@cache
def key(name: str) -> bytes:
    """Return the office's key `name`: 32 bytes, URL-safe base64 (as Fernet takes it)."""
    path = Path(settings.DATA) / "keys" / f"{name}.key"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as stream:
        stream.write(base64.urlsafe_b64encode(secrets.token_bytes(32)))
    return path.read_bytes()
