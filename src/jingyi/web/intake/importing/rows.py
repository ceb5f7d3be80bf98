"""One row of a file as a report: cleaned, recognised when it comes again, or refused with a reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import pyarrow as pa
from django.utils import timezone

from jingyi.core.triage.place import EAST, NORTH, SOUTH, WEST
from jingyi.core.words import Sentence, say

MOST_BYTES = 2**20  # of text in one message
TITLE, PLACE, EXTERNAL = 300, 300, 80  # characters the tables hold
MOST_LIKES = 2**31 - 1
BATCH = 2_000  # rows turned into Python at a time


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `index` counts from 0 in what was read, `number` is the row in the file."""

    index: int
    number: int
    external_id: str = ""
    title: str = ""
    text: str = ""
    happened_at: datetime | None = None
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    datum: str = "WGS-84"
    given_lon: float | None = None
    given_lat: float | None = None
    reporter: str = ""
    likes: int = 0
    wrong: Sentence | None = None

    @property
    def fingerprint(self) -> str:
        """Return what is the same whenever this row is sent again."""
        if self.external_id:
            return _digest("id", self.external_id)
        when = self.happened_at.isoformat() if self.happened_at else ""
        return _digest("row", when, self.title, self.text, self.reporter)

    @property
    def content(self) -> str:
        """Return a digest of what the row says."""
        return _digest(self.title, self.text)


def read(table: pa.Table, mapping: Mapping[str, str]) -> Iterator[Row]:
    """Yield every row of a typed table in order; a refused one carries `wrong`.

    An identifier that comes twice with different words is no identifier: the
    second row is refused rather than taken for the first.
    """
    seen: dict[str, str] = {}
    index = 0
    for batch in table.to_batches(max_chunksize=BATCH):
        for cells in batch.to_pylist():
            row = _row(index, cells, mapping)
            index += 1
            if row.external_id and not row.wrong:
                said = seen.setdefault(row.external_id, row.content)
                if said != row.content:
                    row = Row(row.index, row.number, wrong=_same_id(row.external_id))
            yield row


def _row(index: int, cells: Mapping[str, Any], mapping: Mapping[str, str]) -> Row:
    number = cells["row"]
    title = _clean(cells.get("title"))
    text = _clean(cells.get("text")) if "text" in mapping else title
    if not text:
        return Row(index, number, wrong=say("没有正文。请补上正文后再导入这一行。"))
    if len(text.encode()) > MOST_BYTES:
        return Row(
            index, number, wrong=say("正文超过 1 MB，不像一条留言。请检查这一行，或拆开后再导入。")
        )
    if len(title) > TITLE:  # nothing of what was said may be lost
        title, text = f"{title[: TITLE - 1]}…", f"{title}\n{text}"
    lon, lat = _point(cells.get("lon"), cells.get("lat"))
    return Row(
        index,
        number,
        external_id=_clean(cells.get("id")) if "id" in mapping else "",
        title=title,
        text=text,
        happened_at=_moment(cells.get("time")),
        place=_clean(cells.get("place"))[:PLACE],
        lon=lon,
        lat=lat,
        **_origin(cells),
        reporter=_clean(cells.get("reporter")),
        likes=min(max(int(cells.get("likes") or 0), 0), MOST_LIKES),
    )


def _same_id(external_id: str) -> Sentence:
    return say(
        "编号 {id} 在本文件中出现过，内容却不同。请核对编号，或在导入时不选编号列。",
        id=external_id[:EXTERNAL],
    )


def _clean(value: str | None) -> str:
    return (value or "").replace("\x00", "").strip()


def _moment(value: datetime | None) -> datetime | None:
    """Read a sender's local time; a year nobody could have written in is no date."""
    if value is None or not 1900 <= value.year <= 2200:
        return None
    return timezone.make_aware(value.replace(microsecond=0))


def _point(lon: float | None, lat: float | None) -> tuple[float | None, float | None]:
    """Return degrees, or nothing when one is missing, impossible or the usual 0, 0.

    Swapped ones, which lie in China only the other way round, are turned.
    """
    if lon is None or lat is None:
        return None, None
    if _in_china(lat, lon) and not _in_china(lon, lat):
        lon, lat = lat, lon
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return None, None
    return (None, None) if lon == 0 == lat else (lon, lat)


def _in_china(lon: float, lat: float) -> bool:
    return WEST <= lon <= EAST and SOUTH <= lat <= NORTH


def _origin(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Return the datum ("" if unknown) and degrees as given, where they were not in WGS-84."""
    lon, lat = _point(cells.get("given_lon"), cells.get("given_lat"))
    if lon is None or cells["datum"] == "WGS-84":
        return {}
    return {"datum": cells["datum"] or "", "given_lon": lon, "given_lat": lat}


def _digest(*parts: str) -> str:
    return sha256("\x1f".join(parts).encode()).hexdigest()
