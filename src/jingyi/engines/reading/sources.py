"""What has pages: PDF files and pictures. Runs in the child, for the files are anybody's.

Limits: 2,000 pages a file, 120 million pixels a picture; a page is drawn 2,000 pixels high at most,
whatever size it says it has.
"""

import ctypes
from pathlib import Path
from typing import Protocol

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from jingyi.core.reading.page import Box, Line

SIDE = 2000  # pixels of a page's longer side
MOST_PAGES = 2000
MOST_PIXELS = 120_000_000
MOST_LETTERS = 60_000  # of one page
FEWEST_LETTERS = 8  # fewer is no text layer but a stamp on a scan
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "TIFF": "image/tiff"}


class Refused(Exception):
    """The file cannot be opened."""


class Encrypted(Exception):
    """It wants a password."""


class TooMany(Exception):
    """More pages than `MOST_PAGES`."""


class TooLarge(Exception):
    """More pixels than `MOST_PIXELS`."""


class Truncated(Exception):
    """Its end is missing."""


class Source(Protocol):
    """A file with pages, numbered from 1."""

    count: int
    media_type: str

    def render(self, number: int) -> Image.Image:
        """Return a page as it looks, RGB, at most `SIDE` pixels a side."""

    def text_of(self, number: int) -> list[Line]:
        """Return the lines of a page's own text layer; nothing where it has none."""


def opened(path: str) -> Source:
    """Open a file by what it is, whatever its name says.

    Raises:
        Refused, Encrypted, TooMany, TooLarge, Truncated: as they say.
    """
    with Path(path).open("rb") as stream:
        start = stream.read(1024)
    return Pdf(path) if b"%PDF-" in start else Picture(path)


class Pdf:
    """A PDF file, drawn by PDFium."""

    media_type = "application/pdf"

    def __init__(self, path: str) -> None:
        with Path(path).open("rb") as stream:
            stream.seek(max(Path(path).stat().st_size - 4096, 0))
            if b"%%EOF" not in stream.read():
                raise Truncated
        try:
            self._file = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as wrong:
            raise (Encrypted if "password" in str(wrong).lower() else Refused) from None
        self.count = len(self._file)
        if self.count > MOST_PAGES:
            raise TooMany
        if not self.count:
            raise Refused

    def render(self, number: int) -> Image.Image:
        """Return a page as it looks."""
        try:
            page = self._file[number - 1]
            width, height = page.get_size()
            scale = SIDE / max(width, height, 1)
            drawn: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil()
            return drawn.convert("RGB")
        except pypdfium2.PdfiumError:
            raise Refused from None

    def text_of(self, number: int) -> list[Line]:
        """Return the lines of the text layer, in the file's own order."""
        page = self._file[number - 1]
        text = page.get_textpage()
        if not FEWEST_LETTERS <= text.count_chars() <= MOST_LETTERS:
            return []
        runs = []
        for place in range(text.count_rects()):
            corners = text.get_rect(place)
            words = text.get_text_bounded(*corners).replace("\r\n", "").strip()
            if words:
                runs.append(Line(words, _on_page(page, corners)))
        lines = _joined(runs)
        letters = "".join(line.text for line in lines)
        legible = sum(not (0xE000 <= ord(one) <= 0xF8FF or one == "\ufffd") for one in letters)
        good = len(letters) >= FEWEST_LETTERS and legible >= 0.9 * len(letters)
        return lines if good else []


class Picture:
    """A picture, or a TIFF file of several."""

    def __init__(self, path: str) -> None:
        try:
            self._file = Image.open(path, formats=list(TYPES))
            if self._file.width * self._file.height > MOST_PIXELS:
                raise TooLarge
            self.media_type = TYPES[str(self._file.format)]
            self.count = (
                int(getattr(self._file, "n_frames", 1)) if self._file.format == "TIFF" else 1
            )
            if self.count > MOST_PAGES:
                raise TooMany
            self._file.load()
        except UnidentifiedImageError:
            raise Refused from None
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise TooLarge from None
        except (OSError, SyntaxError, ValueError):
            raise Truncated from None

    def render(self, number: int) -> Image.Image:
        """Return one picture, upright, on white."""
        for place, frame in enumerate(ImageSequence.Iterator(self._file), 1):
            if place == number:
                if frame.width * frame.height > MOST_PIXELS:
                    raise TooLarge
                upright = ImageOps.exif_transpose(frame).convert("RGBA")
                upright.thumbnail((SIDE, SIDE))
                paper = Image.new("RGBA", upright.size, "white")
                return Image.alpha_composite(paper, upright).convert("RGB")
        raise Refused

    def text_of(self, _number: int) -> list[Line]:
        """Return nothing: a picture has no text layer."""
        return []


def _on_page(page: pypdfium2.PdfPage, corners: tuple[float, float, float, float]) -> Box:
    """Return PDF coordinates as a box, with the page's own rotation and crop."""
    left, bottom, right, top = corners
    side = 100_000
    xs, ys = [], []
    for x, y in ((left, top), (right, bottom)):
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(
            page.raw, 0, 0, side, side, 0, x, y, ctypes.byref(across), ctypes.byref(down)
        )
        xs.append(across.value / side)
        ys.append(down.value / side)
    return Box.within(min(xs), min(ys), max(xs), max(ys))


def _joined(runs: list[Line]) -> list[Line]:
    """Return runs of letters as lines: neighbours on one height become one."""
    lines: list[Line] = []
    for run in runs:
        if lines and _follows(lines[-1].box, run.box):
            last = lines.pop()
            run = Line(last.text + run.text, Box.around([last.box, run.box]))  # noqa: PLW2901
        lines.append(run)
    return lines


def _follows(last: Box, box: Box) -> bool:
    shared = min(last.y + last.h, box.y + box.h) - max(last.y, box.y)
    gap = box.x - (last.x + last.w)
    return shared > 0.5 * min(last.h, box.h) and -0.005 < gap < 1.5 * max(last.h, box.h)
