"""Addresses of the room `places`."""

from django.urls import path

from jingyi.web.places import views
from jingyi.web.places.exchange import views as exchange
from jingyi.web.places.register import views as register

app_name = "places"
urlpatterns = [
    path("", views.map_page, name="map"),
    path("print/", views.print_page, name="print"),
    path("places.json", views.geo, name="geo"),
    path("layers.json", views.layers, name="layers"),
    path("layers/<int:pk>.json", views.layer, name="layer"),
    path("layers/", views.layers_admin, name="layers_admin"),
    path("layers/<int:pk>/remove/", views.remove_layer, name="remove_layer"),
    path("at/", views.at, name="at"),
    path("zones.json", views.zones, name="zones"),
    path("register/", register.listed, name="register"),
    path("register/export/", exchange.export, name="export"),
    path("register/files/", exchange.uploads, name="uploads"),
    path("register/files/<int:pk>/", exchange.upload, name="upload"),
    path("register/files/<int:pk>/confirm/", exchange.confirm, name="confirm_upload"),
    path("register/files/<int:pk>/discard/", exchange.discard, name="discard_upload"),
    path("new/", register.enter, name="enter"),
    path("<slug:code>/change/", register.change, name="change"),
    path("<slug:code>/retire/", register.retire, name="retire"),
    path("<slug:code>/undo/", register.undo, name="undo"),
    path("<slug:code>/zones/new/", register.draw_zone, name="draw_zone"),
    path("<slug:code>/zones/<int:pk>/end/", register.end_zone, name="end_zone"),
    path("<slug:code>/", views.place, name="place"),
]
