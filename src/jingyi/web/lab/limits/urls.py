"""Addresses of the limits that an office has loaded."""

from django.urls import path

from jingyi.web.lab.limits import views

app_name = "limits"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.new, name="new"),
    path("<int:number>/", views.table, name="table"),
    path("<int:number>/end/", views.finish, name="finish"),
]
