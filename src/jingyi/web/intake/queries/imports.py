"""Reads about imported files."""

from django.db.models import QuerySet

from jingyi.web.accounts.models import User
from jingyi.web.intake.models import Batch, Sender
from jingyi.web.ledger.queries import history_of
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import offices_for


def batches_for(user: User, act: str = "import.read") -> QuerySet[Batch]:
    """Return the batches of the offices where `user` may do `act`, newest first."""
    return (
        Batch.objects.filter(sender__office__in=offices_for(user, act))
        .select_related("sender__office", "by")
        .order_by("-pk")
    )


def senders_for(user: User) -> QuerySet[Sender]:
    """Return the senders whose files `user` may import."""
    return (
        Sender.objects.filter(office__in=offices_for(user, "import.run"))
        .select_related("office")
        .order_by("office__path", "name")
    )


def offices_to_import_for(user: User) -> QuerySet[Procuratorate]:
    """Return the offices that `user` may import files for, topmost first."""
    return offices_for(user, "import.run").order_by("path")


def undated(batch: Batch) -> int:
    """Return how many reports of the batch came without a date that could be read."""
    return batch.reports.filter(happened_at=None).count()


def changed(batch: Batch) -> list[int]:
    """Return the rows of the file that were known by their number but now say something else."""
    entries = history_of(f"batch:{batch.ref}").filter(kind="import.rows")
    return [row for entry in entries for row in entry.body["facts"].get("changed", [])]
