"""A document as PDF/A, set by typst on the page of GB/T 9704-2012. The same input is the same bytes."""

import json
from pathlib import Path

import typst

from jingyi.core.documents.model import Document
from jingyi.engines.typesetting.fonts import Faces, faces
from jingyi.engines.typesetting.pieces import pieces_of

HERE = Path(__file__).parent


def to_pdf(
    document: Document, *, number: str = "", mark: str = "", with_faces: Faces | None = None
) -> bytes:
    """Return `document` as PDF/A-2a.

    Args:
        document: what is printed; its `on` is the date in the file's own description.
        number: the official number, given elsewhere; a blank is left where there is none.
        mark: a watermark for every page: who reads it, when.
        with_faces: the fonts; by default those found on this machine.

    Raises:
        NoChineseFont: no font here can print it.
    """
    found = with_faces or faces()
    data = {
        "title": document.title,
        "author": document.author,
        "on": [document.on.year, document.on.month, document.on.day],
        "mark": mark,
        "faces": {role: list(names) for role, names in found.families.items()},
        "paragraphs": pieces_of(document, number),
    }
    return typst.compile(
        HERE / "document.typ",
        root=HERE,
        font_paths=found.loaded,
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(data, ensure_ascii=False)},
        format="pdf",
        pdf_standards="a-2a",
        timestamp=0,
    )
