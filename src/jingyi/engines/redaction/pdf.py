"""A PDF written anew from pictures of its pages: there is nothing in it but the pictures.

No text layer, not even an invisible one; no document information, attachments, scripts, notes,
forms or earlier versions, for nothing of the old file is taken over.
"""

import io
from collections.abc import Iterable
from typing import IO

from PIL import Image

QUALITY = 82


class Writer:
    """Writes page after page; holds one page in memory."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._places: dict[int, int] = {}  # of each object
        self._pages: list[int] = []
        self._at = 0
        self._put(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")

    def add(self, picture: Image.Image, dpi: float) -> None:
        """Add a page that shows the picture and nothing else."""
        image = 3 + 3 * len(self._pages)
        drawn = picture if _coloured(picture) else picture.convert("L")
        stream = io.BytesIO()
        drawn.save(stream, "JPEG", quality=QUALITY, optimize=True)
        width, height = picture.width * 72 / dpi, picture.height * 72 / dpi
        space = "DeviceGray" if drawn.mode == "L" else "DeviceRGB"
        self._stream(
            image,
            f"/Type/XObject/Subtype/Image/Width {picture.width}/Height {picture.height}"
            f"/ColorSpace/{space}/BitsPerComponent 8/Filter/DCTDecode",
            stream.getvalue(),
        )
        self._stream(image + 1, "", f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /P Do Q".encode())
        self._object(
            image + 2,
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width:.2f} {height:.2f}]"
            f"/Resources<</XObject<</P {image} 0 R>>>>/Contents {image + 1} 0 R>>".encode(),
        )
        self._pages.append(image + 2)

    def close(self) -> None:
        """Write what leads to the pages."""
        kids = " ".join(f"{page} 0 R" for page in self._pages)
        self._object(1, b"<</Type/Catalog/Pages 2 0 R>>")
        self._object(2, f"<</Type/Pages/Count {len(self._pages)}/Kids[{kids}]>>".encode())
        start, size = self._at, len(self._places) + 1
        self._put(f"xref\n0 {size}\n0000000000 65535 f \n".encode())
        for number in range(1, size):
            self._put(f"{self._places[number]:010d} 00000 n \n".encode())
        self._put(f"trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode())

    def _stream(self, number: int, head: str, data: bytes) -> None:
        body = f"<<{head}/Length {len(data)}>>\nstream\n".encode() + data + b"\nendstream"
        self._object(number, body)

    def _object(self, number: int, body: bytes) -> None:
        self._places[number] = self._at
        self._put(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")

    def _put(self, data: bytes) -> None:
        self._at += self._target.write(data)


def write(pages: Iterable[tuple[Image.Image, float]], target: IO[bytes]) -> None:
    """Write pictures, each with its pixels an inch, as the pages of one PDF."""
    writer = Writer(target)
    for picture, dpi in pages:
        writer.add(picture, dpi)
    writer.close()


def _coloured(picture: Image.Image) -> bool:
    """Tell whether a picture has a seal or anything else in colour."""
    small = picture.resize((max(1, picture.width // 4), max(1, picture.height // 4)))
    _hue, saturation, _value = small.convert("HSV").split()
    darkest = saturation.point(lambda level: 255 if level > 40 else 0)
    return (darkest.histogram()[255] or 0) > 20
