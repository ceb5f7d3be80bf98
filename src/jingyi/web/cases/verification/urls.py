"""Addresses of replies, rounds and later visits."""

from django.urls import path

from jingyi.web.cases.verification import comparing, views, visits

app_name = "verification"
urlpatterns = [
    path("visits/", visits.listing, name="visits"),
    path("visits/<int:number>/", visits.visit, name="visit"),
    path("visits/near/<slug:ref>/", visits.near_incident, name="near_incident"),
    path("<file_number:ref>/duties/", views.panel, name="panel"),
    path("<file_number:ref>/duties/<int:number>/", views.duties, name="duties"),
    path("<file_number:ref>/duties/<int:number>/print/", views.printed, name="print"),
    path("<file_number:ref>/duties/<int:number>/reply/", views.reply, name="reply"),
    path("<file_number:ref>/duties/<int:number>/verify/", views.verify, name="verify"),
    path("<file_number:ref>/duties/<int:number>/settle/", views.settle, name="settle"),
    path("<file_number:ref>/compare/", comparing.listing, name="compare"),
    path(
        "<file_number:ref>/compare/<int:number>/<slug:name>.jpg", comparing.picture, name="compared"
    ),
    path("<file_number:ref>/proofs/<int:number>/", views.proof, name="proof"),
]
