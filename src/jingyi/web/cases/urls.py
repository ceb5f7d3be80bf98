"""Addresses of the room `cases`."""

from django.urls import path, register_converter

from jingyi.web.cases.measures import views as measures
from jingyi.web.cases.views import case, listing, opening, steps


class FileNumber:
    """A case's own number, such as 2026-0007."""

    regex = r"\d{4}-\d{4,}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Format(FileNumber):
    """A format that lists are exported in."""

    regex = "xlsx|csv"


register_converter(FileNumber, "file_number")
register_converter(Format, "table_format")

app_name = "cases"
urlpatterns = [
    path("", listing.listing, name="list"),
    path("export.<table_format:kind>", listing.export_list, name="export"),
    path("geo/", listing.geo, name="geo"),
    path("figures/", measures.figures, name="figures"),
    path("suggestions/", listing.suggestions, name="suggestions"),
    path("open/", opening.open_case, name="open"),
    path("for-incident/<slug:ref>/", opening.for_incident, name="for_incident"),
    path("proposals/", opening.proposals, name="proposals"),
    path("proposals/<int:number>/", opening.proposal, name="proposal"),
    path("proposals/<int:number>/file/", opening.file_proposal, name="file_proposal"),
    path("proposals/<int:number>/return/", opening.return_proposal, name="return_proposal"),
    path("proposals/<int:number>/dissent/", opening.dissent, name="dissent"),
    path("<file_number:ref>/", case.case, name="case"),
    path("<file_number:ref>/steps/<str:name>/", steps.step, name="step"),
    path("<file_number:ref>/events/<int:number>/correct/", steps.correct, name="correct"),
    path("<file_number:ref>/events/<int:number>/undo/", steps.undo, name="undo"),
    path("<file_number:ref>/events/<int:number>/exhibit/", case.exhibit, name="exhibit"),
]
