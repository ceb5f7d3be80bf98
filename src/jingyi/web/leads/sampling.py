"""The rules the audit goes by, read from the rulebook once."""

from functools import cache

from jingyi.core import rulebook
from jingyi.core.audit import AuditRules


@cache
def rules() -> AuditRules:
    """Return `rulebook/triage/audit.toml`."""
    return AuditRules.of(rulebook.raw("triage/audit.toml"))
