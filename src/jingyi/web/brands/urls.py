"""Addresses of the room."""

from django.urls import path

from jingyi.web.brands import views

app_name = "brands"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.new, name="new"),
    path("matrix/", views.matrix, name="matrix"),
    path("<int:number>/", views.brand, name="brand"),
    path("<int:number>/change/", views.change, name="change"),
    path("<int:number>/mark.jpg", views.mark, name="mark"),
    path("<int:number>/<slug:what>/", views.take, name="take"),
    path("claims/<int:number>/rows/", views.rows, name="rows"),
    path("claims/<int:number>/withdraw/", views.withdraw, name="withdraw"),
]
