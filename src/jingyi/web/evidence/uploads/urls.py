"""Addresses of files on their way (tus 1.0)."""

from django.urls import path

from jingyi.web.evidence.uploads import views

app_name = "uploads"
urlpatterns = [
    path("", views.create, name="create"),
    path("<uuid:number>/", views.upload, name="upload"),
]
