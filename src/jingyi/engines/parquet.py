"""Parquet files that others send."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from jingyi.core.refusal import Refusal

MAGIC = b"PAR1"
PIECE = 32_768  # rows read at a time

Raw = tuple[tuple[str, ...], pa.Table, pa.Array, list[Any]]


def read(path: Path) -> Raw:
    """Return headings, cells as text, row numbers and no rejected rows."""
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise _broken(path) from error
    names = tuple(dict.fromkeys(table.column_names))
    columns = {name: as_text(table.column(table.column_names.index(name))) for name in names}
    rows = pa.array(range(1, table.num_rows + 1), pa.int64())
    return names, pa.table(columns), rows, []


def head(path: Path, n: int) -> pa.Table:
    """Return the first rows, cells as text."""
    file = _opened(path)
    first = next(file.iter_batches(batch_size=n), None)
    table = file.schema_arrow.empty_table() if first is None else pa.Table.from_batches([first])
    names = dict.fromkeys(table.column_names)
    return pa.table({n: as_text(table.column(table.column_names.index(n))) for n in names})


def count(path: Path) -> int:
    """Return how many rows the file has."""
    return int(_opened(path).metadata.num_rows)


def stored(path: Path, names: Sequence[str], piece: int = PIECE) -> Iterator[pa.Table]:
    """Yield these columns piece by piece, in the types they are stored in.

    Of two with one name, the first. There is one piece at least, if an empty one.
    """
    file = _opened(path)
    empty = file.schema_arrow.empty_table()
    none = True
    try:
        for batch in file.iter_batches(batch_size=piece, columns=list(names)):
            none = False
            yield _picked(pa.Table.from_batches([batch]), names)
    except (pa.ArrowInvalid, OSError) as error:
        raise _broken(path) from error
    if none:
        yield _picked(empty, names)


def _picked(table: pa.Table, names: Sequence[str]) -> pa.Table:
    return pa.table({n: table.column(table.column_names.index(n)) for n in names})


def _opened(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise _broken(path) from error


def _broken(path: Path) -> Refusal:
    return Refusal("{name} 不是完整的 Parquet 文件。请重新导出。", name=path.name)


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return one column as text, value by value; null where a kind of value has no text."""
    kind = column.type
    if pa.types.is_string(kind):
        return column
    if pa.types.is_timestamp(kind):
        return column.cast(pa.timestamp("s"), safe=False).cast(pa.string())
    try:
        return column.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        read = _decoded if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) else _nothing
        return pa.chunked_array([pa.array([read(one) for one in column], pa.string())])


def _decoded(one: pa.Scalar) -> str | None:
    return one.as_py().decode("utf-8", "replace") if one.is_valid else None


def _nothing(_: pa.Scalar) -> None:
    return None
