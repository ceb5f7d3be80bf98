"""A table that was read once, kept as bytes of our own: Arrow, every cell as it was found."""

import json
from typing import Any

import pyarrow as pa

from jingyi.core.words import Sentence
from jingyi.engines.tables import Rejected, Sheet

REJECTED = pa.schema([("row", pa.int64()), ("reason", pa.string()), ("raw", pa.list_(pa.string()))])


def dumped(sheet: Sheet) -> bytes:
    """Return a sheet as two Arrow streams behind one another: its cells, its rejected rows."""
    cells = pa.Table.from_arrays([sheet.rows, *sheet.table.columns], names=["row", *sheet.names])
    lost = [
        {"row": one.row, "reason": json.dumps(one.reason.to_json()), "raw": list(one.raw)}
        for one in sheet.rejected
    ]
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    for table in (cells, pa.Table.from_pylist(lost, schema=REJECTED)):
        with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
            writer.write_table(table)
    return bytes(sink.getvalue())


def loaded(data: bytes) -> Sheet:
    """Return the sheet that `dumped` wrote."""
    source = pa.BufferReader(data)
    cells, lost = _next(source), _next(source)
    return Sheet(
        tuple(cells.column_names[1:]),
        cells.remove_column(0),
        cells.column(0).combine_chunks(),
        tuple(
            Rejected(one["row"], Sentence.from_json(json.loads(one["reason"])), tuple(one["raw"]))
            for one in lost.to_pylist()
        ),
    )


def _next(source: Any) -> pa.Table:
    with pa.ipc.open_stream(source) as stream:
        return stream.read_all()
