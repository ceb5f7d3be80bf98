"""Numbers of the room: opaque ones for samples, counted ones for requests and worksheets."""

import secrets

from django.db import models
from django.db.models.functions import Length

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that looks like another
LENGTH = 7


def sample_number() -> str:
    """Return a new number for a sample: it tells nothing, and one wrong letter shows."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return f"{body}{check_letter(body)}"


def check_letter(body: str) -> str:
    """Return the letter that makes a slip of the pen show: any one letter wrong, or two swapped."""
    total = sum((place + 2) * ALPHABET.index(letter) for place, letter in enumerate(body))
    return ALPHABET[total % len(ALPHABET)]


def plain(typed: str) -> str:
    """Return a sample's number as it was typed or scanned, "" if it is none."""
    found = "".join(typed.split()).upper().replace("-", "").rpartition("/")[2]
    if len(found) != LENGTH or any(letter not in ALPHABET for letter in found):
        return ""
    return found if check_letter(found[:-1]) == found[-1] else ""


def next_ref(table: type[models.Model], letter: str, year: int) -> str:
    """Return the next number of a year, such as J2026-0007."""
    of_year = table._default_manager.filter(ref__startswith=f"{letter}{year}-")  # noqa: SLF001 -- Django's own name for it
    last = of_year.order_by(Length("ref").desc(), "-ref").values_list("ref", flat=True).first()
    return f"{letter}{year}-{int(last.split('-')[1]) + 1 if last else 1:04d}"
