"""Small words of the desk."""

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jingyi.core import rulebook
from jingyi.web.leads import plots
from jingyi.web.leads.queries import HERE
from jingyi.web.ui.templatetags.ui import said, title_of

register = template.Library()


@register.filter
def top_reason(reasons: list) -> str:
    """Return what to say in one line: the second reason, for the first repeats the domain."""
    return said(reasons[1] if len(reasons) > 1 else reasons[0]) if reasons else ""


@register.filter
def here(incident, user) -> list[str]:
    """Return the names of those who have the incident open, but not the reader's own."""
    recent = timezone.now() - HERE
    seen = [one for one in incident.present.all() if one.seen_at >= recent]
    return [one.user.name for one in seen if one.user_id != user.pk]


@register.filter
def decline_title(reason: str) -> str:
    """Return the title of a listed reason."""
    return title_of(rulebook.decline_reasons()[reason])


@register.filter
def get(things: dict, name: str):
    """Return one of a dict whose key holds a hyphen."""
    return things[name]


@register.filter
def unlocalised(number: float) -> str:
    """Return a number as scripts read it, in every language."""
    return repr(float(number))


@register.simple_tag
def missed_plot(missed: dict) -> SafeString:
    """Draw the interval of the leads missed."""
    words = {"low": missed["low"], "high": missed["high"]}
    said_so = _("漏掉的线索：%(low)s 到 %(high)s 条") % words
    return plots.interval(missed["low"], missed["estimate"], missed["high"], said_so)


@register.simple_tag
def missed_mark(missed: dict) -> SafeString:
    """Draw the same interval in a line of text, over all that was put aside."""
    return plots.mark(missed["low"], missed["estimate"], missed["high"], missed["size"])


@register.simple_tag
def share_bar(share, shares) -> SafeString:
    """Draw one share of the rank, to the scale of the largest."""
    return plots.track(share.points, share.most, max(one.most for one in shares))


@register.filter
def points(rank: float) -> int:
    """Return a rank of 0 to 1 as points."""
    return round(rank * 100)


@register.simple_tag
def part_bar(part, parts) -> SafeString:
    """Draw one part of the evidence, to the scale of the strongest."""
    return plots.diverging(part.part, max(abs(one.part) for one in parts))


@register.filter
def signed(number: float) -> str:
    """Return a number with its sign, as it is added up."""
    return f"{number:+.1f}".replace("-", "−")
