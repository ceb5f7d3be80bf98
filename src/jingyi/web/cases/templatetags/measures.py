"""How a measure's number is written."""

from django import template
from django.http import QueryDict
from django.utils.translation import gettext as _

from jingyi.core.measures.definitions import Measure
from jingyi.core.measures.figures import Figure, Period
from jingyi.web.cases.measures.plots import quarter

register = template.Library()
register.filter("quarter", quarter)


@register.filter
def value_of(figure: Figure, measure: Measure) -> str:
    """Return a share as ``82.4%``, a median as ``31 天``."""
    if measure.kind == "rate":
        return f"{figure.value:.1%}"
    return _("中位数 %(n)s 天") % {"n": f"{figure.value:g}"}


@register.filter
def interval_of(figure: Figure, measure: Measure) -> str:
    """Return the interval: ``78.1–86.0%``."""
    low, high = figure.low or 0, figure.high or 0
    if measure.kind == "rate":
        return f"{low * 100:.1f}–{high * 100:.1f}%"
    return f"{low:g}–{high:g}"


@register.filter
def quarter_query(period: Period, query: str) -> str:
    """Return the filters with the period of a quarter instead of theirs."""
    params = QueryDict(query, mutable=True)
    params["since"], params["until"] = period.first.isoformat(), period.last.isoformat()
    return params.urlencode()
