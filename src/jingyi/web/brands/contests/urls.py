"""Addresses of the contests."""

from django.urls import path

from jingyi.web.brands.contests import views

app_name = "contests"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.start, name="new"),
    path("<int:number>/", views.contest, name="contest"),
    path("<int:number>/paper/", views.hand_in, name="paper"),
    path("<int:number>/enlist/", views.enlist, name="enlist"),
    path("<int:number>/<slug:what>/", views.take, name="take"),
    path("readings/<int:key>/", views.reading, name="reading"),
]
