"""A picture written anew: pixels only. EXIF, its small preview, GPS, XMP, profiles are not taken over."""

from typing import IO

from PIL import Image

QUALITY = 88
TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}


def write(picture: Image.Image, target: IO[bytes], *, kind: str) -> None:
    """Write the pixels as PNG or JPEG."""
    bare = Image.frombytes("RGB", picture.size, picture.convert("RGB").tobytes())
    if kind == "PNG":
        bare.save(target, "PNG", optimize=False)
    else:
        bare.save(target, "JPEG", quality=QUALITY)
