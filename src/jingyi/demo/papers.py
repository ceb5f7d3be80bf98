"""The documents of the case told whole: its exhibits sealed, its facts entered, its suggestion signed."""

from datetime import datetime, timedelta

from jingyi.core import rulebook
from jingyi.core.law import Source
from jingyi.demo import scans
from jingyi.demo.cases import worked
from jingyi.demo.institutions import Institutions
from jingyi.demo.reports import HERE
from jingyi.web.accounts.models import User
from jingyi.web.cases.documents import actions
from jingyi.web.cases.models import Case
from jingyi.web.evidence.actions import seal

AT = datetime(2026, 8, 13, 16, 0, tzinfo=HERE)  # the day the suggestion was decided


def load(made: Institutions) -> None:
    """Enter what was found, draft the suggestion, sign it and quote its number, as people do.

    The PDF is not sealed here: that needs a Chinese font, and a demo loads without one.
    """
    case = Case.objects.select_related("office__parent", "organ", "handler").get(
        title=worked()["title"]
    )
    _enter(case, case.handler)
    scans.load(case, by=case.handler, at=AT)
    signed_at = AT + timedelta(hours=1)
    document = actions.draft_document(case=case, kind="suggestion", by=case.handler, at=AT)
    actions.sign_document(
        document=document,
        version=document.latest,
        by=made.staff[case.office.code, "chief"][0],
        at=signed_at,
    )
    number = case.suggestions.get().number
    actions.set_number(document=document, number=number, by=case.handler, at=signed_at)


def _enter(case: Case, by: User) -> None:
    told = worked()
    for one in told["exhibit"]:
        actions.add_exhibit(
            case=case,
            blob=seal(chunks=[one["text"].encode()], media_type="text/plain", at=AT),
            name=one["name"],
            kind=one["kind"],
            made_on=one["made_on"],
            source=one["source"],
            by=by,
            at=AT,
        )
    known = rulebook.instruments()
    for one in told["fact"]:
        actions.enter_fact(
            case=case,
            kind=one["kind"],
            text=one["text"],
            on=one["on"],
            exhibits=[f"exhibit:{n}" for n in one.get("exhibits", [])],
            articles=[Source(known[name], article) for name, article in one.get("articles", [])],
            by=by,
            at=AT,
        )
