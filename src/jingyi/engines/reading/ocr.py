"""Reading a scan by eye: PP-OCR's Chinese models, which come inside the package; nothing is fetched."""

import numpy as np
from PIL import Image

from jingyi.core.reading.page import Box, Line

LEAST_SURE = 0.5
NARROW, LONG = 32, 12  # pixels; times: a strip holds no text, and the models would blow it up


class Eye:
    """The loaded models; loading takes about a second, so one reads all pages of a file."""

    def __init__(self) -> None:
        from rapidocr_onnxruntime import RapidOCR  # noqa: PLC0415 -- an extra, and slow to load

        self._read = RapidOCR(text_score=LEAST_SURE, intra_op_num_threads=1, inter_op_num_threads=1)

    def read(self, picture: Image.Image) -> list[Line]:
        """Return the lines on a page, top to bottom; those it is hardly sure of are left out."""
        short, long = sorted(picture.size)
        if short < NARROW or long > LONG * short:
            return []
        found, _ = self._read(np.asarray(picture.convert("RGB"))[:, :, ::-1])
        lines = []
        for corners, words, score in found or ():
            xs = [float(x) / picture.width for x, _ in corners]
            ys = [float(y) / picture.height for _, y in corners]
            if words.strip():
                box = Box.within(min(xs), min(ys), max(xs), max(ys))
                lines.append(Line(words.strip(), box, round(float(score), 3)))
        return _in_order(lines)


def _in_order(lines: list[Line]) -> list[Line]:
    """Return lines row by row, each row from the left."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: one.box.y + one.box.h / 2):
        middle = line.box.y + line.box.h / 2
        if rows and abs(_middle(rows[-1]) - middle) < 0.4 * line.box.h:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda one: one.box.x)]


def _middle(row: list[Line]) -> float:
    return sum(line.box.y + line.box.h / 2 for line in row) / len(row)
