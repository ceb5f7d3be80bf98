"""Tables that others send: XLSX, CSV (UTF-8, GB18030), Parquet, read safely.

Nothing in such a file is trusted: not its size, its encoding, its number of
columns, nor that it is the kind of file its name says. What cannot be read is
a `Refusal`; a row that cannot be read is listed in `Sheet.rejected`, with the
reason; no row is lost silently.

    sheet = open_table(path)               # every cell as text, as sent
    mapping = guess_columns(sheet.names, sheet.table)   # {"text": "留言详情", …}
    table = typed(sheet, mapping)          # id, title, text, time, lon, lat, …
    table = read_table(path)               # the three above in one call
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from jingyi.core import datum
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence
from jingyi.engines import cells, columns, delimited, parquet, positions, workbook

FIELDS = columns.FIELDS
guess_columns = columns.guess
SAMPLE = columns.SAMPLE
MOST_BYTES = 2 * 2**30


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row that could not be read: `row` as a person counts it in the file, from 1."""

    row: int
    reason: Sentence
    raw: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as sent: `names` in order, every column string, and `rows` (numbers in the file)."""

    names: tuple[str, ...]
    table: pa.Table
    rows: pa.Array
    rejected: tuple[Rejected, ...] = ()


def open_table(path: str | Path) -> Sheet:
    """Read the file as it is: all columns, all cells as text.

    The kind is told by the first bytes, not by the name. Spreadsheets are
    parsed in a child process with a memory limit: a hostile one ends the
    child, never us.

    Raises:
        Refusal: no such file, empty, too large, encrypted, a zip bomb, or not a table.
    """
    path = Path(path)
    if not path.is_file():
        raise Refusal("找不到文件 {name}。请检查路径。", name=path.name)
    if path.stat().st_size == 0:
        raise Refusal("文件 {name} 是空的。请重新导出后再试。", name=path.name)
    if path.stat().st_size > MOST_BYTES:
        raise Refusal("文件 {name} 超过 2 GB。请拆成几个文件，或改用 Parquet。", name=path.name)
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(parquet.MAGIC):
        names, data, rows, rejected = parquet.read(path)
    elif head.startswith(workbook.ZIP_MAGIC):
        names, data, rows, rejected = workbook.read(path)
    elif head.startswith(workbook.OLE_MAGIC):
        raise Refusal(
            "{name} 是加密的工作簿或旧版 .xls 文件。请在表格软件中去掉密码，另存为 .xlsx 或 CSV 后再试。",
            name=path.name,
        )
    else:
        names, data, rows, rejected = delimited.read(path)
    if not names:
        raise Refusal("{name} 里没有表头。第一行应是各列的名称。", name=path.name)
    return Sheet(names, data, rows, tuple(Rejected(*one) for one in rejected))


def typed(sheet: Sheet, mapping: Mapping[str, str] | None = None) -> pa.Table:
    """Return the fields of `mapping` (field → heading) in their types, one row per row of `sheet`.

    Columns: `row` int64; `id`, `title`, `text`, `place`, `reporter` string;
    `time` timestamp[s]; `lon`, `lat` float64; `likes`, `dislikes`, `photos`
    int64. A field without a column is left out, except `id` (the row number
    then) and `text`. A cell that cannot be read in its type is null.

    `datum` may be a heading, or the datum of the whole table (`GCJ-02`): then,
    `lon` and `lat` are turned into WGS-84, and `datum`, `given_lon`,
    `given_lat` tell what came.
    """
    chosen = dict(guess_columns(sheet.names, sheet.table) if mapping is None else mapping)
    said = chosen.get("datum", "")
    if said and said not in sheet.names:
        said = datum.named(chosen.pop("datum"))
    for field, heading in chosen.items():
        if heading not in sheet.names:
            raise Refusal(
                "表中没有名为“{heading}”的列（{field}）。现有的列：{names}。",
                heading=heading,
                field=field,
                names="、".join(sheet.names),
            )
    if "text" not in chosen and "title" not in chosen:
        raise Refusal(
            "猜不出哪一列是正文。请指明正文列；现有的列：{names}。", names="、".join(sheet.names)
        )
    out: dict[str, pa.Array | pa.ChunkedArray] = {"row": sheet.rows}
    for field in FIELDS:
        if field in chosen:
            out[field] = cells.typed(field, sheet.table[chosen[field]])
    count = sheet.table.num_rows
    if "id" not in out:
        out["id"] = sheet.rows.cast(pa.string())
    if "text" not in out:
        out["text"] = pa.nulls(count, pa.string())
    if said and {"lon", "lat"} <= out.keys():
        words = out.get("datum", pa.repeat(said, count))
        out |= positions.in_wgs84(out["lon"], out["lat"], words)
    return pa.table(
        {name: out[name] for name in ("row", *FIELDS, "given_lon", "given_lat") if name in out}
    )


def read_table(path: str | Path, columns: Mapping[str, str] | None = None) -> pa.Table:
    """Open `path` and return its typed fields; `columns` overrides guesses field by field."""
    return load(path, columns)[0]


def load(
    path: str | Path, columns: Mapping[str, str] | None = None
) -> tuple[pa.Table, tuple[Rejected, ...]]:
    """Return what `read_table` does, and the rows that could not be read."""
    found = pieces(path, columns)
    return pa.concat_tables(found.tables), found.rejected


@dataclass(frozen=True, slots=True)
class Pieces:
    """A typed table in pieces, one after the other; `count` rows in all."""

    count: int
    tables: Iterator[pa.Table]
    rejected: tuple[Rejected, ...] = ()


def pieces(path: str | Path, columns: Mapping[str, str] | None = None) -> Pieces:
    """Open `path` as `read_table` does, to be read while what was read is worked on.

    Of a Parquet file only the columns needed are read, in the types they are
    stored in, and never the whole at once; anything else is one piece.
    """
    path = Path(path)
    if not is_parquet(path):
        sheet = open_table(path)
        return Pieces(
            sheet.table.num_rows, iter([typed(sheet, _chosen(sheet, columns))]), sheet.rejected
        )
    head = parquet.head(path, SAMPLE)
    shown = Sheet(tuple(head.column_names), head, pa.array([], pa.int64()))
    chosen = _chosen(shown, columns)
    wanted = tuple(dict.fromkeys(name for name in chosen.values() if name in shown.names))
    count = parquet.count(path)

    def read() -> Iterator[pa.Table]:
        row = 0
        for part in parquet.stored(path, wanted):
            rows = pa.array(np.arange(row + 1, row + part.num_rows + 1))
            yield typed(Sheet(shown.names, part, rows), chosen)
            row += part.num_rows

    return Pieces(count, read())


def _chosen(sheet: Sheet, columns: Mapping[str, str] | None) -> dict[str, str]:
    return guess_columns(sheet.names, sheet.table) | dict(columns or {})


def is_parquet(path: Path) -> bool:
    """Tell by the first bytes whether a file is Parquet; a missing one is not."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == parquet.MAGIC


def preview(path: str | Path, n: int = 20) -> tuple[Sequence[str], list[dict[str, str]]]:
    """Return the headings and the first `n` rows as sent, for a person to look at."""
    sheet = open_table(path)
    return sheet.names, sheet.table.slice(0, n).to_pylist()
