"""Our own copies of a page: drawn anew, without anything else that the file held."""

import io

from PIL import Image

THUMB = 180  # pixels of the longer side
QUALITY = 72


def copies(picture: Image.Image) -> tuple[bytes, bytes]:
    """Return the page and its thumbnail, both WebP."""
    small = picture.copy()
    small.thumbnail((THUMB, THUMB))
    return _webp(picture), _webp(small)


def _webp(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "WEBP", quality=QUALITY, method=2)
    return stream.getvalue()
