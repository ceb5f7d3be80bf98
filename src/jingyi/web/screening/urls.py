"""Addresses of the studio."""

from django.urls import path

from jingyi.web.screening.views import colliding, hits, models, runs, sources, writing

app_name = "screening"
urlpatterns = [
    path("", models.listing, name="models"),
    path("models/new/", writing.new, name="new"),
    path("models/<slug:slug>/", models.model, name="model"),
    path("models/<slug:slug>/run/", runs.choose, name="choose"),
    path("models/<slug:slug>/columns/", runs.columns, name="columns"),
    path("models/<slug:slug>/write/", writing.write, name="write"),
    path("models/<slug:slug>/files.zip", models.files, name="files"),
    path("models/versions/<int:number>/retire/", writing.retire, name="retire"),
    path("models/versions/<int:number>/revive/", writing.revive, name="revive"),
    path("sources/", sources.listing, name="sources"),
    path("sources/new/<slug:origin>/", sources.new, name="take"),
    path("sources/<int:number>/", sources.source, name="source"),
    path("sources/<int:number>/keep/", sources.keep, name="keep"),
    path("sources/<int:number>/delete/", sources.delete, name="delete"),
    path("runs/", runs.listing, name="runs"),
    path("runs/<int:number>/", runs.run, name="run"),
    path("runs/<int:number>/cancel/", runs.cancel, name="cancel"),
    path("runs/<int:number>/resume/", runs.resume, name="resume"),
    path("runs/<int:number>/settle/", runs.settle, name="settle"),
    path("runs/<int:number>/send/", hits.send, name="send"),
    path("runs/<int:number>/sample/", runs.sample, name="sample"),
    path("runs/<int:number>/hits.xlsx", hits.export, name="export"),
    path("runs/<int:number>/hits/<int:n>/", hits.hit, name="hit"),
    path("runs/<int:number>/hits/<int:n>/judge/", hits.judge, name="judge"),
    path("runs/<int:number>/hits/<int:n>/suppress/", hits.suppress, name="suppress"),
    path("runs/<int:number>/hits/<int:n>/unmask/", hits.unmask, name="unmask"),
    path("runs/<int:number>/hits/<int:n>/rederive/", hits.rederive, name="rederive"),
    path("negatives/<int:number>/", runs.negative, name="negative"),
    path("agreements/", colliding.listing, name="agreements"),
    path("agreements/new/", colliding.new, name="agree"),
    path("agreements/<int:number>/", colliding.agreement, name="agreement"),
    path("agreements/<int:number>/blind/", colliding.blind, name="blind"),
    path("agreements/<int:number>/<int:query>/meet/", colliding.meet, name="meet"),
    path("for-lead/<slug:ref>/", hits.of_lead, name="of_lead"),
]
