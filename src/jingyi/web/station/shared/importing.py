"""One file of a ledger read row by row: each is a row in the kind's types, or a reason why not."""

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.conf import settings

from jingyi.core.ledgers import LONGEST, Field, Kind, key_of
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.engines import cells, tables
from jingyi.web.evidence import vault
from jingyi.web.evidence.models import Blob

MOST_BYTES = 20 * 2**20
MOST_ROWS = 10_000
NOTHING = frozenset({"", "/", "-", "－", "—", "无", "暂无", "未", "否", "0000-00-00"})
SAMPLE = 200  # rows looked at for what a column holds
FIRST, LAST = 1990, 2099  # years a date of a ledger may be in


@dataclass(frozen=True, slots=True)
class Read:
    """One row: `number` is the row in the file, `wrong` says why it cannot be taken."""

    number: int
    key: str = ""
    values: dict[str, str] = field(default_factory=dict)
    wrong: Sentence | None = None


def opened(chunks: Iterable[bytes], name: str) -> tuple[bytes, tables.Sheet]:
    """Return a file's bytes and its cells as sent.

    Raises:
        Refusal: it is too large, has too many rows, or is no table that can be read.
    """
    data = b""
    for chunk in chunks:
        data += chunk
        if len(data) > MOST_BYTES:
            raise Refusal(
                "文件 {name} 超过 {most} MB。请拆成几个文件。", name=name, most=MOST_BYTES // 2**20
            )
    sheet = _sheet(data, name)
    if sheet.table.num_rows > MOST_ROWS:
        raise Refusal(
            "文件 {name} 超过 {most} 行。请按年份拆成几个文件。", name=name, most=MOST_ROWS
        )
    return data, sheet


def sealed(blob: Blob, name: str) -> tables.Sheet:
    """Read again a file that was sealed."""
    data = b"".join(vault.read(blob.sha256, folder=Path(settings.VAULT)))
    return _sheet(data, name)


def _sheet(data: bytes, name: str) -> tables.Sheet:
    with tempfile.TemporaryDirectory(prefix="jingyi-") as folder:
        path = Path(folder) / (Path(name.replace("\\", "/")).name[-60:] or "table")
        path.write_bytes(data)
        return tables.open_table(path)


def rows(kind: Kind, sheet: tables.Sheet, mapping: Mapping[str, str]) -> Iterator[Read]:
    """Yield every row of a file; one that comes twice with other words is refused."""
    seen: dict[str, tuple[int, dict[str, str]]] = {}
    for number, sent in zip(sheet.rows.to_pylist(), sheet.table.to_pylist(), strict=True):
        row = _row(kind, number, sent, mapping)
        if row is None:
            continue
        if not row.wrong:
            first = seen.setdefault(row.key, (number, row.values))
            if first[0] != number:
                row = Read(number, wrong=_twice(first, row))
        yield row
    for bad in sheet.rejected:
        yield Read(bad.row, wrong=bad.reason)


def fitting(kind: Kind, sheet: tables.Sheet, mapping: Mapping[str, str]) -> dict[str, str]:
    """Return the guessed columns whose cells may be what the heading says: dates, amounts."""
    head = sheet.table.slice(0, SAMPLE)
    return {
        field: name
        for field, name in mapping.items()
        if _fits(kind.field(field), head[name].to_pylist(), name)
    }


def _fits(one: Field, column: list[str | None], heading: str) -> bool:
    filled = [cell.strip() for cell in column if (cell or "").strip() not in NOTHING]
    wrong = sum(_cell(one, cell, heading)[1] is not None for cell in filled)
    return wrong * 2 <= len(filled)


def _twice(first: tuple[int, dict[str, str]], row: Read) -> Sentence:
    if first[1] == row.values:
        return say("与第 {n} 行完全相同，只导入一次。", n=first[0])
    return say("与第 {n} 行编号相同、内容不同，认不出以哪一行为准。请核对后再导入。", n=first[0])


def _row(
    kind: Kind, number: int, sent: Mapping[str, str], mapping: Mapping[str, str]
) -> Read | None:
    if not any((cell or "").strip() for cell in sent.values()):
        return None
    values: dict[str, str] = {}
    for one in kind.fields:
        if one.id not in mapping:
            continue
        raw = (sent[mapping[one.id]] or "").replace("\x00", "").strip()
        value, wrong = _cell(one, raw, mapping[one.id])
        if wrong:
            return Read(number, wrong=wrong)
        if value:
            values[one.id] = value
        elif one.required:
            return Read(number, wrong=say("“{field}”是空的。", field=one.title))
    wrong = _order(kind, values)
    return Read(number, key_of(kind, values), values, wrong)


def _cell(one: Field, raw: str, heading: str) -> tuple[str, Sentence | None]:
    if raw in NOTHING:
        return "", None
    if one.type == "date":
        moment = cells.moment(raw)
        if moment is None or not FIRST <= moment.year <= LAST:
            return "", say("“{field}”的“{cell}”不是日期。", field=one.title, cell=raw[:40])
        return moment.date().isoformat(), None
    if one.type == "money":
        amount = cells.number(raw)
        if amount is None:
            return "", say("“{field}”的“{cell}”不是金额。", field=one.title, cell=raw[:40])
        if "万" in raw or ("万" in heading and "元" in heading):
            amount *= 10_000
        return f"{amount:.2f}".removesuffix(".00"), None
    return re.sub(r"\s+", " ", cells.whole(raw))[:LONGEST], None


def _order(kind: Kind, values: Mapping[str, str]) -> Sentence | None:
    """Say where a day comes before one that must come first: a slip in the ledger."""
    days = {name: date.fromisoformat(values[name]) for name in kind.columns & values.keys()
            if kind.field(name).type == "date"}  # fmt: skip
    for before, after in (
        ("filed_on", "decided_on"), ("decided_on", "served_on"), ("served_on", "urged_on"),
        ("issued_on", "expires_on"), ("ended_on", "found_on"),
        ("found_on", "filed_on"), ("approved_on", "sent_on"),
        ("sent_on", "answered_on"),
    ):  # fmt: skip
        if before in days and after in days and days[after] < days[before]:
            return say(
                "“{after}”{late}早于“{before}”{early}。请核对。",
                after=kind.field(after).title, late=days[after],
                before=kind.field(before).title, early=days[before],
            )  # fmt: skip
    return None
