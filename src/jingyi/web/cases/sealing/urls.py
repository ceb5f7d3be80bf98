"""Addresses of the sealing of cases."""

from django.urls import path

from jingyi.web.cases.sealing import views

app_name = "sealing"
urlpatterns = [
    path("<file_number:ref>/sealing/", views.sealing, name="case"),
    path("<file_number:ref>/sealing/lift/", views.lifted, name="lift"),
]
