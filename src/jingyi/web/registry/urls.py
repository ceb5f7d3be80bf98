"""Addresses of the room `registry`."""

from django.urls import path

from jingyi.web.registry import views

app_name = "registry"
urlpatterns = [
    path("", views.home, name="home"),
    path("posts/", views.my_posts, name="my_posts"),
    path("offices/<slug:code>/", views.office, name="office"),
    path("organs/", views.organs, name="organs"),
]
