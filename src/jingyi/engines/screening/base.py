"""What every engine of supervision models takes and returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
    columns = []
    for one in model.outputs:
        column = hits[one.name]
        if one.stored == "rows":
            if not pa.types.is_list(column.type):
                lists = [[] if v is None else [v] for v in column.to_pylist()]
            else:
                lists = [
                    sorted({v for v in cited or () if v is not None})
                    for cited in column.to_pylist()
                ]
            columns.append(pa.chunked_array([pa.array(lists, ARROW["rows"])]))
        else:
            columns.append(column.cast(ARROW[one.stored]))
    table = pa.Table.from_arrays(columns, schema=hits_schema(model))
    if not table.num_rows:
        return table
    keys = {}
    for one in model.outputs:
        column = table[one.name]
        if one.stored == "rows":
            column = pa.array(
                [",".join(f"{v:020d}" for v in cited) for cited in column.to_pylist()]
            )
        keys[one.name] = column
    order = pc.sort_indices(
        pa.table(keys), sort_keys=[(name, "ascending", "at_start") for name in _sort_order(model)]
    )
    return table.take(order)


def _sort_order(model: Model) -> list[str]:
    return [*model.key, *(one.name for one in model.outputs if one.name not in model.key)]


Values = Mapping[str, Value]
