"""Points out of a table: an id and a spot in WGS-84 a row, and which rows have none, with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jingyi.core import datum
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.engines import cells, columns, parquet, positions, tables

FIELDS = ("id", "lon", "lat")


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """`ids` string; `lon`, `lat` WGS-84 degrees, NaN where a row has no spot; `refused` by row."""

    ids: pa.Array
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    refused: tuple[tuple[int, Sentence], ...]


def read(path: str | Path, named: Mapping[str, str], system: str = "") -> Points:
    """Return the points of a table.

    Args:
        path: XLSX, CSV or Parquet.
        named: field (`id`, `lon`, `lat`) → heading, where it should not be guessed.
        system: the datum of all rows; "" is WGS-84.

    Raises:
        Refusal: it cannot be read, or has no columns of coordinates.
    """
    path = Path(path)
    given = datum.named(system) if system else ""
    table, rows, rejected = _table(path, named)
    lon, lat = (cells.typed(field, table[field]) for field in FIELDS[1:])
    said = pa.array([given] * table.num_rows) if given else pa.nulls(table.num_rows, pa.string())
    spot = positions.in_wgs84(lon, lat, said)
    x, y = (
        np.array(spot[k].to_numpy(zero_copy_only=False), float, copy=True) for k in ("lon", "lat")
    )
    none = np.isnan(x) | np.isnan(y)
    outside = ~none & ((np.abs(x) > 180) | (np.abs(y) > 90))
    x[outside] = y[outside] = np.nan
    refused = [(one.row, one.reason) for one in rejected]
    refused += [(int(rows[k]), say("没有坐标，或坐标不是数字")) for k in np.flatnonzero(none)]
    refused += [
        (int(rows[k]), say("坐标超出经纬度的范围，可能经度与纬度写反了"))
        for k in np.flatnonzero(outside)
    ]
    ids = pa.array(rows).cast(pa.string())
    if "id" in table.column_names:
        ids = pc.coalesce(cells.typed("id", table["id"]).cast(pa.string()), ids)
    return Points(ids, x, y, tuple(sorted(refused, key=_row)))


def _row(one: tuple[int, Sentence]) -> int:
    return one[0]


def _table(
    path: Path, named: Mapping[str, str]
) -> tuple[pa.Table, NDArray[np.int64], tuple[tables.Rejected, ...]]:
    """Return the columns by field, the rows' numbers, and rows that could not be read at all."""
    if tables.is_parquet(path):
        head = parquet.head(path, tables.SAMPLE)
        chosen = _chosen(tuple(head.column_names), head, named)
        parts = list(parquet.stored(path, tuple(dict.fromkeys(chosen.values()))))
        whole = pa.concat_tables(parts)
        rejected: tuple[tables.Rejected, ...] = ()
        rows = np.arange(1, whole.num_rows + 1)
    else:
        sheet = tables.open_table(path)
        chosen = _chosen(sheet.names, sheet.table, named)
        whole, rejected = sheet.table, sheet.rejected
        rows = np.asarray(sheet.rows.to_numpy(zero_copy_only=False))
    return pa.table({field: whole[name] for field, name in chosen.items()}), rows, rejected


def _chosen(names: tuple[str, ...], sample: pa.Table, named: Mapping[str, str]) -> dict[str, str]:
    guessed = columns.guess(names, sample)
    chosen = {field: named.get(field) or guessed.get(field) for field in FIELDS}
    for field, heading in chosen.items():
        if heading in names or (field == "id" and heading is None):
            continue
        raise Refusal(
            "找不到坐标列（{field}）。请用 --lon、--lat 指明；现有的列：{names}。",
            field=heading or field,
            names="、".join(names),
        )
    return {field: heading for field, heading in chosen.items() if heading}
