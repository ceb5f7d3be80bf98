"""What the frame around every page needs: rooms, theme, links of the top bar."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

THEMES = ("auto", "light", "dark")
RAILS = ("wide", "narrow")
# Links of the top bar, by the names rooms give their addresses; absent ones are not shown.
LINKS = {
    "home": "intake:home",
    "search": "leads:desk",
    "clocks": "desk:clocks",
    "notices": "accounts:notices",
    "notice_count": "accounts:notice_count",
    "me": "accounts:me",
    "sign_in": "accounts:sign_in",
    "sign_out": "accounts:sign_out",
    "switch_office": "registry:switch_office",
}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame` with theme, rail, rooms and links (see docs/rooms/ui.md)."""
    return {
        "frame": {
            "theme": chosen(request, "theme", THEMES),
            "rail": chosen(request, "rail", RAILS),
            "rooms": SimpleLazyObject(lambda: rooms(request)),
            "links": SimpleLazyObject(lambda: {name: address(of) for name, of in LINKS.items()}),
        }
    }


def chosen(request: HttpRequest, cookie: str, choices: tuple[str, ...]) -> str:
    """Return the valid choice in `cookie`, or the first of `choices`."""
    value = request.COOKIES.get(cookie, "")
    return value if value in choices else choices[0]


def address(name: str, *args: object) -> str:
    """Return the path of a URL name, or "" where no room has it (yet)."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def rooms(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the rooms of the rail that exist and that this person may enter, in order."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    # who may do what is decided above this room; the setting names the question to ask
    acts = import_string(settings.JINGYI_ACTS_OF)(user)
    return [
        {
            "label": _(entry["label"]),
            "glyph": entry["glyph"],
            "url": url,
            "count_url": address(entry["count"]) if "count" in entry else "",
            "here": _within(request.path, url),
        }
        for entry in settings.JINGYI_RAIL
        if entry["act"] in acts and (url := address(entry["url"]))
    ]


def _within(path: str, room: str) -> bool:
    """Tell whether `path` is in the room at `room`: they share the first part of the address."""
    return path.split("/")[1:2] == room.split("/")[1:2]
