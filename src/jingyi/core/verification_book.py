"""The verification room's part of the rulebook, read once: disagreements, and when to look back."""

from functools import cache

from jingyi.core.contradictions import Rules, read_rules
from jingyi.core.lookback import Book as LookBack
from jingyi.core.lookback import read_book
from jingyi.core.rulebook import instruments, table


@cache
def contradictions() -> Rules:
    """Return what of a reply and its exhibits is compared, and how far apart is too far."""
    return read_rules(table("contradictions.toml"), instruments())


@cache
def lookback() -> LookBack:
    """Return when closed cases are visited again, and how near another matter is a relapse."""
    return read_book(table("lookback.toml"), instruments())
