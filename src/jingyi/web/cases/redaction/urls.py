"""Addresses of a file's covered copies, below the case's evidence list."""

from django.urls import path

import jingyi.web.cases.reading.urls  # noqa: F401 -- registers the converters used below
from jingyi.web.cases.redaction import views

app_name = "redaction"
FILE = "<file_number:ref>/evidence/<file_key:key>/redaction/"
ONE = f"{FILE}<int:number>/"
urlpatterns = [
    path(FILE, views.copies, name="copies"),
    path(ONE, views.work, name="work"),
    path(f"{ONE}make/", views.make, name="make"),
    path(f"{ONE}page-<int:page>.webp", views.page, name="page"),
    path(f"{ONE}copy/", views.handed, name="copy"),
]
