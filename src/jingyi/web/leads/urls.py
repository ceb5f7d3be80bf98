"""Addresses of the room `leads`."""

from django.urls import path

from jingyi.web.leads.views import audit, bulk, desk, geo, incident, learning, steps

app_name = "leads"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("list/", desk.list_partial, name="list_partial"),
    path("export.<str:kind>", desk.export, name="export"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("incidents.json", geo.geo, name="geo"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export.xlsx", audit.export, name="audit_export"),
    path("audit/draw/", audit.draw, name="audit_draw"),
    path("audit/<int:pk>/judge/", audit.judge, name="audit_judge"),
    path("audit/<int:pk>/undo/", audit.undo, name="audit_undo"),
    path("learning/", learning.learning, name="learning"),
    path("learning/train/", learning.train, name="learning_train"),
    path("decisions/<int:pk>/undo/", steps.undo, name="undo"),
    path("<slug:ref>/", incident.incident, name="incident"),
    path("<slug:ref>/preview/", incident.preview, name="preview"),
    path("<slug:ref>/evidence/", incident.evidence, name="evidence"),
    path("<slug:ref>/similar/", incident.similar, name="similar"),
    path("<slug:ref>/here/", incident.present, name="present"),
    path("<slug:ref>/split/", steps.split, name="split"),
    path("<slug:ref>/apart/", steps.apart, name="apart"),
    path("<slug:ref>/merge/", steps.merge, name="merge"),
    path("<slug:ref>/<slug:kind>/", steps.step, name="step"),
]
