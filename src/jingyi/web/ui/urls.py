"""Addresses of the room `ui`."""

from django.urls import path
from django.views.i18n import set_language

from jingyi.web.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.components, name="components"),
    path("look/", views.look, name="look"),
    path("language/", set_language, name="language"),
]
