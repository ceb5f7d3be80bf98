"""A file, cut into slices that executors read by themselves, as the embedded engine would read it.

Every executor must see the file under the same path; on a cluster that is a
shared folder.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from jingyi.engines import columns, parquet, tables
from jingyi.engines.spark_session import BATCH
from jingyi.engines.tables import Sheet

LEAST, MOST = 4_096, 262_144  # rows of a slice
SLICES_A_CORE = 4
POSITION = "at"  # 0-based row of the file, by which everything is put in order again


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows `start` to `stop` of a row group whose first row is the file's row `first`."""

    group: int
    first: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Source:
    """What an executor needs to read any slice. `mapping`: field → heading; None if typed already."""

    path: str
    mapping: Mapping[str, str] | None
    slices: tuple[Slice, ...]
    rows: int


def open_source(
    path: Path, named: Mapping[str, str], work: Path, cores: int
) -> tuple[Source, tuple[str, ...]]:
    """Return the file in slices, and the rows that could not be read.

    Parquet is read where it lies. Anything else is read here, once, and put
    into `work` as Parquet.

    Raises:
        Refusal: the file cannot be read, or has no text.
    """
    if not _is_parquet(path):
        sheet = tables.open_table(path)
        table = tables.typed(sheet, tables.guess_columns(sheet.names, sheet.table) | dict(named))
        copy = work / "input.parquet"
        pq.write_table(table, copy, row_group_size=BATCH, compression="lz4")
        rejected = tuple(f"第 {one.row} 行：{one.reason}" for one in sheet.rejected)
        return _sliced(copy, None, cores), rejected
    head = parquet.head(path, tables.SAMPLE)
    sample = Sheet(tuple(head.column_names), head, pa.array(range(head.num_rows), pa.int64()))
    mapping = columns.guess(sample.names, sample.table) | dict(named)
    tables.typed(sample, mapping)  # a wrong heading is refused before anything is started
    return _sliced(path, mapping, cores), ()


def read(source: Source, index: int) -> Iterator[pa.Table]:
    """Yield one slice, typed, at most BATCH rows at a time; `at` is the row of the file."""
    part = source.slices[index]
    file = pq.ParquetFile(source.path)
    at = 0
    for batch in file.iter_batches(BATCH, row_groups=[part.group], columns=_wanted(source, file)):
        low, high = max(part.start - at, 0), min(part.stop - at, batch.num_rows)
        if low < high:
            rows = pa.table(batch.slice(low, high - low))
            yield _typed(rows, source.mapping, part.first + at + low)
        at += batch.num_rows
        if at >= part.stop:
            return


def _is_parquet(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(parquet.MAGIC)) == parquet.MAGIC


def _sliced(path: Path, mapping: Mapping[str, str] | None, cores: int) -> Source:
    about = pq.read_metadata(path)
    most = min(max(about.num_rows // (cores * SLICES_A_CORE), LEAST), MOST)
    slices: list[Slice] = []
    first = 0
    for group in range(about.num_row_groups):
        count = about.row_group(group).num_rows
        slices += [
            Slice(group, first, start, min(start + most, count)) for start in range(0, count, most)
        ]
        first += count
    return Source(str(path.resolve()), mapping, tuple(slices), first)


def _wanted(source: Source, file: pq.ParquetFile) -> list[str] | None:
    """Return the columns to read: those that are used, or all where a name stands twice."""
    names = file.schema_arrow.names
    if source.mapping is None or len(set(names)) < len(names):
        return None
    return list(dict.fromkeys(source.mapping.values()))


def _typed(table: pa.Table, mapping: Mapping[str, str] | None, first: int) -> pa.Table:
    at = pa.array(range(first, first + table.num_rows), pa.int64())
    if mapping is not None:
        names = dict.fromkeys(table.column_names)
        stored = pa.table({n: table.column(table.column_names.index(n)) for n in names})
        rows = pa.array(range(first + 1, first + 1 + table.num_rows), pa.int64())
        table = tables.typed(Sheet(tuple(names), stored, rows), mapping)
    return table.append_column(POSITION, at)
