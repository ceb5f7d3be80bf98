"""Addresses of the room `intake`."""

from django.urls import path

from jingyi.web.intake.views import imports

app_name = "intake"
urlpatterns = [
    path("imports/", imports.listing, name="imports"),
    path("imports/<slug:ref>/", imports.batch, name="batch"),
    path("imports/<slug:ref>/rejected.csv", imports.rejected, name="batch_rejected"),
]
