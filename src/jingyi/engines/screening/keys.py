"""Questions about whole columns of prepared tables: repeated keys, identifiers in common; spilled, not held.

The SQL here is ours, over files of ours; column names come from a checked contract.
"""

from pathlib import Path

import duckdb

MEMORY = "512MB"


def repeated(path: Path, key: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return (row, the first row with the same key) of every row but the first with a key."""
    names = ", ".join(f'"{name}"' for name in key)
    equal = " AND ".join(f't."{name}" = twice."{name}"' for name in key)
    with _opened(path.parent) as connection:
        connection.execute(
            f"CREATE TEMP TABLE twice AS SELECT {names}, min(row) AS first FROM read_parquet($path) "  # noqa: S608
            f"GROUP BY {names} HAVING count(*) > 1",
            {"path": str(path)},
        )
        if not connection.execute("SELECT count(*) FROM twice").fetchall()[0][0]:
            return []
        return connection.execute(
            f"SELECT t.row, twice.first FROM read_parquet($path) AS t JOIN twice ON {equal} "  # noqa: S608
            "WHERE t.row <> twice.first ORDER BY t.row",
            {"path": str(path)},
        ).fetchall()


def meet(left: Path, right: Path, column: str) -> bool:
    """Tell whether a column of two tables has one value in common."""
    with _opened(left.parent) as connection:
        found = connection.execute(
            f'SELECT 1 FROM read_parquet($left) WHERE "{column}" IN '  # noqa: S608
            f'(SELECT "{column}" FROM read_parquet($right)) LIMIT 1',
            {"left": str(left), "right": str(right)},
        ).fetchall()
    return bool(found)


def _opened(folder: Path) -> duckdb.DuckDBPyConnection:
    spill = str(folder / "spill")
    return duckdb.connect(":memory:", config={"memory_limit": MEMORY, "threads": 2, "temp_directory": spill})  # fmt: skip
