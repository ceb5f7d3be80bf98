"""How the studio deals with data and hits: figures of practice, read from the rulebook."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from jingyi.core.rulebook import table

SAYS = frozenset({"right", "wrong", "open"})


@dataclass(frozen=True, slots=True)
class Practice:
    """Days, numbers of rows, and what a reason for declining says of the hit behind a lead."""

    keep_days: int
    most_days: int
    kept_hits: int
    sent_at_once: int
    sample: int
    baseline: int
    k_shown: int
    least_blinded: int
    most_queries: int
    declined: Mapping[str, str]


@cache
def practice() -> Practice:
    """Read rulebook/screening/practice.toml."""
    top = table("screening/practice.toml")
    top.day("confirmed_on")
    top.text("status")
    top.text("reading")
    says = top.table("declined")
    found = Practice(
        **{
            name: top.number(name)
            for name in (
                "keep_days", "most_days", "kept_hits", "sent_at_once", "sample", "baseline", "k_shown", "least_blinded", "most_queries",
            )
        },
        declined={reason: says.one_of(reason, SAYS) for reason in list(says.data)},
    )  # fmt: skip
    says.done()
    top.done()
    return found
