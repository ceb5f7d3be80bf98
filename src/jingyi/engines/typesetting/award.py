"""A certificate as PDF/A: whom, for what, when, and a code by which anyone checks it."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import segno
import typst

from jingyi.engines.typesetting.fonts import Faces, faces

HERE = Path(__file__).parent


def to_pdf(words: Mapping[str, str], on: date, link: str, with_faces: Faces | None = None) -> bytes:
    """Return the certificate.

    Args:
        words: title, heading, who, brand, words, office, day, check; as they are to be read.
        on: the date in the file's own description.
        link: what the printed code says.
        with_faces: the fonts; by default those found on this machine.

    Raises:
        NoChineseFont: no font here can print it.
    """
    found = with_faces or faces()
    data = {
        **words,
        "on": [on.year, on.month, on.day],
        "qr": segno.make(link, error="m").svg_inline(scale=4),
        "faces": {role: list(names) for role, names in found.families.items()},
    }
    return typst.compile(
        HERE / "award.typ",
        root=HERE,
        font_paths=found.loaded,
        ignore_system_fonts=True,
        sys_inputs={"award": json.dumps(data, ensure_ascii=False)},
        format="pdf",
        pdf_standards="a-2b",
        timestamp=0,
    )
