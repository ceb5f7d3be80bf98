"""The scan among the worked case's exhibits: pages as images, and what was read in them."""

import io
import json
from datetime import datetime
from pathlib import Path

from PIL import Image

from jingyi.core.reading.page import Box, Line
from jingyi.engines.reading.images import copies
from jingyi.engines.reading.pages import PageRead
from jingyi.web.accounts.models import User
from jingyi.web.cases.documents.actions import add_exhibit
from jingyi.web.cases.documents.models import Exhibit
from jingyi.web.cases.models import Case
from jingyi.web.cases.reading.actions import dates, files, notes, pages
from jingyi.web.cases.reading.files import file_for
from jingyi.web.cases.reading.models import Reading
from jingyi.web.evidence.actions import seal

HERE = Path(__file__).parent


def load(case: Case, *, by: User, at: datetime) -> None:
    """Seal the scan, keep its pages as a job would have read them, note one place, confirm two days."""
    images = [Image.open(path) for path in sorted(HERE.glob("visit-*.png"))]
    stream = io.BytesIO()
    images[0].save(stream, "PDF", save_all=True, append_images=images[1:], resolution=150)
    blob = seal(chunks=[stream.getvalue()], media_type="application/pdf", at=at)
    exhibit = add_exhibit(
        case=case, blob=blob, name="走访笔录和巡查台账（扫描件）.pdf", kind=Exhibit.Kind.DOCUMENT,
        made_on=datetime(2026, 7, 28, tzinfo=at.tzinfo).date(),
        source="走访制作；台账向行政机关调取，与原件核对一致", by=by, at=at,
    )  # fmt: skip
    reading = Reading.objects.create(blob=blob, queued_at=at)
    pages.begin(reading=reading, pages=len(images))
    for number, image in enumerate(images, 1):
        pages.keep_page(reading=reading, page=_page(number, image), seconds=4.0, at=at)
    pages.finish(reading=reading)
    _work(case, f"exhibit-{exhibit.number}", by, at)


def _page(number: int, image: Image.Image) -> PageRead:
    rows = json.loads((HERE / f"visit-{number}.json").read_text("utf-8"))
    lines = tuple(Line(text, Box(x, y, w, h), score) for text, x, y, w, h, score in rows)
    return PageRead(number, image.width, image.height, "ocr", lines, *copies(image.convert("L")))


def _work(case: Case, key: str, by: User, at: datetime) -> None:
    """Do what a handler would have done with it: describe, note, confirm; the rest is left to do."""
    file = file_for(case, key)
    said = {
        "group": "第二组 履职情况",
        "purpose": "证明行政机关自2026年1月起未巡查，未查处搭建物。",
    }
    files.describe(case=case, file=file, said=said, by=by, at=at)
    file = file_for(case, key)
    first, second = file.reading.leaves.all()
    letters = second.core()
    hit = next(letters.find("无巡查记录"), None)
    if hit:
        notes.write_note(
            case=case, file=file, page=2, box=Box.around(hit.boxes),
            quote=letters.flat[hit.start : hit.end], text="与住户所说“从今年一月起没有见过”互相印证。",
            by=by, at=at,
        )  # fmt: skip
    told = {"2025-10-12": "第一处搭建物动工。", "2026-07-23": "走访古城墙西段住户三名。"}
    for day, start, _end, _sure in first.dates:
        if says := told.get(day):
            dates.decide(
                case=case, file=file, page=first, start=start, confirmed=True, says=says,
                by=by, at=at,
            )  # fmt: skip
