"""Addresses of what cases rest on."""

from django.urls import path

from jingyi.web.cases.basis import views

app_name = "basis"
urlpatterns = [
    path("domains/", views.domains, name="domains"),
    path("<file_number:ref>/basis/", views.panel, name="case"),
    path("<file_number:ref>/basis/dates/", views.dates, name="dates"),
]
