"""What the pages of documents say: the element a sentence stands for, the name of an exhibit."""

from django import template

from jingyi.core.documents.model import Document
from jingyi.core.documents.template import Template
from jingyi.web.ui.templatetags.ui import said

register = template.Library()


@register.filter
def element_of(name: str, kind: Template) -> str:
    """Return the title of an element."""
    return said(kind.element(name).title)


@register.filter
def exhibit_of(key: str, paper: Document) -> str:
    """Return the name of an exhibit that a document names."""
    return paper.exhibits[key].name


@register.filter
def before(n: int) -> int:
    """Return the number before `n`."""
    return n - 1
