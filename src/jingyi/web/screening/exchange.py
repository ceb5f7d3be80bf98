"""Where organs' data comes from without an upload: a folder of this machine, read-only databases.

Both are named by the operator (`JINGYI_EXCHANGE`, `JINGYI_CONNECTIONS`), never on a page: a page
chooses from what is there, and a password is in no table.
"""

import os
import re
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from jingyi.core.refusal import Refusal

SUFFIXES = {".xlsx", ".csv", ".txt", ".parquet"}
NAME = re.compile(r"[A-Za-z_][\w]{0,62}(\.[A-Za-z_][\w]{0,62})?\Z")
BATCH = 50_000  # rows fetched at a time
SECONDS = 1800
MOST_LISTED = 500


def files() -> list[str]:
    """Return the tables that lie in the exchange folder, by their path in it."""
    folder = _folder()
    if folder is None:
        return []
    found = []
    for root, names, held in os.walk(folder):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(held):
            path = Path(root) / name
            if path.suffix.lower() in SUFFIXES and path.is_file() and not path.is_symlink():
                found.append(path.relative_to(folder).as_posix())
        if len(found) >= MOST_LISTED:
            break
    return found[:MOST_LISTED]


def file(name: str) -> Path:
    """Return a file of the folder.

    Raises:
        Refusal: it is not there (any more), or would lead out of the folder.
    """
    if name not in files():
        raise Refusal("交换文件夹里没有“{name}”。请刷新后再选。", name=name[:100])
    folder = _folder()
    assert folder is not None  # noqa: S101  it has files
    return folder / name


def _folder() -> Path | None:
    return Path(settings.EXCHANGE).resolve() if settings.EXCHANGE and Path(settings.EXCHANGE).is_dir() else None  # fmt: skip


def connections() -> dict[str, str]:
    """Return the address of each database by name (`JINGYI_CONNECTIONS`: a TOML file, name = "postgresql://…")."""
    if not settings.CONNECTIONS:
        return {}
    try:
        said = tomllib.loads(Path(settings.CONNECTIONS).read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        return {}
    return {name: url for name, url in said.items() if isinstance(url, str)}


def tables(connection: str) -> list[str]:
    """Return the tables and views that a connection may read, as schema.table."""
    with _connected(connection) as database, database.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables "
            "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1 LIMIT 2000"
        )
        return [name for (name,) in cursor.fetchall()]


@contextmanager
def snapshot(connection: str, table: str) -> Iterator[Path]:
    """Give a table as it is at one moment, as a Parquet file of text; the transaction can only read.

    Raises:
        Refusal: there is no such connection or table, or the database does not answer.
    """

    if not NAME.match(table):
        raise Refusal("“{table}”不是表名，应像 public.pay。", table=table[:60])
    with tempfile.TemporaryDirectory(prefix="jingyi-") as folder:
        path = Path(folder) / "table.parquet"
        with _connected(connection) as database, database.cursor("rows") as cursor:
            from psycopg import Error, sql  # noqa: PLC0415 -- an extra; it is there, for we are connected

            cursor.itersize = BATCH
            try:
                cursor.execute(
                    sql.SQL("SELECT * FROM {}").format(sql.Identifier(*table.split(".")))
                )
                _write(cursor, path)
            except Error as error:
                raise Refusal("读不了表“{table}”：{why}", table=table, why=_why(error)) from error
        yield path


def _write(cursor, path: Path) -> None:
    first = cursor.fetchmany(BATCH)
    names = [column.name for column in cursor.description]
    schema = pa.schema([(name, pa.string()) for name in names])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        rows = first
        while rows:
            cells = [[None if one is None else str(one) for one in column] for column in zip(*rows, strict=True)]  # fmt: skip
            writer.write_table(pa.Table.from_arrays([pa.array(c, pa.string()) for c in cells], schema=schema))  # fmt: skip
            rows = cursor.fetchmany(BATCH)


@contextmanager
def _connected(name: str):
    """Open a connection whose every transaction is read-only, with limits on time."""
    url = connections().get(name)
    if url is None:
        raise Refusal("没有名为“{name}”的数据库连接。请管理员在 JINGYI_CONNECTIONS 指的文件里写明。", name=name[:60])  # fmt: skip
    try:
        import psycopg  # noqa: PLC0415 -- an extra
    except ImportError as error:
        raise Refusal("没有安装 PostgreSQL 的驱动。请管理员安装 jingyi[postgres]。") from error
    options = f"-c default_transaction_read_only=on -c statement_timeout={SECONDS * 1000}"
    try:
        with psycopg.connect(url, options=options, connect_timeout=10) as database:
            yield database
    except psycopg.OperationalError as error:
        raise Refusal("连不上数据库“{name}”：{why}", name=name, why=_why(error)) from error


def _why(error: Exception) -> str:
    """Return the first line of what a database says: it never holds the password."""
    return (str(error).splitlines() or [""])[0][:200]
