"""Addresses of the exchange."""

from django.urls import path

from jingyi.web.brands.exchange import views

app_name = "exchange"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.post, name="new"),
    path("<int:number>/", views.note, name="note"),
    path("<int:number>/reply/", views.reply, name="reply"),
    path("<int:number>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:number>/replies/<int:key>/", views.settle, name="settle"),
]
