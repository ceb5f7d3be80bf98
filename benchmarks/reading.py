"""Reading scans by eye: how many characters are wrong, how many seconds a page takes.

Known Chinese text is set on A5 pages, looked at as a scanner would (turned a little, with noise), and
read by the engine in its child process, start of the models included. The character error rate is the
edit distance to the text set, over its length, spaces left out. The peer: the same pages' own text
layer, before they became images. The physical limit: drawing the pages and reading nothing.

    .venv/bin/python benchmarks/reading.py
"""

import io
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import pypdfium2  # noqa: E402 -- the path comes first
from tests.core.documents.papers import AUTHOR, FILE, ON  # noqa: E402 -- as above
from tests.engines.reading.scans import TEXT, crooked, paper  # noqa: E402 -- as above

from jingyi.core import rulebook  # noqa: E402 -- as above
from jingyi.core.documents.draft import draft  # noqa: E402 -- as above
from jingyi.core.reading.page import folded  # noqa: E402 -- as above
from jingyi.engines.reading.images import copies  # noqa: E402 -- as above
from jingyi.engines.reading.pages import read  # noqa: E402 -- as above
from jingyi.engines.typesetting.pdf import to_pdf  # noqa: E402 -- as above

LOOKS = {"clean": (0.0, 4), "usual": (0.5, 12), "poor": (1.2, 26)}  # degrees; noise in grey levels


def plain(text: str) -> str:
    """Letters as search compares them, without spaces."""
    return "".join(folded(one) for one in text if not one.isspace())


def distance(one: str, other: str) -> int:
    """Edits between two texts (Levenshtein, two rows)."""
    row = list(range(len(other) + 1))
    for n, a in enumerate(one, 1):
        above, row = row, [n]
        for m, b in enumerate(other, 1):
            row.append(min(above[m] + 1, row[-1] + 1, above[m - 1] + (a != b)))
    return row[-1]


def text_of(data: bytes) -> tuple[list[str], float]:
    """The text of each page as the engine reads it, and the seconds for all."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        began = time.perf_counter()
        found = ["".join(line.text for line in page.lines) for page in read(Path(file.name))]
        return found, time.perf_counter() - began


def drawn(data: bytes) -> float:
    """Seconds to draw the pages and do nothing with them but keep an image."""
    began = time.perf_counter()
    for page in pypdfium2.PdfDocument(data):
        copies(page.render(scale=2.4).to_pil().convert("RGB"))
    return time.perf_counter() - began


def main() -> None:
    template = rulebook.document("suggestion")
    suggestion = to_pdf(draft(template, FILE, on=ON, author=AUTHOR))
    for name, pdf in {"a suggestion (A4)": suggestion, "a report (A5)": paper(TEXT, TEXT)}.items():
        truth, layered = text_of(pdf)
        pages = len(truth)
        print(f"\n{name}: {pages} pages, {sum(len(plain(one)) for one in truth)} characters")
        print(f"  limit  drawing only             {drawn(pdf) / pages:6.2f} s a page")
        print(f"  peer   its own text layer       {layered / pages:6.2f} s a page")
        for look, (angle, grain) in LOOKS.items():
            stream = io.BytesIO()
            images = crooked(pdf, angle=angle, grain=grain)
            images[0].save(stream, "PDF", save_all=True, append_images=images[1:])
            found, seconds = text_of(stream.getvalue())
            wrong = sum(distance(plain(a), plain(b)) for a, b in zip(truth, found, strict=True))
            rate = wrong / sum(len(plain(one)) for one in truth)
            print(
                f"  ours   {look:8} {angle:3.1f}°, noise {grain:2}   {seconds / pages:6.2f} s a page, {rate:6.2%} of characters wrong"
            )


if __name__ == "__main__":
    main()
