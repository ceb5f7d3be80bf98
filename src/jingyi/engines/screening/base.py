"""What every engine of supervision models takes and returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jingyi.core.screening.model import Model, SourceTable, Value

ARROW = {
    "text": pa.string(),
    "date": pa.date32(),
    "integer": pa.int64(),
    "number": pa.decimal128(18, 4),
    "rows": pa.list_(pa.int64()),
}
SPILL = 8 * 2**30


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may take: bytes of memory and of temporary files, seconds, threads."""

    memory: int = 2 * 2**30
    spill: int = SPILL
    seconds: int = 3600
    threads: int = 2


@dataclass(frozen=True, slots=True)
class Run:
    """What came out: the hits in the model's columns, and the row count of each CTE, if asked for."""

    hits: pa.Table
    counts: Mapping[str, int]
    seconds: float


def schema_of(source: SourceTable) -> pa.Schema:
    """Return the columns that an engine is handed for a source."""
    fields = [pa.field(one.name, ARROW[one.stored]) for one in source.columns]
    return pa.schema([pa.field("row", pa.int64()), *fields])


def hits_schema(model: Model) -> pa.Schema:
    return pa.schema([pa.field(one.name, ARROW[one.stored]) for one in model.outputs])


def table_of(source: SourceTable, rows: tuple[Mapping[str, Any], ...]) -> pa.Table:
    """Return rows, as an example has them, as the table an engine reads; rows count from 1."""
    numbered = [{"row": n, **row} for n, row in enumerate(rows, 1)]
    return pa.Table.from_pylist(numbered, schema=schema_of(source))


def settled(model: Model, hits: pa.Table) -> pa.Table:
    """Return hits in one form: declared types, cited rows ascending, rows in the order of all columns."""
    columns = [
        _cited(hits[one.name]) if one.stored == "rows" else hits[one.name].cast(ARROW[one.stored])
        for one in model.outputs
    ]
    table = pa.Table.from_arrays(columns, schema=hits_schema(model))
    if not table.num_rows:
        return table
    keys = {}
    for name in _sort_order(model):
        column = table[name].combine_chunks()
        if not pa.types.is_list(column.type):
            keys[name] = column
            continue
        for total, part in _digests(column).items():
            keys[f"{name} {total}"] = part
    order = pc.sort_indices(
        pa.table(keys), sort_keys=[(name, "ascending", "at_start") for name in keys]
    )
    return table.take(order)


def _cited(column: pa.ChunkedArray) -> pa.Array:
    """Return cited rows as lists, ascending, each row once."""
    if not pa.types.is_list(column.type):
        plain = column.combine_chunks()
        there = np.asarray(pc.is_valid(plain)).astype(np.int32)
        starts = np.concatenate([[0], np.cumsum(there)]).astype(np.int32)
        return pa.ListArray.from_arrays(starts, plain.drop_null().cast(pa.int64()))
    lists = column.cast(ARROW["rows"]).combine_chunks()
    owners = np.asarray(pc.list_parent_indices(lists))
    rows = pc.list_flatten(lists)
    there = np.asarray(pc.is_valid(rows))
    owners, values = owners[there], np.asarray(rows.drop_null())
    order = np.lexsort((values, owners))
    owners, values = owners[order], values[order]
    if len(values):
        new = np.ones(len(values), bool)
        new[1:] = (owners[1:] != owners[:-1]) | (values[1:] != values[:-1])
        owners, values = owners[new], values[new]
    counts = np.bincount(owners, minlength=len(lists))
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return pa.ListArray.from_arrays(starts, pa.array(values, pa.int64()))


def _digests(lists: pa.Array) -> dict[str, pa.Array]:
    """Return what lists of rows are put in order by: the first row, how many, and their sum."""
    starts = np.asarray(lists.offsets)
    values = np.asarray(lists.values)
    counts = np.diff(starts)
    running = np.concatenate([[0], np.cumsum(values)])
    first = (
        np.where(counts > 0, values[np.minimum(starts[:-1], max(len(values) - 1, 0))], 0)
        if len(values)
        else counts
    )
    return {
        "first": pa.array(first),
        "count": pa.array(counts),
        "sum": pa.array(running[starts[1:]] - running[starts[:-1]]),
    }


def _sort_order(model: Model) -> list[str]:
    return [*model.key, *(one.name for one in model.outputs if one.name not in model.key)]


Values = Mapping[str, Value]
