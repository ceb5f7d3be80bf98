"""A picture's bytes as pixels: hostile until opened by a decoder that is told what it may open."""

import io
import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from jingyi.engines.comparing.result import NotComparable

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")


def decoded(data: bytes, most: int) -> NDArray[np.uint8]:
    """Return height × width × 3 (BGR), turned as the camera says.

    Raises:
        NotComparable: it is no picture of a known kind, damaged, or has more than `most` pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                if picture.width * picture.height > most:
                    raise NotComparable(
                        "图片太大，不能比对。请缩小到 {n} 百万像素以内。", n=most // 1_000_000
                    )
                upright = ImageOps.exif_transpose(picture).convert("RGB")
                return np.ascontiguousarray(np.asarray(upright)[:, :, ::-1])
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:  # fmt: skip
        raise NotComparable("有一个文件不是能比对的照片（JPEG、PNG、WebP、TIFF）。") from error
