"""Addresses of the room `leads`."""

app_name = "leads"
urlpatterns = []
