"""What a worksheet's page shows: everything in the order of measuring, and what holds what."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jingyi.core.lab import book
from jingyi.core.lab.control_rules import KINDS
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence
from jingyi.web.lab import showing, verdicts
from jingyi.web.lab.controls import FIGURES
from jingyi.web.lab.forms.measuring import FIGURE_TITLES
from jingyi.web.lab.models import Control, Method, Worksheet


@dataclass(frozen=True, slots=True)
class Shown:
    """A worksheet as its page shows it; `gap` says why it could not be judged yet."""

    controls: list[dict[str, Any]]
    untyped: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    gap: Sentence | None
    held: int


def shown(sheet: Worksheet) -> Shown:
    """Return a worksheet judged as it stands, or why it cannot be."""
    typed = [_control(one) for one in sheet.controls.select_related("material")]
    try:
        judged = verdicts.judge(sheet)
    except Refusal as refusal:
        return Shown(typed, [], [], refusal.sentence, 0)
    standing = sum(not one["dropped"] for one in typed)
    untyped = [
        {"kind": KINDS[one.control.kind], "passed": one.passed, "because": one.because}
        for one in judged.controls[standing:]
    ]
    return Shown(typed, untyped, [_line(one) for one in judged.lines], None, judged.held)


def kinds(method: Method) -> list[str]:
    """Return the kinds of control that are typed for a method's technique."""
    techniques: dict[str, set[str]] = {}
    for limit in book.control().limits:
        for technique in limit.scope.techniques:
            techniques.setdefault(technique, set()).add(limit.kind)
    wanted = techniques.get(method.technique, set())
    only_signs = {"positive", "negative", "duplicate"}
    return [kind for kind in FIGURES if kind in wanted and (not method.sign_only or kind in only_signs)]  # fmt: skip


def told(judged: verdicts.Sheet) -> str:
    """Say what came of handing a worksheet in."""
    if not judged.held:
        return _("已提交复核，没有被质控扣住的结果。")
    return ngettext(
        "已提交复核；%(n)s 个结果被质控扣住，不会放行。",
        "已提交复核；%(n)s 个结果被质控扣住，不会放行。",
        judged.held,
    ) % {"n": judged.held}


def _control(one: Control) -> dict[str, Any]:
    figures = [(FIGURE_TITLES[name], one.figures.get(name, "")) for name in FIGURES[one.kind]]
    return {
        "one": one,
        "kind": KINDS[one.kind],
        "figures": figures,
        "passed": one.passed,
        "because": one.because,
        "dropped": one.dropped,
    }


def _line(line: verdicts.Line) -> dict[str, Any]:
    return {
        "line": line,
        "mark": showing.mark(verdicts.state_of(line)),
        "words": line.words,
    }
