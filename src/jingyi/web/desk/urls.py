"""Addresses of the room `desk`."""

from django.urls import path

from jingyi.web.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.today, name="today"),
    path("clocks/", views.clocks, name="clocks"),
    path("feed/make/", views.make_feed, name="make_feed"),
    path("feed/close/", views.close_feed, name="close_feed"),
    path("feed/<str:key>.ics", views.feed, name="feed"),
]
