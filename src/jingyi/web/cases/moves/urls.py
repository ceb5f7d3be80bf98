"""Addresses of moves and mergers."""

from django.urls import path

from jingyi.web.cases.moves import views

app_name = "moves"
urlpatterns = [
    path("moves/", views.listing, name="list"),
    path("moves/<int:number>/", views.move, name="move"),
    path("moves/<int:number>/print/", views.printed, name="print"),
    path("moves/<int:number>/receive/", views.receive, name="receive"),
    path("moves/<int:number>/withdraw/", views.withdraw, name="withdraw"),
    path("moves/<int:number>/report/", views.report, name="report"),
    path("moves/<int:number>/end/", views.end, name="end"),
    path("moves/<int:number>/events/<int:event>/exhibit/", views.exhibit, name="exhibit"),
    path("<file_number:ref>/moves/", views.panel, name="panel"),
    path("<file_number:ref>/moves/<slug:kind>/<slug:code>/", views.send, name="send"),
    path("<file_number:ref>/merge/<file_number:into>/", views.merge, name="merge"),
    path("<file_number:ref>/merge/<int:number>/undo/", views.undo_merge, name="undo_merge"),
    path("proposals/<int:number>/join/", views.join, name="join"),
]
