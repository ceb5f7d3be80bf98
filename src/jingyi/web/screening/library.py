"""The models an office may run: the rulebook's, and those it or an office above it wrote."""

from functools import lru_cache

from django.db.models import QuerySet

from jingyi.core import rulebook
from jingyi.core.rulebook import UnknownRule
from jingyi.core.screening import book
from jingyi.core.screening.model import Model
from jingyi.core.screening.reader import digest, read_model
from jingyi.web.registry.models import Procuratorate
from jingyi.web.screening.models import ModelText, OwnModel


def of_text(text: ModelText) -> Model:
    """Return the model as it was when something was run."""
    return _read(text.slug, tuple(sorted(text.files.items())))


def read(slug: str, files: dict[str, str]) -> Model:
    """Read files as a model of this name.

    Raises:
        ModelRefused: and why they are none.
    """
    return _read(slug, tuple(sorted(files.items())))


@lru_cache(maxsize=128)
def _read(slug: str, files: tuple[tuple[str, str], ...]) -> Model:
    return read_model(slug, dict(files), rulebook.instruments(), book.columns(), book.domains())


def models(office: Procuratorate) -> list[Model]:
    """Return every model an office may run: its newest versions, then the rulebook's."""
    own = {one.slug: of_text(one.text) for one in reversed(list(own_models(office)))}
    return [*own.values(), *(one for slug, one in book.models().items() if slug not in own)]


def model(slug: str, office: Procuratorate) -> Model:
    """Return one model in the version an office runs now.

    Raises:
        UnknownRule: there is none of this name.
    """
    own = own_models(office).filter(slug=slug).first()
    return of_text(own.text) if own else book.model(slug)


def own_models(office: Procuratorate) -> QuerySet[OwnModel]:
    """Return the models in force that an office and those above it wrote, the newest first."""
    above = [int(part) for part in office.path.split("/") if part]
    return (
        OwnModel.objects.filter(office__in=above, retired_at=None)
        .select_related("text", "office", "by")
        .order_by("slug", "-version")
    )


def versions(slug: str, office: Procuratorate) -> QuerySet[OwnModel]:
    """Return all versions of a model that the office wrote, the newest first."""
    return OwnModel.objects.filter(office=office, slug=slug).select_related("text", "by")


def text_of(found: Model, office: Procuratorate) -> ModelText:
    """Return the files of a model under its digest, keeping them if they are not kept yet."""
    if kept := ModelText.objects.filter(pk=found.digest).first():
        return kept
    files = files_of(found.id, office)
    if digest(files) != found.digest:
        raise UnknownRule("模型“{slug}”刚刚改过，请重新打开。", slug=found.id)
    return ModelText.objects.create(
        digest=found.digest, slug=found.id, version=found.version, files=files
    )


def files_of(slug: str, office: Procuratorate) -> dict[str, str]:
    """Return the files of a model as it is now."""
    own = own_models(office).filter(slug=slug).first()
    return dict(own.text.files) if own else rulebook.folder(f"screening/{slug}")
