"""Addresses of stations, their feed and files of readings."""

from django.urls import path

from jingyi.web.lab.stations import views

app_name = "stations"
urlpatterns = [
    path("", views.listing, name="list"),
    path("feed/", views.receive, name="receive"),
    path("new/", views.new, name="new"),
    path("files/", views.upload, name="upload"),
    path("files/<int:number>/", views.file, name="file"),
    path("files/columns/<slug:digest>/", views.columns, name="columns"),
    path("<int:number>/", views.station, name="station"),
    path("<int:number>.xlsx", views.export, name="export"),
    path("<int:number>/key/", views.key, name="key"),
    path("<int:number>/key/<int:key>/revoke/", views.revoke, name="revoke"),
    path("for-lead/<slug:ref>/", views.of_lead, name="of_lead"),
]
