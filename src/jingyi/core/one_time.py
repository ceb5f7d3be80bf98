"""One-time codes of six digits that a phone shows, by time (TOTP, RFC 6238: HMAC-SHA-1, 30 seconds).

Ours because it is these lines; held to the vectors of RFC 6238, appendix B, in the tests.
"""

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

STEP = 30  # seconds
DIGITS = 6
SECRET_BYTES = 20
DRIFT = 1  # steps that a phone's clock may be off
RECOVERY = 10  # codes for the day the phone is lost
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another


def new_secret() -> bytes:
    """Return a new secret, as long as the hash."""
    return secrets.token_bytes(SECRET_BYTES)


def counter_at(at: datetime) -> int:
    """Return the number of the step that a moment lies in."""
    return int(at.timestamp()) // STEP


def code(secret: bytes, counter: int, digits: int = DIGITS) -> str:
    """Return the code of a step (RFC 4226, section 5.3)."""
    told = hmac.digest(secret, counter.to_bytes(8), "sha1")
    offset = told[-1] & 0x0F
    number = int.from_bytes(told[offset : offset + 4]) & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def matched(secret: bytes, said: str, at: datetime, used: int = -1) -> int | None:
    """Return the step whose code was said, if it is now and later than the last one used; else None."""
    now = counter_at(at)
    plain = "".join(said.split())
    found = None
    for counter in range(now - DRIFT, now + DRIFT + 1):  # all are compared: the time tells nothing
        if hmac.compare_digest(code(secret, counter).encode(), plain.encode()) and counter > used:
            found = counter
    return found


def address(secret: bytes, who: str, issuer: str) -> str:
    """Return what an authenticator reads from a QR code (otpauth://)."""
    told = {"secret": base64.b32encode(secret).decode().rstrip("="), "issuer": issuer}
    return f"otpauth://totp/{quote(f'{issuer}:{who}')}?{urlencode(told, quote_via=quote)}"


def recovery_codes() -> list[str]:
    """Return codes that each sign in once, in two groups of five: 49 bits each."""
    every = ("".join(secrets.choice(LETTERS) for _ in range(10)) for _ in range(RECOVERY))
    return [f"{one[:5]}-{one[5:]}" for one in every]


def folded(recovery: str) -> str:
    """Return a recovery code as it is kept: without spaces and hyphens, in capitals."""
    return "".join(one for one in recovery.upper() if one in LETTERS)
