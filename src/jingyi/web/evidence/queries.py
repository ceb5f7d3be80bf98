"""Reads of the vault, and of the ledger as far as a person may audit it."""

from django.conf import settings
from django.db.models import QuerySet

from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence
from jingyi.web.accounts.models import User
from jingyi.web.evidence import vault
from jingyi.web.evidence.models import Blob
from jingyi.web.ledger.models import Entry
from jingyi.web.registry.queries import offices_for


def entries_for(user: User) -> QuerySet[Entry]:
    """Return the acts done in the offices `user` may audit, newest first."""
    return (
        Entry.objects.filter(office__in=offices_for(user, "ledger.read").values("code"))
        .select_related("by")
        .order_by("-index")
    )


def kinds_for(user: User) -> list[str]:
    """Return the kinds of acts that `user` can filter by."""
    return list(entries_for(user).order_by("kind").values_list("kind", flat=True).distinct())


def verify_vault() -> tuple[int, list[Sentence]]:
    """Re-hash every sealed file; return how many there are and what is wrong with which."""
    problems: list[Sentence] = []
    digests = Blob.objects.order_by("pk").values_list("sha256", flat=True)
    count = 0
    for count, digest in enumerate(digests.iterator(), 1):  # noqa: B007 -- the last one is the count
        try:
            for _chunk in vault.read(digest, folder=settings.VAULT):
                pass
        except Refusal as refusal:
            problems.append(refusal.sentence)
    return count, problems
