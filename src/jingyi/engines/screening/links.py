"""The tables of a model's links, made before its query runs: every engine reads the same."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from jingyi.core.screening.linking import linked
from jingyi.core.screening.model import Link, Model
from jingyi.engines.screening.base import schema_of

Sources = Mapping[str, Path | pa.Table]


def with_links(model: Model, sources: Sources) -> Sources:
    """Return the sources, and the table of each link."""
    if not model.links:
        return sources
    return {**sources, **{one.name: _table(one, sources) for one in model.links}}


def _table(link: Link, sources: Sources) -> pa.Table:
    left = _rows(sources[link.left], {one.left for one in link.fields})
    right = _rows(sources[link.right], {one.right for one in link.fields})
    rows = [
        {
            "row": n, "left_row": one.left, "right_row": one.right, "weight": one.weight,
            "probability": one.probability,
        }
        for n, one in enumerate(linked(link, left, right), 1)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema_of(link.table))


def _rows(source: Path | pa.Table, columns: set[str]) -> list[dict[str, object]]:
    wanted = ["row", *sorted(columns)]
    table = (
        source.select(wanted)
        if isinstance(source, pa.Table)
        else pq.read_table(source, columns=wanted)
    )
    rows: list[dict[str, object]] = table.to_pylist()
    return rows
