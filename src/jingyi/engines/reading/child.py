"""The child that opens one foreign file: `python -m jingyi.engines.reading.child DO FILE FIRST BYTES`.

DO is `look` (only count the pages) or `read`. Records go to standard output: a line of JSON, then
the bytes of the page's image and of its thumbnail. A hostile file can only harm the child.
"""

import json
import resource
import sys
import warnings
from collections.abc import Sequence
from typing import IO, Any

from PIL import Image

from jingyi.engines.reading.sources import (
    Encrypted,
    Refused,
    Source,
    TooLarge,
    TooMany,
    Truncated,
    opened,
)

CODES: dict[type[Exception], int] = {
    MemoryError: 3, Refused: 4, Encrypted: 5, TooMany: 6, TooLarge: 7, Truncated: 8,
}  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Do what was asked; return 0, or the code of what is wrong with the file."""
    do, path, first, limit = arguments
    resource.setrlimit(resource.RLIMIT_AS, (int(limit), int(limit)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    out = sys.stdout.buffer
    try:
        source = opened(path)
        if do == "look":
            _tell(out, {"pages": source.count, "media_type": source.media_type})
        else:
            _read(source, int(first), out)
    except tuple(CODES) as wrong:
        return CODES[type(wrong)]
    return 0


def _read(source: Source, first: int, out: IO[bytes]) -> None:
    """Tell each page from number `first` on."""
    from jingyi.engines.reading.images import copies  # noqa: PLC0415 -- looking needs no codec

    eye = None
    for number in range(first, source.count + 1):
        picture = source.render(number)
        lines = source.text_of(number)
        by = "layer"
        if not lines:
            from jingyi.engines.reading.ocr import Eye  # noqa: PLC0415 -- a model of 15 MB

            eye = eye or Eye()
            lines, by = eye.read(picture), "ocr"
        image, thumb = copies(picture)
        told = {
            "number": number, "width": picture.width, "height": picture.height, "by": by,
            "lines": [[one.text, one.box.x, one.box.y, one.box.w, one.box.h, one.score] for one in lines],
            "bytes": [len(image), len(thumb)],
        }  # fmt: skip
        _tell(out, told, image, thumb)


def _tell(out: IO[bytes], told: dict[str, Any], *parts: bytes) -> None:
    out.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")
    for part in parts:
        out.write(part)
    out.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
