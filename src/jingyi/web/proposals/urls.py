"""Addresses of the room `proposals`."""

from django.urls import path

from jingyi.web.proposals.views import deputy, importing, items, joint, links, material

app_name = "proposals"
urlpatterns = [
    path("", items.items, name="items"),
    path("items.xlsx", items.export, name="export"),
    path("<int:number>/", items.item, name="item"),
    path("<int:number>/print/", items.printed, name="print"),
    path("<int:number>/step/<slug:kind>/", items.step, name="step"),
    path("<int:number>/undo/", items.undo, name="undo"),
    path("<int:number>/assign/", items.assign, name="assign"),
    path("<int:number>/invite/", items.invite, name="invite"),
    path("sessions/", importing.sessions, name="sessions"),
    path("sessions/new/", importing.new_session, name="new_session"),
    path("sessions/<int:session>/type/", importing.type_in, name="type_in"),
    path("sessions/<int:session>/import/", importing.upload, name="upload"),
    path("sessions/<int:session>/import/<slug:blob>/", importing.preview, name="preview"),
    path("batches/<int:number>/", importing.batch, name="batch"),
    path("batches/<int:number>/undo/", importing.undo, name="undo_batch"),
    path("<int:number>/matches/<slug:kind>/", links.matches, name="matches"),
    path("<int:number>/judge/<slug:kind>/<int:target>/", links.judge, name="judge"),
    path("links/<int:number>/undo/", links.undo, name="undo_link"),
    path("for-case/<file_number:ref>/", links.for_case, name="for_case"),
    path("for-incident/<slug:ref>/", links.for_incident, name="for_incident"),
    path("material/", material.listing, name="materials"),
    path("material/new/", material.new, name="new_material"),
    path("material/<int:number>/", material.material, name="material"),
    path("material/<int:number>/<slug:act>/", material.act, name="material_act"),
    path("joint/", joint.listing, name="joints"),
    path("joint/new/", joint.new, name="new_joint"),
    path("joint/<int:number>/", joint.joint, name="joint"),
    path("joint/<int:number>/<slug:act>/", joint.act, name="joint_act"),
    path("year/", joint.year, name="year"),
    path("year/<int:year>.docx", joint.year_file, name="year_file"),
    path("mine/", deputy.mine, name="mine"),
    path("mine/<int:number>/", deputy.own, name="own"),
    path("mine/<int:number>/rate/", deputy.rate, name="rate"),
    path("invitations/<int:number>/", deputy.reply, name="reply"),
]
