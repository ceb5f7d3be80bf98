"""Addresses of the meetings."""

from django.urls import path

from jingyi.web.brands.meetings import views

app_name = "meetings"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.convene, name="new"),
    path("<int:number>/", views.meeting, name="meeting"),
    path("<int:number>/minutes.docx", views.paper, name="minutes"),
    path("<int:number>/close/", views.close, name="close"),
    path("<int:number>/guide/", views.guide, name="guide"),
    path("<int:number>/departments/<int:key>/<slug:what>/", views.department, name="department"),
    path("<int:number>/measures/<int:key>/<slug:what>/", views.measure, name="measure"),
    path("<int:number>/guidance/<int:key>/", views.answer, name="answer"),
]
