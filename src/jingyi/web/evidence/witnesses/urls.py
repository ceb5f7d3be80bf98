"""Addresses of heads and witnesses."""

from django.urls import path

from jingyi.web.evidence.witnesses import views

app_name = "witnesses"
urlpatterns = [
    path("", views.listing, name="list"),
    path("see/", views.receive, name="receive"),
    path("new/", views.register, name="register"),
    path("sign/", views.sign, name="sign"),
    path("heads/<int:number>/", views.head, name="head"),
    path("heads/<int:number>.json", views.head_file, name="head_file"),
    path("<int:number>/tell/", views.act, {"kind": "tell"}, name="tell"),
    path("<int:number>/retire/", views.act, {"kind": "retire"}, name="retire"),
]
