"""Addresses of the room `intake`."""

app_name = "intake"
urlpatterns = []
