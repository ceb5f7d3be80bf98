"""The pages of a sealed file, read one after another in a child process."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from jingyi.core.reading.page import Box, Line
from jingyi.core.refusal import Refusal
from jingyi.core.words import say

MEMORY = 4 << 30  # bytes of addresses the child may ask for; the models alone take over one
PATIENCE = 180.0  # seconds for one page
LOOKING = 30.0


class NotReadable(Refusal):
    """The file cannot be shown page by page."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a first look at a file finds."""

    pages: int
    media_type: str


@dataclass(frozen=True, slots=True)
class PageRead:
    """One page: its image and thumbnail (WebP), its size in pixels, its lines and who read them."""

    number: int
    width: int
    height: int
    by: str  # "layer" | "ocr"
    lines: tuple[Line, ...]
    image: bytes
    thumb: bytes


def look(path: Path) -> Looked:
    """Count a file's pages.

    Raises:
        NotReadable: no PDF and no picture, or one that is encrypted, cut off, or too large.
    """
    with _child("look", path, 1) as child:
        told = _next(child, LOOKING)
        _finish(child)
    if told is None:
        raise NotReadable(DEFECT)
    return Looked(told["pages"], told["media_type"])


def read(path: Path, *, first: int = 1) -> Iterator[PageRead]:
    """Yield the pages from number `first` on.

    Raises:
        NotReadable: a page cannot be drawn, or takes too much memory or time.
    """
    with _child("read", path, first) as child:
        stream = _stdout(child)
        while told := _next(child, PATIENCE):
            image, thumb = (stream.read(size) for size in told["bytes"])
            lines = tuple(
                Line(text, Box(x, y, w, h), score) for text, x, y, w, h, score in told["lines"]
            )
            yield PageRead(
                told["number"], told["width"], told["height"], told["by"], lines, image, thumb
            )
        _finish(child)


def _child(do: str, path: Path, first: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "jingyi.engines.reading.child", do, str(path), str(first)]
    return subprocess.Popen(  # noqa: S603 -- our own module
        [*command, str(MEMORY)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def _stdout(child: "subprocess.Popen[bytes]") -> IO[bytes]:
    assert child.stdout is not None  # noqa: S101 -- asked for above
    return child.stdout


def _next(child: "subprocess.Popen[bytes]", patience: float) -> dict[str, Any] | None:
    """Return the next record, nothing at the end; a child that takes too long is ended."""
    guard = threading.Timer(patience, child.kill)
    guard.start()
    try:
        line = _stdout(child).readline()
    finally:
        guard.cancel()
    if not line:
        return None
    told: dict[str, Any] = json.loads(line)
    return told


def _finish(child: "subprocess.Popen[bytes]") -> None:
    """Wait for the child; refuse with a sentence if it could not do its work."""
    if code := child.wait():
        raise NotReadable(WRONG.get(code, DEFECT))


DEFECT = say("这个文件打不开：读取它时出错、超时或者占用过多内存。请核对文件，或者重新扫描后上传。")
WRONG = {
    3: say("这个文件展开后太大，无法安全打开。请拆分，或者降低扫描分辨率后再上传。"),
    4: say("这个文件打不开，可能已经损坏，或者不是 PDF 和图片。请核对后重新上传。"),
    5: say("这个 PDF 设了密码。请解除密码后再上传。"),
    6: say("这个文件超过 2000 页。请按卷拆分后再上传。"),
    7: say("这张图片超过 1.2 亿像素，无法安全打开。请降低扫描分辨率后再上传。"),
    8: say("这个文件不完整，可能没有传完或者在复制时截断。请找到完整的文件再上传。"),
}
