"""XLSX workbooks that others send, parsed in a child process with a memory limit.

A cell far away from the others makes the parser allocate the whole rectangle
and the process abort; a zip of zeros fills the disk. So: declared sizes are
checked before anything is unpacked, and the parsing happens in a child whose
address space is bounded. Macros are never run; formula cells give the value
stored with them; a merged cell's value counts for each row it spans.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pyarrow as pa

from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence
from jingyi.engines.delimited import unique

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"
MOST_UNPACKED = 2 * 2**30
MOST_RATIO = 300
SMALL = 50 * 2**20
MEMORY = 6 * 2**30
SECONDS = 300
NO_MEMORY, NOT_READABLE = 3, 4

Raw = tuple[tuple[str, ...], pa.Table, pa.Array, list[tuple[int, Sentence, tuple[str, ...]]]]


def read(path: Path) -> Raw:
    """Return headings, cells as text, row numbers as the spreadsheet shows them, no rejects."""
    check_archive(path)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "cells.arrow"
        try:
            done = subprocess.run(  # noqa: S603  our own module, no shell
                [sys.executable, "-m", "jingyi.engines.workbook_child", path, out, str(MEMORY)],
                check=False,
                capture_output=True,
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise Refusal(
                "{name} 五分钟还没有读完，已停止。请另存为 CSV 后再试。", name=path.name
            ) from error
        if done.returncode == NOT_READABLE:
            raise Refusal(
                "{name} 不是可以读的 .xlsx 工作簿，可能已损坏。请在表格软件中打开并另存为 .xlsx。",
                name=path.name,
            )
        if done.returncode != 0:
            raise Refusal(
                "{name} 展开后过大：常见原因是离数据很远的地方有一个单元格。"
                "请把数据复制到新的工作表，或另存为 CSV。",
                name=path.name,
            )
        with pa.ipc.open_file(out) as stored:
            table = stored.read_all()
    names = unique([name.strip() for name in table.column_names[1:]])
    rows = table.column(0).combine_chunks()
    return names, table.drop_columns(table.column_names[:1]).rename_columns(names), rows, []


def check_archive(path: Path) -> None:
    """Refuse what is no workbook, or unpacks to far more than it holds."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise Refusal("{name} 已损坏，打不开。请重新导出。", name=path.name) from error
    if not any(part.filename.startswith("xl/") for part in parts):
        raise Refusal("{name} 是压缩包，不是 .xlsx 工作簿。请先解压。", name=path.name)
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked / packed > MOST_RATIO):
        raise Refusal(
            "{name} 解压后有 {size} MB，是文件的 {ratio} 倍，按压缩炸弹处理，没有打开。",
            name=path.name,
            size=unpacked // 2**20,
            ratio=unpacked // packed,
        )
