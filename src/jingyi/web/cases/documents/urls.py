"""Addresses of the documents of a case or a lead, below its own."""

from django.urls import path, register_converter

from jingyi.web.cases.documents.views import file, lead, paper
from jingyi.web.cases.urls import FileNumber


class Written(FileNumber):
    """A format that a document is written in."""

    regex = "pdf|docx"


class Place(FileNumber):
    """Where a sentence stands: paragraph and sentence."""

    regex = r"\d+\.\d+"


register_converter(Written, "written")
register_converter(Place, "sentence")

app_name = "documents"
HERE = "<slug:ref>/documents/"  # of a case, or of a lead that has none
ONE = f"{HERE}<int:place>/"
urlpatterns = [
    path("<file_number:ref>/documents/", file.listing, name="list"),
    path(HERE, lead.listing, name="lead_list"),
    path("<file_number:ref>/documents/new/<slug:kind>/", file.draft, name="draft"),
    path(f"{HERE}new/<slug:kind>/", lead.draft, name="lead_draft"),
    path("<file_number:ref>/exhibits/new/", file.exhibit_new, name="exhibit_new"),
    path("<file_number:ref>/exhibits/<int:number>/", file.exhibit, name="exhibit"),
    path("<file_number:ref>/facts/new/", file.fact_new, name="fact_new"),
    path(
        "<file_number:ref>/facts/<int:number>/withdraw/",
        file.fact_withdraw,
        name="fact_withdraw",
    ),
    path(ONE, paper.document, name="document"),
    path(f"{ONE}edit/", paper.edit, name="edit"),
    path(f"{ONE}cite/<sentence:sentence>/", paper.cite, name="cite"),
    path(f"{ONE}redraft/", paper.redraft, name="redraft"),
    path(f"{ONE}sign/", paper.sign, name="sign"),
    path(f"{ONE}number/", paper.number, name="number"),
    path(f"{ONE}seal/", paper.keep, name="seal"),
    path(f"{ONE}compare/", paper.compared, name="compare"),
    path(f"{ONE}v<int:n>.<written:kind>", paper.written, name="written"),
]
