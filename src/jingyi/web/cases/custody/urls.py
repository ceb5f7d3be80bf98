"""Addresses of a file's custody, below the case's evidence list."""

from django.urls import path

from jingyi.web.cases.custody import views
from jingyi.web.cases.reading.urls import LIST

app_name = "custody"
FILE = f"{LIST}<file_key:key>/custody/"
urlpatterns = [
    path(FILE, views.file, name="file"),
    path(f"{FILE}check/", views.capture, name="capture"),
    path(f"{FILE}print/", views.printed, name="print"),
    path(f"{FILE}<slug:kind>/", views.act, name="act"),
]
