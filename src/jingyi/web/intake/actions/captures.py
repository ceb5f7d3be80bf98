"""Looking into what the camera wrote in a reporter's photo: it may tell who reported, so it is on record."""

from datetime import datetime

from django.db import transaction

from jingyi.core import evidence_book
from jingyi.web.accounts.models import User
from jingyi.web.evidence.custody.capture import Check, check, said_of
from jingyi.web.intake.models import Attachment
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import require


@transaction.atomic
def compare_original(*, photo: Attachment, by: User, at: datetime) -> Check:
    """Compare a photo's own data with the report; of the reporter's device nothing is returned.

    Raises:
        Http404: `by` may not read the report.
        Refusal: the original is missing, or no longer what was sealed.
    """
    report = photo.report
    require(by, "report.read", report.office)
    loose = (
        evidence_book.capture()
    )  # a report names the day and the place of the matter, not the photo's
    told = said_of(
        None, at=report.happened_at, within_s=loose.reported_s, lon=report.lon, lat=report.lat,
        accuracy_m=max(report.accuracy_m or 0, loose.reported_m), received_at=report.received_at,
    )  # fmt: skip
    found = check(photo.blob, told, at=at, private=True)
    ledger.append(
        kind="original.compared", subject=f"report:{report.ref}", facts={"sha256": photo.blob_id},
        by=by, at=at, office=report.office,
    )  # fmt: skip
    return found
