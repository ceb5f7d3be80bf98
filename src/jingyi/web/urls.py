"""Where each room is. The public's pages are at the root."""

from django.urls import include, path

handler500 = "jingyi.web.evidence.guarding.broken"
urlpatterns = [
    path("", include("jingyi.web.intake.urls")),
    path("ui/", include("jingyi.web.ui.urls")),
    path("me/", include("jingyi.web.accounts.urls")),
    path("registry/", include("jingyi.web.registry.urls")),
    path("ledger/witnesses/", include("jingyi.web.evidence.witnesses.urls")),
    path("ledger/", include("jingyi.web.evidence.urls")),
    path("uploads/", include("jingyi.web.evidence.uploads.urls")),
    path("map/", include("jingyi.web.places.urls")),
    path("leads/", include("jingyi.web.leads.urls")),
    path("cases/", include("jingyi.web.cases.urls")),
    path("cases/", include("jingyi.web.cases.approvals.urls")),
    path("cases/", include("jingyi.web.cases.basis.urls")),
    path("cases/", include("jingyi.web.cases.documents.urls")),
    path("cases/", include("jingyi.web.cases.moves.urls")),
    path("cases/", include("jingyi.web.cases.rules.urls")),
    path("cases/", include("jingyi.web.cases.reading.urls")),
    path("cases/", include("jingyi.web.cases.redaction.urls")),
    path("cases/", include("jingyi.web.cases.custody.urls")),
    path("cases/", include("jingyi.web.cases.verification.urls")),
    path("cases/figures/", include("jingyi.web.cases.measures.urls")),
    path("station/", include("jingyi.web.station.urls")),
    path("shared/", include("jingyi.web.station.shared.urls")),
    path("proposals/", include("jingyi.web.proposals.urls")),
    path("lab/limits/", include("jingyi.web.lab.limits.urls")),
    path("lab/stations/", include("jingyi.web.lab.stations.urls")),
    path("screening/", include("jingyi.web.screening.urls")),
    path("lab/", include("jingyi.web.lab.urls")),
    path("brands/", include("jingyi.web.brands.urls")),
    path("operations/", include("jingyi.web.operations.urls")),
    path("today/", include("jingyi.web.desk.urls")),
]
