"""The picture that stands for a page where its link is shared: words, and a photograph beside them."""

import io
import json
from collections.abc import Mapping
from pathlib import Path

import typst
from PIL import Image, ImageOps

from jingyi.engines.typesetting.fonts import Faces, faces

HERE = Path(__file__).parent
WIDTH, HEIGHT = 1200, 630  # pixels, as those who preview links ask for
PICTURE = 480  # pixels of the width
LONG = 14  # characters of a headline that still stands large


def to_jpeg(words: Mapping[str, str], picture: bytes | None = None, with_faces: Faces | None = None) -> bytes:  # fmt: skip
    """Return the card, 1200 x 630.

    Args:
        words: mark, headline, brand, who; as they are to be read.
        picture: a JPEG or PNG for the right side, cut to fit.
        with_faces: the fonts; by default those found on this machine.

    Raises:
        NoChineseFont: no font here can print it.
    """
    found = with_faces or faces()
    data = {
        **words,
        "half": picture is not None,
        "size": 60 if len(words["headline"]) <= LONG else 46,
        "faces": {role: list(names) for role, names in found.families.items()},
    }
    drawn = typst.compile(
        HERE / "share.typ", root=HERE, font_paths=found.loaded, ignore_system_fonts=True,
        sys_inputs={"card": json.dumps(data, ensure_ascii=False)}, format="png", ppi=72.0,
    )  # fmt: skip
    pages = (
        drawn if isinstance(drawn, list) else [drawn]
    )  # a headline too long runs on; the first page says enough
    with Image.open(io.BytesIO(pages[0])) as opened:
        card = opened.convert("RGB")
    if picture is not None:
        with Image.open(io.BytesIO(picture)) as photo:
            fitted = ImageOps.fit(photo.convert("RGB"), (PICTURE, HEIGHT))
        card.paste(fitted, (WIDTH - PICTURE, 0))
    out = io.BytesIO()
    card.save(out, "JPEG", quality=88)
    return out.getvalue()
