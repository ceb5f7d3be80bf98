"""Addresses of the room `evidence`."""

from django.urls import path

from jingyi.web.evidence import views

app_name = "evidence"
urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("<int:index>/", views.entry, name="entry"),
]
