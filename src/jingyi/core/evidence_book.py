"""The evidence room's part of the rulebook, read once: custody, capture, what is covered."""

from functools import cache

from jingyi.core.capture.rules import Rules, read_rules
from jingyi.core.custody import Limits, read_limits
from jingyi.core.rulebook import instruments, table
from jingyi.core.sensitive import Kind, read_kinds


@cache
def capture() -> Rules:
    """Return what of a photograph's own data and what was said of it is compared."""
    return read_rules(table("capture.toml"), instruments())


@cache
def custody() -> Limits:
    """Return beyond what a chain of custody shows a gap."""
    return read_limits(table("custody.toml"), instruments())


@cache
def redaction() -> tuple[Kind, ...]:
    """Return the kinds of words that are proposed for covering before a file is published."""
    return read_kinds(table("redaction.toml"), instruments())
