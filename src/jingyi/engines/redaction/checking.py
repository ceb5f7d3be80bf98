"""The last look at a copy before it is handed out: it is opened again, and holds nothing else."""

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
from lxml import etree
from PIL import Image

from jingyi.core.sensitive import find
from jingyi.engines.redaction.wording import W

PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|word/_rels/document\.xml\.rels|"
    r"word/(document|styles|numbering|footnotes|endnotes|header\d+|footer\d+)\.xml"
)


class Unsure(Exception):
    """The copy is not certain to be without what was to be covered."""


def check(path: Path, kind: str, words: Sequence[str]) -> None:
    """Open a copy of `kind` (".pdf", ".docx", ".png", ".jpg") anew and look for anything left.

    Raises:
        Unsure: something is left.
    """
    if kind == ".pdf":
        _pdf(path)
    elif kind == ".docx":
        _docx(path, words)
    else:
        _picture(path)


def _pdf(path: Path) -> None:
    with pypdfium2.PdfDocument(path) as pdf:
        meta = any(pdf.get_metadata_dict().values())
        if meta or pdf.count_attachments() or pdfium.FPDFDoc_GetJavaScriptActionCount(pdf.raw):
            raise Unsure
        for page in pdf:
            images = [one.type for one in page.get_objects()] == [pdfium.FPDF_PAGEOBJ_IMAGE]
            text = page.get_textpage().count_chars()
            if not images or text or pdfium.FPDFPage_GetAnnotCount(page.raw):
                raise Unsure


def _docx(path: Path, words: Sequence[str]) -> None:
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if not PARTS.fullmatch(name):
                raise Unsure
            root = etree.fromstring(package.read(name))
            texts = ["".join(one.text or "" for one in root.iter(f"{W}t"))]
            texts += ["".join(str(text) for text in root.itertext())]
            texts += [str(v) for one in root.iter() for v in one.attrib.values() if not _ours(str(v))]  # fmt: skip
            if any(find(text, words) for text in texts):
                raise Unsure


def _ours(value: str) -> bool:
    return value.startswith(("http://schemas.", "application/vnd.", "/word/", "word/"))


def _picture(path: Path) -> None:
    with Image.open(path) as picture:
        left = set(picture.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        if left or picture.getexif() or getattr(picture, "n_frames", 1) > 1:
            raise Unsure
