"""Addresses of the room."""

from django.urls import path

from jingyi.web.patrols import phone, views

app_name = "patrols"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.new, name="new"),
    path("propose/", views.propose, name="propose"),
    path("coverage/", views.coverage, name="coverage"),
    path("photos/<int:number>.jpg", views.photo, name="photo"),
    path("visits/<int:number>/lead/", views.to_lead, name="to_lead"),
    path("app/", phone.app, name="app"),
    path("sw.js", phone.worker, name="worker"),
    path("app.webmanifest", phone.manifest, name="manifest"),
    path("app/mine.json", phone.mine, name="mine"),
    path("app/sync/", phone.sync, name="sync"),
    path("app/photo/", phone.photo, name="phone_photo"),
    path("<int:number>/", views.plan, name="plan"),
    path("<int:number>/cancel/", views.cancel, name="cancel"),
    path("<int:number>/finish/", views.finish, name="finish"),
]
