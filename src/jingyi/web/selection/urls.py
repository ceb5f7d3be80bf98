"""Addresses of the room."""

from django.urls import path

from jingyi.web.selection.views import column, editions, entries, jury, notice, papers

app_name = "selection"
urlpatterns = [
    path("", editions.listing, name="list"),
    path("new/", editions.new, name="new"),
    path("sheets/", jury.sheets, name="sheets"),
    path("sheets/<int:number>/", jury.sheet, name="sheet"),
    path("sheets/<int:number>/recuse/", jury.recuse, name="recuse"),
    path("sheets/<int:number>/void/", jury.void, name="void"),
    path("papers/<int:number>/", papers.paper, name="paper"),
    path("papers/<int:number>/recuse/", papers.recuse, name="paper_recuse"),
    path("entries/<int:number>/", entries.entry, name="entry"),
    path("entries/<int:number>/<slug:what>/", entries.take, name="entry_take"),
    path("files/<int:number>/", entries.file, name="file"),
    path("objections/<int:number>/", notice.answer, name="answer"),
    path("column/", column.column, name="column"),
    path("column/feed.atom", column.feed, name="feed"),
    path("column/<int:number>/", column.issue, name="issue"),
    path("column/<int:number>/picture.jpg", column.picture, name="picture"),
    path("column/<int:number>/film/", column.film, name="film"),
    path("column/<int:number>/share.jpg", column.share, name="share"),
    path("column/<int:number>/certificate.pdf", column.certificate, name="certificate"),
    path("<int:number>/", editions.edition, name="edition"),
    path("<int:number>/change/", editions.change, name="change"),
    path("<int:number>/enter/", entries.enter, name="enter"),
    path("<int:number>/enter-case/", entries.enter_case, name="enter_case"),
    path("<int:number>/jury/", jury.jury, name="jury"),
    path("<int:number>/vote/", notice.vote, name="vote"),
    path("<int:number>/notice/", notice.result, name="notice"),
    path("<int:number>/notice/object/", notice.object_to, name="object"),
    path("<int:number>/ballots.jsonl", notice.file, name="ballots"),
    path("<int:number>/papers-<int:leg>.jsonl", notice.papers_file, name="papers"),
    path("<int:number>/column/", column.edit, name="column_edit"),
    path("<int:number>/vouchers/", editions.vouchers, name="vouchers"),
    path("<int:number>/do/<slug:what>/", editions.take, name="take"),
]
