"""Pages to be covered: drawn as they look, without notes, forms or anything that can be opened.

Words are looked for in the file's own order of letters and in the order they are read on the page,
for a file may place its letters in any order.
"""

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageDraw, ImageOps, ImageSequence

from jingyi.core.reading.page import Box, Line
from jingyi.core.sensitive import find
from jingyi.engines.reading.sources import MOST_PIXELS, Refused, TooLarge, opened
from jingyi.engines.redaction.order import Order, PageFound

DPI = 200
SIDE = 3600  # pixels of a page's longer side at most, whatever size it says it has
MOST_LETTERS = 200_000  # of one page
AROUND = 0.12  # of a letter's height, covered around it


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of a page, or a piece of a line, and where it stands."""

    text: str
    box: Box


class Pages:
    """The pages of a PDF or of a picture, numbered from 1."""

    def __init__(self, path: str) -> None:
        self.count = opened(path).count  # says what is wrong with it
        with Path(path).open("rb") as stream:
            self.is_pdf = b"%PDF-" in stream.read(1024)
        self._pdf = pypdfium2.PdfDocument(path) if self.is_pdf else None
        self._path = path
        self.kind = ".pdf" if self.is_pdf else self._ending()

    def close(self) -> None:
        """Let go of the file."""
        if self._pdf:
            self._pdf.close()

    def letters(self, number: int) -> list[Letter]:
        """Return the letters of a page's text layer in the file's order."""
        return list(_letters(self._pdf[number - 1])) if self._pdf else []

    def draw(self, number: int, *, side: int = SIDE) -> tuple[Image.Image, float]:
        """Return a page as it looks, RGB, and its pixels an inch."""
        if self._pdf is None:
            return self._picture(number, side), float(DPI)
        page = self._pdf[number - 1]
        width, height = page.get_size()
        scale = min(DPI / 72, side / max(width, height, 1))
        try:
            drawn = page.render(scale=scale, may_draw_forms=False, draw_annots=False)
        except pypdfium2.PdfiumError:
            raise Refused from None
        picture: Image.Image = drawn.to_pil().convert("RGB")
        return picture, scale * 72

    def _ending(self) -> str:
        with Image.open(self._path) as file:
            several = getattr(file, "n_frames", 1) > 1
            return {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".jpg"}.get(
                ".pdf" if several else str(file.format), ".pdf"
            )

    def _picture(self, number: int, side: int) -> Image.Image:
        with Image.open(self._path) as file:
            for place, frame in enumerate(ImageSequence.Iterator(file), 1):
                if place != number:
                    continue
                if frame.width * frame.height > MOST_PIXELS:
                    raise TooLarge
                upright = ImageOps.exif_transpose(frame).convert("RGBA")
                upright.thumbnail((side, side))
                paper = Image.new("RGBA", upright.size, "white")
                return Image.alpha_composite(paper, upright).convert("RGB")
        raise Refused


def search(pages: Pages, number: int, order: Order) -> PageFound:
    """Return where the words of `order` stand on a page, with the boxes somebody drew there."""
    letters = pages.letters(number)
    boxes: list[Box] = list(order.boxes.get(number, ()))
    seen: dict[tuple[int, int, int], int] = {}
    for run in (letters, _as_read(letters), list(_of_lines(order.lines.get(number, ())))):
        text = "".join(one.text for one in run)
        owner = [place for place, one in enumerate(run) for _ in one.text]
        for hit in find(text, order.words):
            held = [run[place].box for place in range(owner[hit.start], owner[hit.end - 1] + 1)]
            boxes.extend(_rows(held))
            first = held[0]
            seen[hit.word, round(first.x * 50), round(first.y * 50)] = 1
    times = tuple(sum(key[0] == word for key in seen) for word in range(len(order.words)))
    readable = any(one.text.strip() for one in letters) or bool(order.lines.get(number))
    return PageFound(number, tuple(dict.fromkeys(boxes)), times, readable)


def cover(picture: Image.Image, boxes: Iterable[Box]) -> Image.Image:
    """Paint the boxes black, a little wider than they are."""
    pen = ImageDraw.Draw(picture)
    width, height = picture.size
    for box in boxes:
        more = max(2.0, AROUND * box.h * height)
        corners = (
            box.x * width - more, box.y * height - more,
            (box.x + box.w) * width + more, (box.y + box.h) * height + more,
        )  # fmt: skip
        pen.rectangle(corners, fill="black")
    return picture


def _letters(page: pypdfium2.PdfPage) -> Iterator[Letter]:
    text = page.get_textpage()
    count = text.count_chars()
    if count > MOST_LETTERS:
        raise TooLarge
    high = 0
    for place in range(count):
        code = pdfium.FPDFText_GetUnicode(text.raw, place)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        if not code or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
            continue
        corners = text.get_charbox(place, loose=True)
        yield Letter(chr(code), _on_page(page, corners))


def _on_page(page: pypdfium2.PdfPage, corners: Sequence[float]) -> Box:
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


def _as_read(letters: Sequence[Letter]) -> list[Letter]:
    """Return the letters line by line from the top, each line from the left."""
    lines: list[list[Letter]] = []
    real = [one for one in letters if not one.text.isspace()]
    for one in sorted(real, key=lambda one: one.box.y + one.box.h / 2):
        middle = one.box.y + one.box.h / 2
        last = lines[-1][-1].box if lines else None
        if last and abs(middle - last.y - last.h / 2) < 0.4 * max(last.h, one.box.h):
            lines[-1].append(one)
        else:
            lines.append([one])
    return [one for line in lines for one in sorted(line, key=lambda one: one.box.x)]


def _of_lines(lines: Sequence[Line]) -> Iterator[Letter]:
    """Return the letters of lines that were read from the image: each its share of the line, and more."""
    for line in lines:
        weights = [0.55 if ord(one) < 0x2E80 else 1.0 for one in line.text]
        total, at, box = sum(weights) or 1.0, 0.0, line.box
        for one, weight in zip(line.text, weights, strict=True):
            left = box.x + box.w * (at - 0.6) / total
            right = box.x + box.w * (at + weight + 0.6) / total
            yield Letter(one, Box.within(left, box.y, right, box.y + box.h))
            at += weight


def _rows(boxes: Sequence[Box]) -> list[Box]:
    """Return one box for each line that the letters of a word stand on."""
    rows: list[list[Box]] = []
    for box in boxes:
        last = rows[-1][-1] if rows else None
        shared = min(last.y + last.h, box.y + box.h) - max(last.y, box.y) if last else 0
        if last and shared > 0.3 * min(last.h, box.h):
            rows[-1].append(box)
        else:
            rows.append([box])
    return [Box.around(row) for row in rows]
