"""Tables on their way between executors: whole, as Arrow's own bytes, in rows of Spark.

Spark moves, keeps and counts the bundles and never looks inside. So nothing is
translated: a value arrives bit by bit as it left, and a thousand rows cost
what one does.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

SCHEMA = "slot int, bundle binary"
ARROW = pa.schema([("slot", pa.int32()), ("bundle", pa.binary())])
Batches = Iterator[pa.RecordBatch]


def packed(slot: int, table: pa.Table) -> pa.RecordBatch:
    """Return one row of `SCHEMA`."""
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    bundle = sink.getvalue().to_pybytes()
    return pa.record_batch([pa.array([slot], pa.int32()), pa.array([bundle], pa.binary())], ARROW)


def unpacked(bundle: bytes | pa.Buffer) -> pa.Table:
    """Return the table in one bundle."""
    return pa.ipc.open_stream(bundle).read_all()


def each(batches: Batches) -> Iterator[tuple[int, pa.Table]]:
    """Yield (slot, table) of every row."""
    for batch in batches:
        for slot, bundle in zip(batch["slot"], batch["bundle"], strict=True):
            yield slot.as_py(), unpacked(bundle.as_buffer())


def by_slot(table: pa.Table, slot: NDArray[np.integer]) -> Batches:
    """Yield the rows of each slot as a bundle, in the order they have in `table`."""
    order = np.argsort(slot, kind="stable")
    found, starts = np.unique(slot[order], return_index=True)
    for name, rows in zip(found.tolist(), np.split(order, starts)[1:], strict=True):
        yield packed(name, table.take(pa.array(rows)))


def together(batches: Batches) -> dict[int, pa.Table]:
    """Return all rows of each slot as one table; slots in ascending order."""
    parts: dict[int, list[pa.Table]] = {}
    for slot, table in each(batches):
        parts.setdefault(slot, []).append(table)
    return {slot: pa.concat_tables(parts[slot]).combine_chunks() for slot in sorted(parts)}
