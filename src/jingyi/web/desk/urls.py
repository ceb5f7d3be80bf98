"""Addresses of the room `desk`."""

app_name = "desk"
urlpatterns = []
