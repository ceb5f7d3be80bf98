"""Addresses of the room `places`."""

from django.urls import path

from jingyi.web.places import views
from jingyi.web.places.register import views as register

app_name = "places"
urlpatterns = [
    path("", views.map_page, name="map"),
    path("places.json", views.geo, name="geo"),
    path("layers.json", views.layers, name="layers"),
    path("layers/<int:pk>.json", views.layer, name="layer"),
    path("layers/", views.layers_admin, name="layers_admin"),
    path("layers/<int:pk>/remove/", views.remove_layer, name="remove_layer"),
    path("zones.json", views.zones, name="zones"),
    path("register/", register.listed, name="register"),
    path("new/", register.enter, name="enter"),
    path("<slug:code>/change/", register.change, name="change"),
    path("<slug:code>/retire/", register.retire, name="retire"),
    path("<slug:code>/undo/", register.undo, name="undo"),
    path("<slug:code>/zones/new/", register.draw_zone, name="draw_zone"),
    path("<slug:code>/zones/<int:pk>/end/", register.end_zone, name="end_zone"),
    path("<slug:code>/", views.place, name="place"),
]
