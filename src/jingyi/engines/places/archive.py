"""What is in a zip that others send: declared sizes are checked, and reading stops where they lie."""

import io
import zipfile

from jingyi.core.refusal import Refusal
from jingyi.engines.places.base import MOST_UNPACKED

MOST_PARTS = 200
_BROKEN = (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError, ValueError)


def names(raw: bytes) -> list[str]:
    """Return the names of the files inside.

    Raises:
        Refusal: it cannot be opened, has too many parts, or unpacks to too much.
    """
    parts = _opened(raw).infolist()
    if len(parts) > MOST_PARTS:
        raise Refusal("压缩包里有 {n} 个文件，超过 {most} 个。", n=len(parts), most=MOST_PARTS)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED:
        raise Refusal(
            "压缩包解压后有 {size} MB，超过 {most} MB，没有打开。",
            size=unpacked // 2**20, most=MOST_UNPACKED // 2**20,
        )  # fmt: skip
    return [part.filename for part in parts if not part.is_dir()]


def part(raw: bytes, name: str) -> bytes:
    """Return one file; never more than `MOST_UNPACKED`, whatever the archive declares."""
    try:
        with _opened(raw).open(name) as file:
            found = file.read(MOST_UNPACKED + 1)
    except (*_BROKEN, KeyError):
        raise Refusal("压缩包里的 {name} 读不出来，可能加密或者损坏。", name=name[:60]) from None
    if len(found) > MOST_UNPACKED:
        raise Refusal("压缩包里的 {name} 解压后过大，没有读取。", name=name[:60])
    return found


def packed(files: dict[str, bytes]) -> bytes:
    """Return a zip of the files, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            told = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            told.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(told, content)
    return out.getvalue()


def _opened(raw: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(raw))
    except _BROKEN:
        raise Refusal("压缩包已损坏，打不开。请重新打包。") from None
