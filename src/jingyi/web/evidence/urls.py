"""Addresses of the room `evidence`."""

from django.urls import path

from jingyi.web.evidence import checking, views

app_name = "evidence"
urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("<int:index>/", views.entry, name="entry"),
    path("vault/", checking.vault, name="vault"),
    path("vault/<str:digest>/", checking.recheck, name="recheck"),
]
