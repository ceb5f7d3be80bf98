"""Keys that live beside the data, never in the database: each made once, readable by its owner only."""

import base64
import os
import secrets
from functools import cache
from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

OLD = "old"  # identity.old-1.key: what opens that has not been written anew


@cache
def key(name: str) -> bytes:
    """Return the office's key `name`, which is never changed; see `present` for what may be."""
    return present(name)


def present(name: str) -> bytes:
    """Return the key `name` as it is on the disk: 32 bytes, URL-safe base64 (as Fernet takes it)."""
    path = Path(settings.DATA) / "keys" / f"{name}.key"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as stream:
        stream.write(base64.urlsafe_b64encode(secrets.token_bytes(32)))
    return path.read_bytes()


def box(name: str) -> MultiFernet:
    """Return what closes with the office's present key `name` and opens with it or an older one.

    Read from the disk each time: another process may have changed the key a moment ago.
    """
    first = Fernet(present(name))  # read first: replaced after that, it is among the old ones
    return MultiFernet([first, *(Fernet(path.read_bytes()) for path in old(name))])


def old(name: str) -> list[Path]:
    """Return the older keys that are still kept, oldest first."""
    return sorted((Path(settings.DATA) / "keys").glob(f"{name}.{OLD}-*.key"))


def changing(name: str) -> bool:
    """Tell whether the key was changed and what it replaced is still kept."""
    kept = old(name)
    return bool(kept) and kept[-1].read_bytes() != present(name)


def change(name: str) -> None:
    """Make a new key `name` and keep the present one beside it; killed anywhere, both are whole.

    The old one is kept under its new name, and on the disk, before the new one takes its place.
    """
    path = Path(settings.DATA) / "keys" / f"{name}.key"
    kept = old(name)
    if not kept or kept[-1].read_bytes() != present(name):  # else killed after this very line
        _write(path.with_name(f"{name}.{OLD}-{len(kept) + 1}.key"), present(name))
    _write(path, base64.urlsafe_b64encode(secrets.token_bytes(32)))


def _write(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)  # of a run that was killed
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
