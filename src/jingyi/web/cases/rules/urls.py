"""Addresses of the rules that an office decides on."""

from django.urls import path

from jingyi.web.cases.rules import views

app_name = "clock_rules"
urlpatterns = [
    path("rules/", views.overview, name="overview"),
    path("rules/limits/<slug:code>/<str:rule>/", views.limit, name="limit"),
    path("rules/move/", views.moving, name="moving"),
    path("rules/moves/<int:number>/", views.moved, name="move"),
    path("rules/moves/<int:number>/undo/", views.undo, name="undo"),
]
