"""Addresses of the room `station`."""

from django.urls import path

from jingyi.web.station.views import links, matters, office, papers, replies, requests

app_name = "station"
urlpatterns = [
    path("", matters.matters, name="matters"),
    path("open/<int:suggestion>/", matters.open_served, name="open_served"),
    path("<int:number>/", matters.matter, name="matter"),
    path("<int:number>/receive/", matters.receive, name="receive"),
    path("<int:number>/receipt/", matters.receipt, name="receipt"),
    path("<int:number>/elsewhere/<int:duty>/", matters.elsewhere, name="elsewhere"),
    path("<int:number>/ask/", requests.ask, name="ask"),
    path("<int:number>/reply/", replies.begin, name="begin"),
    path("replies/<int:number>/", replies.draft, name="draft"),
    path("replies/<int:number>/print/", replies.printed, name="print"),
    path("replies/<int:number>/attach/<int:duty>/", replies.attach, name="attach"),
    path("replies/<int:number>/<slug:act>/", replies.act, name="act"),
    path("files/<int:number>/", replies.file, name="file"),
    path("files/<int:number>/detach/", replies.detach, name="detach"),
    path("requests/", requests.listing, name="requests"),
    path("requests/<int:number>/", requests.request_page, name="request"),
    path("requests/<int:number>/take-back/", requests.take_back, name="take_back"),
    path("requests/<int:number>/file/", requests.file, name="request_file"),
    path("papers/", papers.listing, name="papers"),
    path("papers/<int:number>/", papers.paper, name="paper"),
    path("papers/<int:number>/sign/", papers.sign, name="sign"),
    path("papers/new/<file_number:ref>/", papers.write, name="write"),
    path("papers/<int:number>/again/", papers.again, name="again"),
    path("of-case/<file_number:ref>/", office.panel, name="of_case"),
    path("send/<int:suggestion>/", office.send, name="send"),
    path("<int:number>/link/", office.make_link, name="make_link"),
    path("links/<int:number>/revoke/", office.revoke, name="revoke"),
    path("seen/", office.seen, name="seen"),
    path("l/<str:key>/", links.door, name="door"),
    path("sealed/", links.sealed, name="sealed"),
]
