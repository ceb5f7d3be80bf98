"""What the job that reads writes: pages as they come, the end, or why there is none."""

from datetime import datetime

from django.db import transaction

from jingyi.core.reading.dates import dates_in
from jingyi.core.refusal import Refusal
from jingyi.engines.reading.pages import PageRead
from jingyi.web.cases.reading import search
from jingyi.web.cases.reading.models import Page, Reading
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.models import Blob, Derivative


def begin(*, reading: Reading, pages: int) -> None:
    """Say that a file of so many pages is being read."""
    reading.state, reading.pages = Reading.State.UNDER_WAY, pages
    reading.save(update_fields=["state", "pages"])


@transaction.atomic
def keep_page(*, reading: Reading, page: PageRead, seconds: float, at: datetime) -> Page:
    """Keep a page: its image in the vault, pointing to the original, its lines and the days in them."""
    parent = reading.blob
    if found := reading.leaves.filter(number=page.number).first():
        return found  # another worker was quicker: the same bytes give the same page
    last = reading.leaves.filter(number__lt=page.number).order_by("number").last()
    made = Page(
        reading=reading,
        number=page.number,
        image=_copy(parent, f"page-{page.number}", page.image, at),
        thumb=_copy(parent, f"thumb-{page.number}", page.thumb, at),
        width=page.width,
        height=page.height,
        by=page.by,
        lines=[
            [one.text, one.box.x, one.box.y, one.box.w, one.box.h, one.score] for one in page.lines
        ],
        made_at=at,
        seconds=round(seconds, 2),
    )
    year = int(last.dates[-1][0][:4]) if last and last.dates else None
    made.dates = [
        [one.on.isoformat(), one.start, one.end, one.sure]
        for one in dates_in(made.core().flat, year=year)
    ]
    made.save()
    search.index(made)
    return made


@transaction.atomic
def finish(*, reading: Reading) -> None:
    """Say that every page is there; what was read on them is sealed as the file's transcript."""
    reading.state = Reading.State.DONE
    reading.save(update_fields=["state"])
    leaves = list(reading.leaves.order_by("number"))
    text = "\f".join("\n".join(line[0] for line in leaf.lines) for leaf in leaves)
    if text.strip():
        blob = seal(chunks=[text.encode()], media_type="text/plain", at=leaves[-1].made_at)
        Derivative.objects.get_or_create(
            parent=reading.blob, kind=Derivative.TRANSCRIPT, defaults={"blob": blob}
        )


def give_up(*, reading: Reading, refusal: Refusal) -> None:
    """Say why the file cannot be shown page by page. The pages kept so far stay."""
    reading.state, reading.refusal = Reading.State.REFUSED, refusal.sentence.to_json()
    reading.save(update_fields=["state", "refusal"])


def _copy(parent: Blob, kind: str, data: bytes, at: datetime) -> Blob:
    blob = seal(chunks=[data], media_type="image/webp", at=at)
    Derivative.objects.get_or_create(parent=parent, kind=kind, defaults={"blob": blob})
    return blob
