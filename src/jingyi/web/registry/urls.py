"""Addresses of the room `registry`."""

app_name = "registry"
urlpatterns = []
