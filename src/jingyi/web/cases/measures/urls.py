"""Addresses of the measures; the page of all figures is `cases:figures`."""

from django.urls import path

from jingyi.web.cases.measures import views

app_name = "measures"
urlpatterns = [
    path("<slug:name>/", views.measure, name="measure"),
    path("<slug:name>/rows/", views.rows, name="rows"),
    path("<slug:name>/rows.<slug:kind>", views.export_rows, name="export"),
]
