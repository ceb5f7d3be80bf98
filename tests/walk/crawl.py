"""Every address that somebody of the demo city comes to, by the name of its route."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from html import unescape

from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, URLResolver, get_resolver, resolve, reverse

from jingyi.web.accounts.models import User
from jingyi.web.ui.marks import ACT

LINK = re.compile(r'\s(?:href|src|hx-get|data-[a-z-]+)="(/[^"#/][^"#]*)')
FORM = re.compile(r'<form[^>]*\smethod="post"[^>]*\saction="(/[^"#]+)"')
VALUE = re.compile(r"'[^']*'|\b\d+(\.\d+)?\b")
EACH = 2  # addresses of one route that one person goes to
# where nothing like it was seen
ANY = (
    1,
    "x",
    "0" * 64,
    "00000000-0000-4000-8000-000000000001",
    "2026-09-01",
    "2026-0001",
    "exhibit-1",
    "1.1",
)
OFTEN = {"cases:case": 12, "leads:incident": 6, "lab:request": 6, "selection:edition": 4}


@dataclass
class Found:
    """Addresses by route: those that were opened, and those that forms are sent to."""

    pages: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    forms: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    asked: dict[str, tuple[int, int]] = field(default_factory=dict)  # queries; most of one shape


def routes(resolver=None, space=""):
    """Return every route that is ours by its name."""
    found = {}
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            found |= routes(one, f"{one.namespace}:" if one.namespace else space)
        elif hasattr(one.callback, ACT):
            found[f"{space}{one.name}"] = one
    return found


def route_of(path):
    """Return the route's name and its arguments, None where nothing is."""
    try:
        found = resolve(path.partition("?")[0])
    except Resolver404:
        return None
    return found.view_name, found.kwargs


def crawl(names, starts=("/", "/today/", "/leads/", "/cases/")):
    """Go wherever links lead, as each person, and gather what was found."""
    found = Found()
    for name in names:
        client = Client()
        client.force_login(User.objects.get(username=name))
        _walk(client, list(starts), found)
    return found


def _walk(client, todo, found):
    seen, each = set(todo), defaultdict(int)
    while todo:
        path = todo.pop(0)
        reset_queries()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
            answer.close()
        route = route_of(path)
        if answer.status_code != 200 or route is None:
            continue
        found.pages[route[0]].add(path)
        found.asked[path] = max(found.asked.get(path, (0, 0)), _asked(queries))
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for sent_to in FORM.findall(answer.text):
            if to := route_of(unescape(sent_to)):
                found.forms[to[0]].add(unescape(sent_to))
        for link in LINK.findall(answer.text):
            path = unescape(link).partition("?")[0]
            to = route_of(path)
            if to and path not in seen and each[to[0]] < OFTEN.get(to[0], EACH):
                seen.add(path)
                each[to[0]] += 1
                todo.append(path)


def _asked(queries):
    """Return how many queries there were, and how many differ in nothing but their values."""
    shapes = Counter(VALUE.sub("?", one["sql"]) for one in queries)
    return len(queries), max(shapes.values(), default=0)


def filled(found):
    """Return an address for each route with arguments that nobody came to: parts seen elsewhere.

    A part is taken from a route of the same room that has one of that name, else from any.
    """
    near, far = defaultdict(list), defaultdict(list)
    for paths in (*found.pages.values(), *found.forms.values()):
        for path in sorted(paths):
            name, parts = route_of(path)
            for part, value in parts.items():
                near[name.partition(":")[0], part].append(value)
                far[part].append(value)
    made = {}
    for name, one in routes().items():
        wanted = one.pattern.converters
        if not wanted or name in found.pages or name in found.forms:
            continue
        space = name.partition(":")[0]
        parts = {
            part: _fits(kind, [*near[space, part], *far[part]]) for part, kind in wanted.items()
        }
        made[name] = reverse(name, kwargs=parts)
    return made


def _fits(kind, values):
    """Return the first value that this part of an address can hold."""
    choices = [*values, *ANY, kind.regex.partition("|")[0]]
    return next(one for one in choices if re.fullmatch(kind.regex, str(one)))
