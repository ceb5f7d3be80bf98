"""Addresses of the room `cases`."""

app_name = "cases"
urlpatterns = []
