"""Tags of the shared ledger's pages: ``{% load shared %}``."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from jingyi.core import rulebook
from jingyi.web.registry.queries import acts_of
from jingyi.web.ui.templatetags.ui import said

register = template.Library()


@register.inclusion_tag("ui/parts/tabs.html", takes_context=True)
def shared_tabs(context: template.Context, here: str) -> dict[str, Any]:
    """Show the pages of the shared ledger that this person may open."""
    acts = acts_of(context["request"].user)
    pages = (
        ("agenda", _("义务日历"), "station.ledger"),
        ("rows", _("台账"), "station.ledger"),
        ("uploads", _("导入台账"), "station.import"),
        ("clues", _("线索移送"), "station.clue"),
        ("joint_list", _("联合检查和培训"), "station.ledger"),
        ("report", _("月报"), "station.ledger"),
        ("looks", _("查看记录"), "station.audit"),
    )
    items = [
        (words, reverse(f"shared:{name}"), name == here, None)
        for name, words, act in pages
        if act in acts
    ]
    return {"items": items, "label": _("共享台账")}


@register.filter
def ledger_title(kind: str) -> str:
    """Return the title of a kind of ledger."""
    found = rulebook.ledgers().get(kind)
    return said(found.title) if found else kind
