"""dBASE tables, the values of a Shapefile: text of at most 254 bytes, names of at most ten.

Text that is longer is continued in columns `name_2`, `name_3` … and joined again when read.
"""

import re
import struct
from collections.abc import Iterator, Sequence

from jingyi.core.refusal import Refusal
from jingyi.engines.places.base import MOST_COLUMNS, MOST_ROWS, plain

WIDTH = 254
NAME = 10


def read(raw: bytes, encoding: str = "") -> Iterator[dict[str, str]]:
    """Yield each record's values, deleted ones too: a shape and its record go by number.

    Args:
        encoding: of the text; empty: UTF-8 where the whole table is UTF-8, GB18030 otherwise.
    """
    if len(raw) < 32:
        raise _broken()
    rows, head, width = struct.unpack_from("<IHH", raw, 4)
    columns = _columns(raw[32:head])
    if not width or width < sum(size for _, size in columns) + 1 or rows > MOST_ROWS:
        raise _broken()
    body = raw[head : head + rows * width]
    coding = encoding or ("utf-8" if _decodes(body) else "gb18030")
    for start in range(0, len(body) - width + 1, width):
        yield _joined(_values(body[start + 1 : start + width], columns, coding))


def write(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> bytes:
    """Return a table of text columns in UTF-8; a name longer than ten letters is cut."""
    cut = [[_cut(row.get(name, "")) for name in columns] for row in rows]
    most = [max([1, *(len(cells[n]) for cells in cut)]) for n in range(len(columns))]
    names = [
        name[:NAME] if k == 1 else f"{name[: NAME - len(str(k)) - 1]}_{k}"
        for name, times in zip(columns, most, strict=True)
        for k in range(1, times + 1)
    ]
    lines = [
        b" " + b"".join(
            (cell[k] if k < len(cell) else b"").ljust(WIDTH)
            for cell, times in zip(cells, most, strict=True)
            for k in range(times)
        )
        for cells in cut
    ]  # fmt: skip
    head = 32 + 32 * len(names) + 1
    top = struct.pack("<4BIHH20x", 3, 80, 1, 1, len(lines), head, 1 + WIDTH * len(names))
    told = b"".join(struct.pack("<11sc4xBB14x", one.encode(), b"C", WIDTH, 0) for one in names)
    return top + told + b"\r" + b"".join(lines) + b"\x1a"


def _columns(raw: bytes) -> list[tuple[str, int]]:
    found = []
    for start in range(0, len(raw) - 31, 32):
        if raw[start] == 0x0D:
            break
        name = raw[start : start + 11].split(b"\0")[0]
        found.append(
            (name.decode("utf-8" if _decodes(name) else "gb18030", "replace"), raw[start + 16])
        )
    if not found or len(found) > 4 * MOST_COLUMNS:
        raise _broken()
    return found


def _values(line: bytes, columns: list[tuple[str, int]], coding: str) -> dict[str, str]:
    told, at = {}, 0
    for name, size in columns:
        told[name] = line[at : at + size].decode(coding, "replace").strip(" \0")
        at += size
    return told


def _joined(told: dict[str, str]) -> dict[str, str]:
    """Join what was continued; `x_2` is a continuation only where there is an `x` that is full."""
    whole: dict[str, str] = {}
    for name, value in told.items():
        found = re.fullmatch(r"(.+)_(\d+)", name)
        first = next((one for one in whole if found and one[: len(found[1])] == found[1]), None)
        if found and int(found[2]) > 1 and first and (not value or len(whole[first].encode()) > WIDTH - 4):  # fmt: skip
            whole[first] += value
        else:
            whole[name] = value
    return plain(whole.items())


def _cut(text: str) -> list[bytes]:
    """Return the text in pieces of at most 254 bytes; spaces at a joint would be lost, so none is there."""
    pieces, piece = [], ""
    for letter in text:
        if len((piece + letter).encode()) > WIDTH:
            kept = piece.rstrip(" ")
            pieces.append(kept.encode())
            piece = piece[len(kept) :]
        piece += letter
    return [*pieces, piece.encode()]


def _decodes(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _broken() -> Refusal:
    return Refusal("Shapefile 的属性表（.dbf）已损坏，或者记录太多。请重新导出。")
