"""Who is named in the reports of an incident: one party under its different names, and why."""

from collections.abc import Iterable

from stdnum.cn import uscc

from jingyi.core.linkage.parties import Group, same_parties
from jingyi.web.leads.models import Finding


def parties_of(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """Group the names in `findings`; a credit code counts for the one name beside it in a report.

    The caller has checked who asks.
    """
    names: list[str] = []
    codes: dict[str, str] = {}
    for finding in findings:
        told = [name for name in finding.parties if not uscc.is_valid(name)]
        valid = [name for name in finding.parties if uscc.is_valid(name)]
        if len(told) == len(valid) == 1:
            codes[told[0]] = valid[0]
        names += told
    return same_parties(names, codes)
