"""The models that come with the rulebook, read once."""

from functools import cache

from jingyi.core.rulebook import UnknownRule, every_domain, folder, folders, instruments, table
from jingyi.core.screening.model import Column, Model
from jingyi.core.screening.reader import read_column, read_model


@cache
def columns() -> dict[str, Column]:
    """Return the columns that many models ask for, by name."""
    found = [read_column(one) for one in table("screening/columns.toml").tables("column", least=1)]
    return {one.name: one for one in found}


def slugs() -> list[str]:
    """Return the ids of the models."""
    return folders("screening")


@cache
def model(slug: str) -> Model:
    """Return one model.

    Raises:
        UnknownRule: there is none of this id.
        Refusal: its folder does not load.
    """
    if slug not in slugs():
        raise UnknownRule(
            "没有名为“{slug}”的监督模型。现有：{names}。", slug=slug[:60], names="、".join(slugs())
        )
    return read_model(slug, folder(f"screening/{slug}"), instruments(), columns(), domains())


def domains() -> frozenset[str]:
    """Return the slugs of the domains a model can be of."""
    return frozenset(one.slug for one in every_domain())


def models() -> dict[str, Model]:
    """Return every model, by id."""
    return {slug: model(slug) for slug in slugs()}
