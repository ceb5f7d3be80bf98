"""What the pages of documents say: the element a sentence stands for, the name of an exhibit, where they are."""

from django import template
from django.urls import reverse

from jingyi.core.documents.model import Document
from jingyi.core.documents.template import Template
from jingyi.web.cases.models import Case
from jingyi.web.leads.models import Incident
from jingyi.web.ui.templatetags.ui import said

register = template.Library()


@register.simple_tag
def home(about: Case | Incident) -> str:
    """Return the address of the documents of a case or a lead."""
    route = "documents:list" if isinstance(about, Case) else "documents:lead_list"
    return reverse(route, args=[about.ref])


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
