"""Addresses of the shared ledger, the duty calendar, clues, joint work and the monthly report."""

from django.urls import path

from jingyi.web.station.shared.views import agenda, clues, joint, looks, report, rows, uploads

app_name = "shared"
urlpatterns = [
    path("", agenda.agenda, name="agenda"),
    path("print/", agenda.printed, name="agenda_print"),
    path("duties.ics", agenda.feed, name="agenda_feed"),
    path("rows/", rows.listing, name="rows"),
    path("rows/<int:number>/", rows.row, name="row"),
    path("files/", uploads.listing, name="uploads"),
    path("files/<int:number>/", uploads.upload, name="upload"),
    path("files/<int:number>/undo/", uploads.undo, name="upload_undo"),
    path("clues/", clues.listing, name="clues"),
    path("clues/of-lead/<slug:ref>/", clues.of_lead, name="of_lead"),
    path("clues/new/<slug:way>/", clues.write, name="clue_new"),
    path("clues/<int:number>/", clues.clue, name="clue"),
    path("clues/<int:number>/<slug:act>/", clues.act, name="clue_act"),
    path("joint/", joint.listing, name="joint_list"),
    path("joint/new/", joint.plan, name="joint_new"),
    path("joint/<int:number>/", joint.page, name="joint"),
    path("joint/<int:number>/hold/", joint.hold, name="joint_hold"),
    path("joint/<int:number>/drop/", joint.drop, name="joint_drop"),
    path("report/", report.page, name="report"),
    path("report/file/", report.download, name="report_file"),
    path("report/<slug:name>/", report.figure, name="figure"),
    path("seen/", looks.listing, name="looks"),
]
