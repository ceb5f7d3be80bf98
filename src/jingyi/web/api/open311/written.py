"""What is answered, as JSON or as the XML that the standard asks for."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from django.http import HttpResponse, JsonResponse

# of each kind of answer: the element around it, and around one of it
NAMES = {
    "services": ("services", "service"),
    "definition": ("service_definition", ""),
    "requests": ("service_requests", "request"),
    "updates": ("service_request_updates", "request_update"),
    "errors": ("errors", "error"),
}
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def answer(form: str, kind: str, said: Any, status: int = 200) -> HttpResponse:
    """Return rows (or one definition) as `form`: json or xml."""
    if form == "json":
        return JsonResponse(said, safe=False, status=status)
    outer, inner = NAMES[kind]
    top = ET.Element(outer)
    if inner:
        for row in said:
            _put(ET.SubElement(top, inner), row)
    else:
        _put(top, said)
    text = ET.tostring(top, encoding="utf-8", xml_declaration=True)
    return HttpResponse(text, content_type="text/xml; charset=utf-8", status=status)


def wrong(form: str, status: int, words: str) -> HttpResponse:
    """Return an error the standard's way."""
    return answer(form, "errors", [{"code": status, "description": str(words)}], status)


def _put(under: ET.Element, row: Mapping[str, Any]) -> None:
    for name, value in row.items():
        one = ET.SubElement(under, name)
        if isinstance(value, Mapping):
            _put(one, value)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            for part in value:
                _put(ET.SubElement(one, "attribute"), part)
        elif value is not None:
            shown = str(value).lower() if isinstance(value, bool) else str(value)
            one.text = NO_XML.sub("\ufffd", shown)
