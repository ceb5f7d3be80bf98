"""Tags and filters of every page: ``{% load ui %}``. Each is shown in docs/rooms/ui.md and at /ui/."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from jingyi.core import rulebook
from jingyi.core.words import Sentence
from jingyi.web.ui import dates, looks, plots

register = template.Library()
register.filter("day", dates.day)
register.filter("moment", dates.moment)
register.filter("days_left", dates.days_left)
register.filter("ago", dates.ago)
register.filter("span", dates.span)
register.simple_tag(plots.sparkline, name="sparkline")
register.simple_tag(plots.bar, name="bar")
register.simple_tag(plots.histogram, name="histogram")


# Words


@register.filter
def said(value: Sentence | Mapping[str, Any] | str | None) -> str:
    """Render a Sentence, live or stored as JSON, in the page's language; text stays text."""
    if isinstance(value, Mapping):
        value = Sentence.from_json(value)
    return value.render(gettext) if isinstance(value, Sentence) else str(value or "")


@register.filter
def title_of(thing: object, name: str = "title") -> str:
    """Return `title` or `title_en` of a rulebook entry (object or dict) by the page's language."""

    if isinstance(thing, str):  # a bare slug has a method `title`, but no title
        return ""

    def read(key: str) -> str:
        found = thing.get(key) if isinstance(thing, Mapping) else getattr(thing, key, None)
        return said(found)  # the rulebook's own titles are Sentences already

    return read(name) if dates.chinese() else read(f"{name}_en") or read(name)


register.simple_tag(title_of, name="title_of")


@register.filter
def masked(value: str | None, kind: str = "name") -> str:
    """Hide most of a name, a phone or an identity number: 王**, 138****5678, 340602********7412."""
    text = str(value or "")
    if kind == "phone" and len(text) >= 7:
        return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}"
    if kind == "id" and len(text) >= 10:
        return f"{text[:6]}{'*' * (len(text) - 10)}{text[-4:]}"
    return f"{text[:1]}{'*' * min(max(len(text) - 1, 0), 2)}"


@register.filter
def grouped(code: str, size: int = 4) -> str:
    """Return a code in groups that can be read aloud: ``K7QX 2M9T``."""
    text = str(code)
    return " ".join(text[i : i + size] for i in range(0, len(text), size))


@register.filter
def percent(share: float | None) -> str:
    """Return 0.824 as ``82%``."""
    return "" if share is None else f"{share:.0%}"


# Marks


@register.inclusion_tag("ui/parts/chip.html")
def chip(domain: object, title: str = "", *, short: bool = False) -> dict[str, Any]:
    """Show a statutory domain: the rulebook's own, or its slug; `title` says it otherwise."""
    slug = str(getattr(domain, "slug", domain) or "")
    glyph, hue = looks.look(slug)
    if not title and slug in looks.marks():
        title = title_of(rulebook.domain(slug))
    return {
        "glyph": glyph,
        "hue": hue,
        "title": title or slug or _("未定领域"),
        "short": short,
    }


@register.inclusion_tag("ui/parts/clock.html")
def clock(
    due: date | str | None,
    label: str = "",
    *,
    state: str = "running",
    provisional: bool = False,
    today: date | None = None,
) -> dict[str, Any]:
    """Show a clock: days left and date. `state`: running, suspended, met or lapsed."""
    days = dates.day_count(due, today) if due else None
    kind = state
    if state == "running" and days is not None:
        kind = "overdue" if days < 0 else "soon" if days <= 7 else "running"
    return {
        "due": due,
        "label": label,
        "kind": kind,
        "provisional": provisional,
        "words": {
            "suspended": _("中止计算"),
            "met": _("已按期办结"),
            "lapsed": _("已失效"),
        }.get(state)
        or (dates.days_left(due, today) if due else _("尚未起算")),
    }


@register.inclusion_tag("ui/parts/rank.html")
def rank(value: float, reason: object = "") -> dict[str, Any]:
    """Show a rank of 0–1 as a bar, a number 0–100 and its top reason in words."""
    points = round(min(max(float(value or 0), 0.0), 1.0) * 100)
    picture = plots.bar(points / 100, _("排序分 %(points)s") % {"points": points})
    return {"points": points, "bar": picture, "reason": said(reason)}


@register.inclusion_tag("ui/parts/presence.html")
def presence(names: Sequence[str] | str) -> dict[str, Any]:
    """Show who else has this open."""
    people = [names] if isinstance(names, str) else list(names)
    return {"names": ("、" if dates.chinese() else ", ").join(people)}


@register.simple_tag
def key(name: str) -> SafeString:
    """Show a key of the keyboard."""
    return format_html('<kbd aria-hidden="true">{}</kbd>', name)


# Forms


@register.inclusion_tag("ui/parts/field.html")
def field(bound: BoundField, hint: object = "", label: str = "") -> dict[str, Any]:
    """Show one form field: label, hint, error, input."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "") or type(widget).__name__.lower()
    return {
        "field": bound,
        "label": label or bound.label,
        "hint": said(hint) or bound.help_text,
        "errors": bound.errors,
        "single_box": kind == "checkbox" and not bound.use_fieldset,
        "group": bound.use_fieldset,
        "hidden": bound.is_hidden,
    }


@register.inclusion_tag("ui/parts/errors.html")
def errors(*forms: object) -> dict[str, Any]:
    """Show the error summary of one or more forms; nothing when there is nothing wrong."""
    whole, fields = [], []
    for form in forms:
        if form is not None and getattr(form, "errors", None):
            whole += list(form.non_field_errors())
            fields += [
                (bound.id_for_label or bound.auto_id, error)
                for bound in form
                for error in bound.errors
            ]
    return {"whole": whole, "fields": fields}


# Lists


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """Return ``?…`` of this page with `changes`; None drops a key, and paging starts anew."""
    params = context["request"].GET.copy()
    params.pop("after", None)
    for name, value in changes.items():
        if value in (None, ""):
            params.pop(name, None)
        else:
            params[name] = str(value)
    return f"?{params.urlencode()}"


@register.inclusion_tag("ui/parts/applied.html", takes_context=True)
def applied(context: template.Context, filters: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
    """Show the filters in force as removable tags; `filters`: (parameter, value, words)."""
    tags = []
    for name, value, words in filters:
        params = context["request"].GET.copy()
        params.pop("after", None)
        params.setlist(name, [kept for kept in params.getlist(name) if kept != str(value)])
        tags.append({"words": words, "url": f"?{params.urlencode()}"})
    return {"tags": tags, "clear": context["request"].path}


@register.inclusion_tag("ui/parts/sort.html", takes_context=True)
def sort(context: template.Context, name: str, label: str, default: str = "") -> dict[str, Any]:
    """Show a heading that sorts: ``?sort=name``, again for ``?sort=-name``. Put it in a ``<th>``."""
    now = context["request"].GET.get("sort", default)
    turned = f"-{name}" if now == name else name
    order = {name: "ascending", f"-{name}": "descending"}.get(now, "")
    return {"label": label, "url": query(context, sort=turned), "order": order}


@register.inclusion_tag("ui/parts/more.html", takes_context=True)
def more(
    context: template.Context,
    after: object,
    shown: int,
    total: int | None = None,
    at: object = None,
) -> dict[str, Any]:
    """Show "n of m, as of …" and, while `after` names a next row, a link to the next page."""
    params = context["request"].GET.copy()
    params["after"] = str(after)
    url = f"?{params.urlencode()}" if after not in (None, "") else ""
    return {"url": url, "shown": shown, "total": total, "at": at}


@register.inclusion_tag("ui/parts/empty.html")
def empty(text: str, action: str = "", url: str = "") -> dict[str, Any]:
    """Show that a list is empty and what to do next."""
    return {"text": text, "action": action, "url": url}


@register.inclusion_tag("ui/parts/tabs.html")
def tabs(items: Sequence[tuple[Any, ...]], label: str = "") -> dict[str, Any]:
    """Show tabs that are links; each item: (words, url, here) or (words, url, here, count)."""
    shown = [(*item, None)[:4] for item in items]
    return {"items": shown, "label": label or _("本页内容")}


@register.inclusion_tag("ui/parts/timeline.html")
def timeline(entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Show what happened, newest as given; entries have at, what, and may have who, url, note, kind."""
    return {"entries": entries}


@register.inclusion_tag("ui/parts/steps.html")
def steps(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Show stages in a row or column; items have label, state (done, here, ahead), may have note."""
    return {"items": items}


@register.inclusion_tag("ui/parts/reasons.html")
def reasons(items: Sequence[object]) -> dict[str, Any]:
    """Show reasons as a numbered list; each is a Sentence, its JSON, or (weight, sentence)."""
    return {
        "items": [
            {"weight": item[0], "words": said(item[1])}
            if isinstance(item, tuple)
            else {"words": said(item)}
            for item in items
        ]
    }


# Messages


@register.inclusion_tag("ui/parts/progress.html")
def progress(
    done: int, total: int | None, rate: float | None = None, left: float | None = None
) -> dict[str, Any]:
    """Show a long job: rows done of all, rows per second, time left in seconds."""
    share = done / total if total else None
    return {
        "done": done,
        "total": total,
        "rate": round(rate) if rate else None,
        "left": dates.span(left) if left is not None else "",
        "percent": round(share * 100) if share is not None else None,
    }


@register.inclusion_tag("ui/parts/notice.html")
def notice(text: object, kind: str = "info", title: str = "") -> dict[str, Any]:
    """Show a notice in the page; kind: info, done, soon, wrong, draft."""
    return {"text": said(text), "kind": kind, "title": title}


@register.inclusion_tag("ui/parts/toast.html", takes_context=True)
def toast(context: template.Context, text: object, undo: str = "") -> dict[str, Any]:
    """Show a message for 8 s with an undo button; the same must stand on the page as well."""
    return {"text": said(text), "undo": undo, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("ui/parts/confirmation.html")
def confirmation(title: str, code: str = "", text: str = "") -> dict[str, Any]:
    """Show that something was done, with the number to keep."""
    return {"title": title, "code": code, "text": text}
