"""Identity numbers are shown in part, unless somebody says why he needs the whole."""

from collections.abc import Mapping
from typing import Any

from jingyi.core.screening.model import Model, SourceTable

FIRST, LAST = 6, 4


def masked(text: str) -> str:
    """Return an identity number with its middle hidden: region and last four digits stay.

    >>> masked("340603194001011218")
    '340603********1218'
    """
    if len(text) <= FIRST + LAST:
        return "*" * len(text)
    return text[:FIRST] + "*" * (len(text) - FIRST - LAST) + text[-LAST:]


def masked_hit(model: Model, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a hit with the numbers of persons masked."""
    private = {one.name for one in model.outputs if one.kind == "person-id"}
    return {
        name: masked(value) if name in private and value else value
        for name, value in values.items()
    }


def masked_row(source: SourceTable, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of a source with the numbers of persons masked."""
    private = {one.name for one in source.columns if one.kind == "person-id"}
    return {
        name: masked(value) if name in private and value else value for name, value in row.items()
    }
