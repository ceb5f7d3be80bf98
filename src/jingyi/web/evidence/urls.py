"""Addresses of the room `evidence`."""

app_name = "evidence"
urlpatterns = []
