"""Addresses of the room: for programs, and the page of one's keys."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from jingyi.web.api import features, records, views
from jingyi.web.api.hooks import views as hooks
from jingyi.web.api.open311 import views as open311
from jingyi.web.api.openapi import openapi


class Form(StringConverter):
    """How an answer is written."""

    regex = "json|xml"


register_converter(Form, "form")

app_name = "api"
urlpatterns = [
    path("keys/", views.keys, name="keys"),
    path("keys/<int:number>/revoke/", views.revoke, name="revoke"),
    path("keys/<int:number>/hooks/", hooks.hooks, name="hooks"),
    path("hooks/<int:number>/", hooks.hook, name="hook"),
    path("hooks/<int:number>/<slug:what>/", hooks.press, name="press"),
    path("openapi.json", openapi, name="openapi"),
    path("v1/leads", records.leads, name="leads"),
    path("v1/leads/<slug:ref>", records.lead, name="lead"),
    path("v1/cases", records.cases, name="cases"),
    path("v1/cases/<str:ref>", records.case, name="case"),
    path("ogc/", features.landing, name="ogc"),
    path("ogc/conformance", features.conformance, name="conformance"),
    path("ogc/collections", features.collections, name="collections"),
    path("ogc/collections/<slug:name>", features.collection, name="collection"),
    path("ogc/collections/<slug:name>/items", features.items, name="items"),
    path("ogc/collections/<slug:name>/items/<str:number>", features.item, name="item"),
    path("open311/v2/services.<form:form>", open311.services, name="services"),
    path("open311/v2/services/<slug:code>.<form:form>", open311.service, name="service"),
    path("open311/v2/requests.<form:form>", open311.requests, name="requests"),
    path("open311/v2/requests/<slug:ref>.<form:form>", open311.one, name="request"),
    path("open311/v2/servicerequestupdates.<form:form>", open311.updates, name="updates"),
]
