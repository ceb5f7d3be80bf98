"""SM2 signatures (GB/T 32918) beside the Ed25519 ones, for offices that must; by OpenSSL itself.

`cryptography` has no SM2 and we write no signing of our own, so the program `openssl` does it: 3.0
or later, as Debian 12 has it. Signer's identity: the default of GM/T 0009, 1234567812345678.
"""

import os
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from django.conf import settings

from jingyi.core.refusal import Refusal

IDENTITY = "1234567812345678"
_HOW = ("-rawin", "-digest", "sm3", "-pkeyopt", f"distid:{IDENTITY}")
PATIENCE = 20  # seconds


def sign(message: bytes) -> str:
    """Return the office's SM2 signature over `message`: DER, in hex.

    Raises:
        Refusal: there is no OpenSSL that can.
    """
    with _written(message) as file:
        return _run("pkeyutl", "-sign", "-inkey", _key(), *_HOW, "-in", file.name).hex()


def public_key() -> str:
    """Return the office's SM2 public key: SubjectPublicKeyInfo as DER, in hex."""
    return _public(_key())


def holds(key: str, message: bytes, signature: str) -> bool:
    """Tell whether a signature (DER, hex) over `message` was made with the key (DER, hex)."""
    try:
        given = bytes.fromhex(key), message, bytes.fromhex(signature)
    except ValueError:
        return False
    with _written(given[0]) as public, _written(given[1]) as file, _written(given[2]) as signed:
        try:
            _run("pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", public.name, *_HOW,
                 "-in", file.name, "-sigfile", signed.name)  # fmt: skip
        except Refusal:
            return False
    return True


def _key() -> str:
    """Return the path of the private key; made once, readable by its owner."""
    path = Path(settings.DATA) / "keys" / "ledger-sm2.pem"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = _run("genpkey", "-algorithm", "SM2")
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return str(path)  # another process made it first
        with os.fdopen(handle, "wb") as stream:
            stream.write(made)
    return str(path)


@cache
def _public(path: str) -> str:
    return _run("pkey", "-in", path, "-pubout", "-outform", "DER").hex()


def _written(data: bytes) -> "tempfile._TemporaryFileWrapper[bytes]":
    file = tempfile.NamedTemporaryFile()  # noqa: SIM115 -- closed by whoever asked
    file.write(data)
    file.flush()
    return file


def _run(*arguments: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 -- no shell; every argument is ours
            ["openssl", *arguments],  # noqa: S607 -- wherever the system has it
            capture_output=True, check=True, timeout=PATIENCE,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        raise Refusal(
            "这台机器的 OpenSSL 做不了 SM2，树头没有签。请安装 openssl 3.0 以上，或者不设 JINGYI_SM2。"
        ) from None
    return done.stdout
