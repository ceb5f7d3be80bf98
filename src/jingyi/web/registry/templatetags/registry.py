"""Titles that live in the rulebook, by their id."""

from django import template

from jingyi.core import rulebook
from jingyi.web.ui.templatetags.ui import title_of

register = template.Library()


@register.filter
def role_title(role: str) -> str:
    """Return a role's title in the page's language."""
    return title_of(rulebook.roles()[role])


@register.filter
def domain(slug: str):
    """Return the statutory domain of a slug; nothing where triage abstained."""
    return rulebook.domain(slug) if slug else None
