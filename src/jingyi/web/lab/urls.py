"""Addresses of the room `lab`."""

from django.urls import path

from jingyi.web.lab.views import home

app_name = "lab"
urlpatterns = [
    path("", home.home, name="home"),
]
