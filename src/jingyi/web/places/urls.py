"""Addresses of the room `places`."""

from django.urls import path

from jingyi.web.places import views

app_name = "places"
urlpatterns = [
    path("", views.map_page, name="map"),
    path("places.json", views.geo, name="geo"),
    path("layers.json", views.layers, name="layers"),
    path("layers/<int:pk>.json", views.layer, name="layer"),
    path("layers/", views.layers_admin, name="layers_admin"),
    path("layers/<int:pk>/remove/", views.remove_layer, name="remove_layer"),
    path("<slug:code>/", views.place, name="place"),
]
