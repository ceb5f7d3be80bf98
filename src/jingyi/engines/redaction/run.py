"""Covering a file in a child process: what stands where, how a page looks, the covered copy."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jingyi.core.reading.page import Box
from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.engines.reading.pages import DEFECT, WRONG
from jingyi.engines.redaction.order import Order, PageFound

PATIENCE = 900.0  # seconds for a whole file
SHOWING = 30.0


class NotRedactable(Refusal):
    """No copy of this file can be made of which one could be sure."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What of an order stands in a file. A Word document has no pages, a paginated file no `gone`."""

    kind: str  # of the copy: ".pdf", ".docx", ".png", ".jpg"
    pages: tuple[PageFound, ...]
    times: tuple[int, ...]  # by word
    text: str  # what can be searched; of a Word document as it will read
    gone: dict[str, int]  # what is left out of a Word document, by kind


def look(path: Path, order: Order) -> Looked:
    """Find the words of an order in a file.

    Raises:
        NotRedactable: not a PDF, Word document or picture that can be opened safely.
    """
    head, *rest = _run("look", path, order)
    if head["kind"] == ".docx":
        return Looked(".docx", (), tuple(head["times"]), "\n".join(head["text"]), head["gone"])
    pages = tuple(
        PageFound(
            one["number"], tuple(Box(**box) for box in one["boxes"]), tuple(one["times"]),
            one["readable"],
        )
        for one in rest
    )  # fmt: skip
    times = tuple(sum(page.times[n] for page in pages) for n in range(len(order.words)))
    return Looked(head["kind"], pages, times, "\n".join(one["text"] for one in rest), {})


def make(path: Path, order: Order, target: Path) -> str:
    """Write the covered copy; return its kind as a file's ending.

    Raises:
        NotRedactable: as `look`; or the finished copy did not pass the last look, and is not handed out.
    """
    return str(_run("make", path, order, target)[0]["kind"])


def show(path: Path, page: int) -> bytes:
    """Return one page as WebP, as it looks before anything is covered.

    Raises:
        NotRedactable: it cannot be drawn.
    """
    return _child(["show", str(path), str(page)], SHOWING)


def _run(do: str, path: Path, order: Order, *more: Path) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="jingyi-cover-") as folder:
        told = Path(folder) / "order.json"
        order.write(told)
        said = _child([do, str(path), str(told), *map(str, more)], PATIENCE)
    return list(_lines(said))


def _lines(said: bytes) -> Iterator[dict[str, Any]]:
    for line in said.splitlines():
        yield json.loads(line)


def _child(arguments: list[str], patience: float) -> bytes:
    command = [sys.executable, "-m", "jingyi.engines.redaction.child", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=patience, check=False)  # noqa: S603 -- our own module
    except subprocess.TimeoutExpired:
        raise NotRedactable(DEFECT) from None
    if done.returncode:
        raise NotRedactable(OWN.get(done.returncode, DEFECT))
    return done.stdout


OWN = WRONG | {
    4: say(
        "不能确定这个文件遮盖得干净：它不是 PDF、Word（.docx）或者图片，或者用了看不透的写法。"
        "请另存为 PDF 或者扫描成图片后再遮盖。"
    ),
    9: say("遮盖后的文件没有通过最后的检查，没有交出。请另存为 PDF 后再遮盖，并报告系统管理员。"),
}
