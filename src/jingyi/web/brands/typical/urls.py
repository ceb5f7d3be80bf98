"""Addresses of the typical cases."""

from django.urls import path

from jingyi.web.brands.typical import views

app_name = "typical"
urlpatterns = [
    path("", views.listing, name="list"),
    path("begin/", views.begin, name="begin"),
    path("published/", views.published, name="published"),
    path("<int:number>/", views.draft, name="draft"),
    path("<int:number>/write/", views.write, name="write"),
    path("<int:number>/v<int:n>/", views.version, name="version"),
    path("<int:number>/v<int:n>.docx", views.paper, name="paper"),
    path("<int:number>/cover/", views.cover, name="cover"),
    path("<int:number>/cover/<int:key>/", views.covering, name="covering"),
    path("<int:number>/cover/<int:key>/make/", views.make, name="make"),
    path("<int:number>/cover/<int:key>/copy/", views.copy, name="copy"),
    path("<int:number>/enter/", views.enter, name="enter"),
    path("<int:number>/entries/<int:key>/", views.settle, name="settle"),
]
