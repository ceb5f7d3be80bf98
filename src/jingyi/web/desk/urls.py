"""Addresses of the room `desk`."""

from django.urls import path

from jingyi.web.desk import views
from jingyi.web.desk.history import views as history
from jingyi.web.desk.wall import views as wall

app_name = "desk"
urlpatterns = [
    path("", views.today, name="today"),
    path("wall/", wall.wall, name="wall"),
    path("wall.xlsx", wall.file, name="wall_file"),
    path("places/", history.recurrence, name="recurrence"),
    path("places/<slug:code>/", history.history, name="history"),
    path("clocks/", views.clocks, name="clocks"),
    path("feed/make/", views.make_feed, name="make_feed"),
    path("feed/close/", views.close_feed, name="close_feed"),
    path("feed/<str:key>.ics", views.feed, name="feed"),
]
