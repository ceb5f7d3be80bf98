"""Reads of the vault, and of the ledger as far as a person may audit it."""

import shutil
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum

from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence
from jingyi.web.accounts.models import User
from jingyi.web.evidence import vault
from jingyi.web.evidence.models import Blob, Sweep, Withheld
from jingyi.web.ledger.models import Entry
from jingyi.web.registry.queries import offices_for

SUBJECTS = ("case", "exhibit")  # what a withheld number may stand behind


def entries_for(user: User) -> QuerySet[Entry]:
    """Return the acts done in the offices `user` may audit, newest first."""
    found = Entry.objects.filter(office__in=offices_for(user, "ledger.read").values("code"))
    return found.exclude(_withheld_from(user)).select_related("by").order_by("-index")


def _withheld_from(user: User) -> Q:
    """Return the acts about subjects that are kept to other readers."""
    hidden = Withheld.objects.filter(ended_at=None).exclude(readers=user)
    those = Q(pk=None)
    for number in hidden.values_list("number", flat=True):
        for room in SUBJECTS:
            those |= Q(subject=f"{room}:{number}") | Q(subject__startswith=f"{room}:{number}/")
    return those


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
            vault.check(digest, folder=settings.VAULT)
        except Refusal as refusal:
            problems.append(refusal.sentence)
    return count, problems


@dataclass(frozen=True, slots=True)
class Standing:
    """The vault as a whole: how many files and bytes, where they are, what is wrong."""

    files: int
    bytes: int
    failed: int
    without_sm3: int
    bucket: str  # without the key; "" where the files lie in the folder
    free: int  # bytes of the disk that holds the data folder


def standing() -> Standing:
    """Return how the vault is, for those who keep it."""
    found = Blob.objects.aggregate(
        files=Count("pk"), bytes=Sum("size", default=0),
        failed=Count("pk", filter=Q(failed_at__isnull=False)), without_sm3=Count("pk", filter=Q(sm3="")),
    )  # fmt: skip
    where = urlsplit(settings.VAULT_BUCKET)
    bucket = f"s3://{where.hostname}{where.path}" if settings.VAULT_BUCKET else ""
    return Standing(**found, bucket=bucket, free=shutil.disk_usage(settings.DATA).free)


def failed_files() -> QuerySet[Blob]:
    """Return the files that are not served, the oldest failure first."""
    return Blob.objects.filter(failed_at__isnull=False).order_by("failed_at", "pk")


def last_sweep() -> Sweep | None:
    """Return the round that ended last."""
    return Sweep.objects.filter(ended_at__isnull=False).order_by("-ended_at", "-pk").first()


def sweep_under_way() -> Sweep | None:
    """Return the round that has not ended."""
    return Sweep.objects.filter(ended_at=None).first()
