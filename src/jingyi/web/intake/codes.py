"""Receipt codes: the only way back to an anonymous report.

24 characters of a 31-letter alphabet without look-alikes, the last a check
character against typing errors: 114 bits, too many to guess, so a fast keyed
hash may guard it (OWASP ASVS 5.0, 6.5.2).
"""

import hmac
import secrets
import unicodedata
from hashlib import sha256

from jingyi.web.evidence.keys import key

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 24


def make() -> str:
    """Return a new code."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + _check(body)


def read(typed: str) -> str:
    """Return a typed code without spaces and dashes, or "" if it cannot be one."""
    plain = unicodedata.normalize("NFKC", typed).upper()  # a Chinese keyboard types wide letters
    code = "".join(letter for letter in plain if letter.isalnum())
    if len(code) != LENGTH or any(letter not in ALPHABET for letter in code):
        return ""
    return code if _check(code[:-1]) == code[-1] else ""


def digest(code: str) -> str:
    """Return what is stored of a code: it cannot be turned back without the office's key."""
    return hmac.new(key("receipt"), code.encode(), sha256).hexdigest()


def _check(body: str) -> str:
    total = sum((place + 2) * ALPHABET.index(letter) for place, letter in enumerate(body))
    return ALPHABET[total % len(ALPHABET)]
