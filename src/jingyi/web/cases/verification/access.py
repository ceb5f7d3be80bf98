"""A case with a suggestion served is verified duty by duty, not by a word."""

from jingyi.core.refusal import Refusal
from jingyi.web.cases.models import Case, Event, Suggestion

VERIFIED = frozenset({"verification.passed", "verification.failed"})
WARRANT = "verification:"


def current(case: Case) -> Suggestion | None:
    """Return the suggestion whose duties are to be verified: the last one served, with duties."""
    last = case.suggestions.order_by("decided_on", "pk").last()
    return last if last and last.served_on and last.asks else None


def refuse_in_a_word(case: Case, kind: str, warrant: str) -> None:
    """Refuse a verification entered without its findings where there are duties to look at."""
    if kind in VERIFIED and not warrant.startswith(WARRANT) and current(case):
        raise Refusal(
            "本案的检察建议有逐项的职责，核实也要逐项登记。请从案件页面的“整改核实”进入。"
        )


def refuse_to_correct(event: Event) -> None:
    """Refuse to correct what a round or a visit wrote: it is undone, and entered again."""
    if hasattr(event, "verification") or hasattr(event, "lookback"):
        raise Refusal("这一步连同逐项的结论一起登记，不能单独更正。请撤销后重新登记。")
