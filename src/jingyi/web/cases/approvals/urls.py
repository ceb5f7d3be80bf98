"""Addresses of approvals, recusals and the office's own settings of them."""

from django.urls import path, register_converter

from jingyi.web.cases.approvals.views import chains, recusals, requests
from jingyi.web.cases.urls import FileNumber


class Answer(FileNumber):
    """What can be said on a request."""

    regex = "|".join(requests.ANSWERS)


register_converter(Answer, "approval_answer")

app_name = "approvals"
urlpatterns = [
    path("approvals/", requests.listing, name="list"),
    path("approvals/waiting/", requests.waiting, name="waiting"),
    path("approvals/offices/<slug:code>/", chains.office, name="office"),
    path("approvals/offices/<slug:code>/delegate/", chains.delegate, name="delegate"),
    path("approvals/delegations/<int:number>/end/", chains.end, name="end"),
    path("approvals/<int:number>/", requests.approval, name="approval"),
    path("approvals/<int:number>/exhibit/", requests.exhibit, name="exhibit"),
    path("approvals/<int:number>/<approval_answer:kind>/", requests.answer, name="answer"),
    path("<file_number:ref>/approvals/", requests.of_case, name="of_case"),
    path("<file_number:ref>/approvals/ask/<str:name>/", requests.ask, name="ask"),
    path("<file_number:ref>/recusals/new/", recusals.apply, name="recuse"),
    path("recusals/<int:number>/", recusals.recusal, name="recusal"),
    path("recusals/<int:number>/decide/", recusals.decide, name="recusal_decide"),
    path("recusals/<int:number>/again/", recusals.again, name="recusal_again"),
]
