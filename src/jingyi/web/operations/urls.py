"""Addresses of the room `operations`."""

from django.urls import path

from jingyi.web.operations import views

app_name = "operations"
urlpatterns = [
    path("health/", views.health, name="health"),
    path("ready/", views.ready, name="ready"),
    path("metrics/", views.metrics, name="metrics"),
    path("", views.page, name="page"),
]
