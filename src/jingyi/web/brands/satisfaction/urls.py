"""Addresses of satisfaction; `form` is the public door."""

from django.urls import path

from jingyi.web.brands.satisfaction import views

app_name = "satisfaction"
urlpatterns = [
    path("", views.listing, name="list"),
    path("thanks/", views.thanks, name="thanks"),
    path("form/<str:key>/", views.form, name="form"),
]
