"""CSV as others send it: encoding and delimiter are found, broken records listed."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say

DELIMITERS = ",\t;|"
SAMPLE = 64 * 1024
MOST_CELL = 4 * 2**20
BINARY_SHARE = 0.01
FEW = 8
CHINESE = "\u2e80"

Raw = tuple[tuple[str, ...], pa.Table, pa.Array, list[tuple[int, Sentence, tuple[str, ...]]]]


def read(path: Path) -> Raw:
    """Return headings, cells as text, row numbers (the header is row 1) and rejected rows."""
    text = decode(path.read_bytes(), path.name)
    delimiter = _delimiter(text[:SAMPLE])
    csv.field_size_limit(MOST_CELL)
    records = _records(text, delimiter)
    header = next((cells for _, cells, _ in records if any(c.strip() for c in cells)), [])
    names = unique([cell.strip() for cell in header])
    rows: list[int] = []
    columns: list[list[str]] = [[] for _ in names]
    rejected: list[tuple[int, Sentence, tuple[str, ...]]] = []
    for row, cells, broken in records:
        if broken is not None:
            rejected.append((row, broken, tuple(cells)))
        elif not any(cell.strip() for cell in cells):
            continue
        elif len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            reason = say("这一行有 {n} 格，表头只有 {m} 格。", n=len(cells), m=len(names))
            rejected.append((row, reason, tuple(cells)))
        else:
            rows.append(row)
            for index, column in enumerate(columns):
                column.append(cells[index] if index < len(cells) else "")
    table = pa.table(dict(zip(names, (pa.array(c, pa.string()) for c in columns), strict=True)))
    return names, table, pa.array(rows, pa.int64()), rejected


def decode(data: bytes, name: str) -> str:
    """Return the text: UTF-8 or UTF-16 by its mark, else UTF-8, else each line as it is written.

    NUL characters are dropped. A file of which a large part is control bytes is no table.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace").replace("\x00", "")
    head = data[:SAMPLE]
    if sum(head.count(byte) for byte in b"\x00\x01\x02\x03\x04\x05\x06") > max(
        len(head) * BINARY_SHARE, FEW
    ):
        raise Refusal("{name} 不是可以读的表格（XLSX、CSV 或 Parquet）。", name=name)
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = "".join(_line(line) for line in data.splitlines(keepends=True))
    return text.replace("\x00", "")


def unique(names: list[str]) -> tuple[str, ...]:
    """Give empty headings a name and repeated ones a number, so that each can be chosen."""
    seen: dict[str, int] = {}
    out = []
    for index, name in enumerate(names, 1):
        plain = name or f"列{index}"
        seen[plain] = seen.get(plain, 0) + 1
        out.append(plain if seen[plain] == 1 else f"{plain}_{seen[plain]}")
    return tuple(out)


def _line(line: bytes) -> str:
    """Read one line of a file that is not UTF-8 as a whole: GB18030, or files put together.

    GB18030 takes nearly any bytes, so UTF-8 is asked first; but two-byte UTF-8 alone (Greek,
    Arabic) is what a few Chinese characters in GB18030 look like, and never what was written.
    """
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("gb18030", errors="replace")
    return text if text.isascii() or max(text) >= CHINESE else line.decode("gb18030", "replace")


def _delimiter(sample: str) -> str:
    first = next((line for line in sample.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=first.count)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str], Sentence | None]]:
    """Yield (row, cells, why broken). After a quote that never closes, lines stand alone."""
    lines = io.StringIO(text, newline="").readlines()
    reader = csv.reader(iter(lines), delimiter=delimiter, strict=True)
    row = done = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            break
        row += 1
        done = reader.line_num
        yield row, cells, None
    row += 1
    unclosed = say("引号没有配对，这一行无法分格；其后各行按每行一条读取。")
    yield row, [lines[done].rstrip("\r\n")], unclosed
    for cells in csv.reader(lines[done + 1 :], delimiter=delimiter, quoting=csv.QUOTE_NONE):
        row += 1
        yield row, [cell.strip('"') for cell in cells], None
