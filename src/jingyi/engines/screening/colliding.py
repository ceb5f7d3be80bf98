"""The identifiers of a column, read by the same rules as a model's sources."""

from pathlib import Path

from jingyi.core.refusal import Refusal
from jingyi.engines.screening import repair
from jingyi.engines.tables import open_table


def identifiers(path: Path, column: str, kind: str) -> dict[str, list[int]]:
    """Return identifier → the rows it is in (as people count them in the file).

    Raises:
        Refusal: it is no table, has no such column, or not one cell is an identifier.
    """
    sheet = open_table(path)
    if column not in sheet.names:
        raise Refusal(
            "表中没有名为“{heading}”的列。现有：{names}。",
            heading=column,
            names="、".join(sheet.names),
        )
    found: dict[str, list[int]] = {}
    for row, cell in zip(sheet.rows.to_pylist(), sheet.table[column].to_pylist(), strict=True):
        value, finding = repair.read(cell, kind)
        if value is not None and finding not in repair.REFUSED:
            found.setdefault(str(value), []).append(int(row))
    if not found:
        raise Refusal("“{heading}”列没有一个能用的号码。请核对取对了列。", heading=column)
    return found
