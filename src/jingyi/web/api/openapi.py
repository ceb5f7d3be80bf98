"""The OpenAPI document, made from one table of what can be asked."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from jingyi.web.registry.access import public

VERSION = "1.0.0"  # of this interface: what is taken away makes it 2
TEXT, WHOLE = {"type": "string"}, {"type": "integer", "minimum": 0}
NAME = {"name": "name", "in": "path", "required": True, "schema": {"type": "string", "enum": ["places", "zones"]}}  # fmt: skip
ID = {"name": "id", "in": "path", "required": True, "schema": TEXT}
CODE = {"name": "code", "in": "path", "required": True, "schema": TEXT}
PAGING = [
    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 500, "default": 100}},
    {"name": "after", "in": "query", "schema": WHOLE, "description": "as in `next` of the page before"},
    {"name": "domain", "in": "query", "schema": TEXT},
    {"name": "state", "in": "query", "schema": TEXT},
]  # fmt: skip
NARROWING = [
    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}},
    {"name": "offset", "in": "query", "schema": WHOLE},
    {"name": "bbox", "in": "query", "schema": TEXT, "description": "west,south,east,north"},
    {"name": "datetime", "in": "query", "schema": TEXT, "description": "a day, or first/last; .. is open"},
]  # fmt: skip
ASKED = [
    {"name": name, "in": "query", "schema": TEXT}
    for name in ("service_request_id", "service_code", "start_date", "end_date", "status", "bbox")
]
# of each address that is posted to: what is sent, how many of it must be
FORMS = {
    "/api/open311/v2/requests.json": (("service_code", "description", "lat", "long", "address_string", "client_id"), 2),
    "/api/open311/v2/servicerequestupdates.json": (("service_request_id", "description"), 2),
}  # fmt: skip

# address, method, what it does, scope ("" for none), parameters, answers beyond 401 and 403
ASKABLE: list[tuple[str, str, str, str, list[dict[str, Any]], tuple[int, ...]]] = [
    ("/api/v1/leads", "get", "Leads, newest first", "leads.read", PAGING, (200, 400)),
    ("/api/v1/leads/{id}", "get", "One lead", "leads.read", [ID], (200, 404)),
    ("/api/v1/cases", "get", "Cases, newest first; none that is sealed", "cases.read", PAGING, (200, 400)),
    ("/api/v1/cases/{id}", "get", "One case, its steps and clocks", "cases.read", [ID], (200, 404)),
    ("/api/ogc/", "get", "Landing page of OGC API – Features", "places.read", [], (200,)),
    ("/api/ogc/conformance", "get", "Conformance classes", "places.read", [], (200,)),
    ("/api/ogc/collections", "get", "Collections", "places.read", [], (200,)),
    ("/api/ogc/collections/{name}", "get", "One collection", "places.read", [NAME], (200, 404)),
    ("/api/ogc/collections/{name}/items", "get", "Features", "places.read", [NAME, *NARROWING], (200, 400, 404)),
    ("/api/ogc/collections/{name}/items/{id}", "get", "One feature", "places.read", [NAME, ID], (200, 404)),
    ("/api/open311/v2/services.json", "get", "Services", "", [], (200,)),
    ("/api/open311/v2/services/{code}.json", "get", "One service", "", [CODE], (200, 404)),
    ("/api/open311/v2/requests.json", "get", "Requests handed in with this key", "open311.read", ASKED, (200, 400)),
    ("/api/open311/v2/requests/{id}.json", "get", "One request", "open311.read", [ID], (200, 404)),
    ("/api/open311/v2/requests.json", "post", "Hand in a request", "open311.write", [], (201, 400)),
    ("/api/open311/v2/servicerequestupdates.json", "get", "Stages and letters of requests", "open311.read", ASKED, (200, 400)),
    ("/api/open311/v2/servicerequestupdates.json", "post", "Write a comment", "open311.write", [], (201, 400, 404)),
]  # fmt: skip


def document() -> dict[str, Any]:
    """Return the OpenAPI 3.0 document."""
    paths: dict[str, dict[str, Any]] = {}
    for address, method, summary, scope, parameters, answers in ASKABLE:
        codes = (*answers, 401, 403, 429) if scope else answers
        told: dict[str, Any] = {
            "summary": summary,
            "parameters": parameters,
            "responses": {str(code): {"description": "OK" if code < 400 else "problem"} for code in codes},
        }  # fmt: skip
        if scope:
            told["security"] = [{"key": []}]
            told["description"] = f"Scope: {scope}"
        if method == "post":
            names, least = FORMS[address]
            schema = {"type": "object", "properties": dict.fromkeys(names, TEXT), "required": list(names[:least])}  # fmt: skip
            told["requestBody"] = {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}  # fmt: skip
        paths.setdefault(address, {})[method] = told
    return {
        "openapi": "3.0.3",
        "info": {"title": "Jingyi", "version": VERSION},
        "paths": paths,
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }


@public
@require_safe
def openapi(_request: HttpRequest) -> JsonResponse:
    """Send the document."""
    return JsonResponse(document(), content_type="application/vnd.oai.openapi+json;version=3.0")
