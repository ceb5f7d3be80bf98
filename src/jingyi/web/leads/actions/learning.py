"""Retrain triage from an office's own decisions; the new model is used only if it is better."""

from datetime import datetime

from django.db import transaction

from jingyi.core.triage.learning import adapting
from jingyi.web.accounts.models import User
from jingyi.web.leads import book, learned, teaching
from jingyi.web.leads.learned import Training
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate


def retrain(*, office: Procuratorate, by: User, at: datetime) -> Training:
    """Fit on the office's decisions, compare on those held back, keep the better; record both.

    The same decisions a second time change nothing: a job may be given twice.

    Raises:
        Refusal: too few decisions to learn from, or to measure on.
    """
    require(by, "lead.learn", office)
    rules = adapting.rules()
    told = teaching.taught(office, rules)
    digest = teaching.digest_of(told)
    shipped = book.shipped(office)
    mark = adapting.print_of(shipped.model)
    before = learned.trainings(office.code)
    if before and (before[0].decisions, before[0].shipped) == (digest, mark):
        return before[0]
    current = book.of_office(office).model
    outcome = adapting.adapt(shipped, current, teaching.messages(told, rules), rules)
    with transaction.atomic():
        Procuratorate.objects.select_for_update().get(pk=office.pk)
        ledger.append(
            kind="triage.retrained",
            subject=f"office:{office.code}",
            facts={
                "used": outcome.better,
                "decisions": digest,
                "trained_on": outcome.trained_on,
                "measured_on": outcome.measured_on,
                "old": f"F1 {outcome.old.f1:.4f}, loss {outcome.old.loss:.4f}",
                "new": f"F1 {outcome.new.f1:.4f}, loss {outcome.new.loss:.4f}",
            },
            by=by,
            at=at,
            office=office,
        )
        return learned.keep(
            code=office.code, book=shipped, outcome=outcome, decisions=digest, by=by.name, at=at
        )
