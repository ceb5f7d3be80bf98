"""Addresses of talent."""

from django.urls import path

from jingyi.web.brands.talent import studios, views

app_name = "talent"
urlpatterns = [
    path("", views.overview, name="map"),
    path("<int:number>/", views.portfolio, name="person"),
    path("<int:number>/tell/", views.tell, name="tell"),
    path("<int:number>/propose/", views.propose, name="propose"),
    path("<int:number>/plan/", views.plan, name="plan"),
    path("tasks/<int:key>/confirm/", views.confirm, name="confirm"),
    path("mentors/<int:key>/agree/", views.agree, name="agree"),
    path("mentors/<int:key>/end/", views.end, name="end"),
    path("trainings/<int:key>/", views.train, name="train"),
    path("studios/new/", studios.found, name="found"),
    path("studios/<int:key>/", studios.studio, name="studio"),
    path("studios/<int:key>/join/", studios.join, name="join"),
    path("studios/<int:key>/honour/", studios.honour, name="honour"),
    path("studios/members/<int:key>/leave/", studios.leave, name="leave"),
]
