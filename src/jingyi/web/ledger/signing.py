"""The ledger's Ed25519 key, beside the data, and what is signed with it."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings


def sign(message: bytes) -> bytes:
    """Return the ledger's signature over `message` (64 bytes)."""
    return _key().sign(message)


def public_key() -> str:
    """Return the ledger's public key in hex, as the office publishes it."""
    return _key().public_key().public_bytes_raw().hex()


def _key() -> Ed25519PrivateKey:
    """Return the private key; made once, whole before it has its name, readable by its owner."""
    path = Path(settings.DATA) / "keys" / "ledger-ed25519.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent) as fresh:
            fresh.write(secrets.token_bytes(32))
            fresh.flush()
            os.fsync(fresh.fileno())
            with contextlib.suppress(FileExistsError):  # another process made it first
                os.link(fresh.name, path)
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
