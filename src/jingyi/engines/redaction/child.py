"""The child that opens a foreign file to cover it: `python -m jingyi.engines.redaction.child DO FILE …`.

`look FILE ORDER`: what stands where, a line of JSON a page. `show FILE PAGE`: one page as WebP.
`make FILE ORDER TARGET`: the covered copy. A hostile file can only harm the child.
"""

import io
import json
import resource
import sys
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from PIL import Image

from jingyi.engines.reading.child import CODES
from jingyi.engines.reading.sources import Refused
from jingyi.engines.redaction import checking, docx, image, pdf, wording
from jingyi.engines.redaction.order import Order
from jingyi.engines.redaction.pages import Pages, cover, search

MEMORY = 3 << 30  # bytes of addresses
SHOWN = 1400  # pixels of a page that is shown
ALL: dict[type[Exception], int] = {**CODES, checking.Unsure: 9}


def main(arguments: Sequence[str]) -> int:
    """Do what was asked; return 0, or the code of what is wrong with the file."""
    do, path, *more = arguments
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        if do == "show":
            picture, _dpi = Pages(path).draw(int(more[0]), side=SHOWN)
            stream = io.BytesIO()
            picture.save(stream, "WEBP", quality=70, method=2)
            sys.stdout.buffer.write(stream.getvalue())
        elif _is_docx(path):
            _docx(do, path, more)
        else:
            _pages(do, path, more)
    except tuple(ALL) as wrong:
        return ALL[type(wrong)]
    return 0


def _is_docx(path: str) -> bool:
    with Path(path).open("rb") as stream:
        if stream.read(4) != b"PK\3\4":
            return False
    try:
        with zipfile.ZipFile(path) as package:
            return "[Content_Types].xml" in package.namelist()
    except (zipfile.BadZipFile, OSError):
        raise Refused from None


def _docx(do: str, path: str, more: Sequence[str]) -> None:
    order = Order.read(Path(more[0]))
    target = Path(more[1]) if do == "make" else None
    with target.open("wb") if target else io.BytesIO() as stream:
        parts, seen = docx.copy(Path(path), stream, order.words)
    if target:
        checking.check(target, ".docx", order.words)
    _tell({
        "kind": ".docx", "gone": dict(parts.gone),
        "times": [seen[number] for number in range(len(order.words))],
        "text": [] if target else [line for root in parts.texts.values() for line in wording.text_of(root)],
    })  # fmt: skip


def _pages(do: str, path: str, more: Sequence[str]) -> None:
    order, pages = Order.read(Path(more[0])), Pages(path)
    kind = pages.kind
    _tell({"kind": kind, "pages": pages.count})
    if do == "look":
        for number in range(1, pages.count + 1):
            letters = "".join(one.text for one in pages.letters(number))
            _tell({**asdict(search(pages, number, order)), "text": letters})
        return
    target = Path(more[1])
    with target.open("wb") as stream:
        if kind == ".pdf":
            pdf.write(_covered(pages, order), stream)
        else:
            ((picture, _dpi),) = _covered(pages, order)
            image.write(picture, stream, kind={".png": "PNG", ".jpg": "JPEG"}[kind])
    checking.check(target, kind, order.words)


def _covered(pages: Pages, order: Order) -> Iterator[tuple[Image.Image, float]]:
    for number in range(1, pages.count + 1):
        picture, dpi = pages.draw(number)
        yield cover(picture, search(pages, number, order).boxes), dpi


def _tell(told: dict[str, Any]) -> None:
    out: IO[bytes] = sys.stdout.buffer
    out.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")
    out.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
