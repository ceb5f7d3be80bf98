"""Addresses of the room `intake`."""

from django.urls import path

from jingyi.web.intake.views import capture, imports, progress, public, staff

app_name = "intake"
urlpatterns = [
    path("", public.home, name="home"),
    path("report/", public.report, name="start"),
    path("report/<slug:step>/", public.report, name="report"),
    path("receipt/", public.sent, name="sent"),
    path("progress/", progress.progress, name="progress"),
    path("progress/receipt.json", progress.signed, name="signed"),
    path("base/", public.base_layers, name="base_layers"),
    path("base/<int:pk>.json", public.base_layer, name="base_layer"),
    path("letters/", staff.waiting, name="letters"),
    path("reports/<slug:ref>/", staff.report_detail, name="report_detail"),
    path("reports/<slug:ref>/<int:pk>/<slug:kind>", staff.attachment, name="attachment"),
    path("reports/<slug:ref>/<int:pk>/capture/", capture.capture, name="capture"),
    path("imports/", imports.listing, name="imports"),
    path("imports/<slug:ref>/", imports.batch, name="batch"),
    path("imports/<slug:ref>/rejected.csv", imports.rejected, name="batch_rejected"),
]
