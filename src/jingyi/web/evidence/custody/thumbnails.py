"""A picture beside the small copy that its camera put inside it: editors often leave the old one."""

import io
import warnings

import numpy as np
from PIL import Image, UnidentifiedImageError

from jingyi.core import photo

MOST_SMALL = 1 << 20  # bytes
MOST_PIXELS = 120_000_000
ROOM = 0.02  # share by which two shapes are one


def small_apart(data: bytes, at: int, length: int) -> int | None:
    """Return in how many of 64 bits a JPEG and the small copy at `at` differ; None: not to be told.

    A small copy of another shape has black bars, or shows the middle: the nearer of both is taken.
    """
    if length > MOST_SMALL:
        return None
    large, small = _open(data), _open(data[at : at + length])
    if large is None or small is None:
        return None
    pairs = ((large, _cut(small, large)), (_cut(large, small), small))
    found = []
    for one, other in pairs:
        prints = _print(one), _print(other)
        if prints[0] is not None and prints[1] is not None:
            found.append(photo.apart(prints[0], prints[1]))
    return min(found, default=None)


def _open(data: bytes) -> Image.Image | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return None
                picture.draft("L", (256, 256))
                return picture.convert("L")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        return None


def _cut(one: Image.Image, like: Image.Image) -> Image.Image:
    """Return the middle of `one` in the shape of `like`."""
    wide, high = one.size
    shape = like.width / like.height
    if abs(wide / high / shape - 1) <= ROOM:
        return one
    if wide / high > shape:
        keep = max(1, round(high * shape))
        return one.crop(((wide - keep) // 2, 0, (wide - keep) // 2 + keep, high))
    keep = max(1, round(wide / shape))
    return one.crop((0, (high - keep) // 2, wide, (high - keep) // 2 + keep))


def _print(picture: Image.Image) -> int | None:
    small = picture.resize((photo.SIDE, photo.SIDE), Image.Resampling.LANCZOS)
    return photo.fingerprint(np.asarray(small, np.uint8))
