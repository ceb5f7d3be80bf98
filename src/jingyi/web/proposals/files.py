"""Files that committees send: tables with many items, or one item a DOCX or PDF."""

import io
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import docx

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.engines import cells, tables
from jingyi.engines.reading import pages

MOST_BYTES = 20 * 2**20
MOST_ROWS = 5000
MOST_TEXT = 20_000
UNPACKED = 100 * 2**20
FIELDS = ("number", "title", "text", "proposers", "organ", "proposed_on", "assigned_on", "public")
NAMES = re.compile(r"[、，,；;\s/]+")
NUMBER = re.compile(r"第?\s*(\d{1,6})\s*号")
BY = re.compile(r"(?:提\s*出\s*人|领衔代表|代\s*表|提案人|委\s*员)\s*[:：]\s*(.+)")
CLOSED = frozenset({"否", "不公开", "涉密", "内部", "不宜公开"})


@dataclass(frozen=True, slots=True)
class Read:
    """One item of a file; `wrong` says why it cannot be taken."""

    row: int
    number: str = ""
    title: str = ""
    text: str = ""
    proposers: tuple[str, ...] = ()
    organ: str = ""
    proposed_on: date | None = None
    assigned_on: date | None = None
    public: bool = False
    wrong: Sentence | None = None


def guess(names: Sequence[str]) -> dict[str, str]:
    """Return which heading names which field: the rulebook's words, exact before contained."""
    words = rulebook.proposals().columns
    found: dict[str, str] = {}
    for exact in (True, False):
        for field in FIELDS:
            for name in names:
                if field in found or name in found.values():
                    continue
                said = name.strip()
                if any(said == word if exact else len(word) > 1 and word in said for word in words[field]):  # fmt: skip
                    found[field] = name
    return found


def sheet_of(data: bytes, name: str) -> tables.Sheet:
    """Open a table.

    Raises:
        Refusal: too large, too many rows, or no table.
    """
    _fits(data, name)
    with tempfile.TemporaryDirectory(prefix="jingyi-") as folder:
        path = Path(folder) / "table"
        path.write_bytes(data)
        sheet = tables.open_table(path)
    if sheet.table.num_rows > MOST_ROWS:
        raise Refusal(
            "文件 {name} 超过 {most} 行。请按会议拆成几个文件。", name=name, most=MOST_ROWS
        )
    return sheet


def rows(sheet: tables.Sheet, columns: Mapping[str, str]) -> list[Read]:
    """Return every row of a table as an item.

    Raises:
        Refusal: no column is named for the number or the title.
    """
    for field, title in (("number", say("编号")), ("title", say("标题"))):
        if columns.get(field) not in sheet.names:
            raise Refusal(
                "还没有指明哪一列是“{field}”。现有的列：{names}。",
                field=title,
                names="、".join(sheet.names),
            )
    sent = zip(sheet.rows.to_pylist(), sheet.table.to_pylist(), strict=True)
    seen: dict[str, int] = {}
    found = []
    for number, cells_ in sent:
        given = {field: (cells_.get(name) or "").strip() for field, name in columns.items()}
        if not any(given.values()):
            continue
        one = _row(number, given)
        if not one.wrong and seen.setdefault(one.number, number) != number:
            one = Read(number, wrong=say("编号与第 {n} 行重复", n=seen[one.number]))
        found.append(one)
    return found


def _row(number: int, given: Mapping[str, str]) -> Read:
    if not given.get("number") or not given.get("title"):
        return Read(number, wrong=say("没有编号或者标题"))
    days: dict[str, date | None] = {}
    for field in ("proposed_on", "assigned_on"):
        moment = cells.moment(given.get(field))
        if given.get(field) and moment is None:
            return Read(number, wrong=say("“{cell}”不是日期", cell=given[field]))
        days[field] = moment.date() if moment else None
    said = given.get("public", "")
    return Read(
        number, cells.whole(given["number"])[:40], given["title"][:300],
        given.get("text", "")[:MOST_TEXT], tuple(filter(None, NAMES.split(given.get("proposers", "")))),
        given.get("organ", "")[:120], days["proposed_on"], days["assigned_on"],
        bool(said) and said not in CLOSED,
    )  # fmt: skip


def paper(data: bytes, name: str) -> Read:
    """Return the one item of a DOCX or PDF: its first line is the title.

    Raises:
        Refusal: too large, or it cannot be read.
    """
    _fits(data, name)
    lines = _docx(data, name) if data.startswith(b"PK") else _pdf(data, name)
    lines = [line.strip() for line in lines if line.strip()]
    if not lines:
        raise Refusal("文件 {name} 里没有文字。扫描件请先识别，或者手工录入。", name=name)
    text = "\n".join(lines)
    number = NUMBER.search(text)
    by = BY.search(text)
    people = tuple(filter(None, NAMES.split(by[1]))) if by else ()
    title = next((line for line in lines if not NUMBER.fullmatch(line)), lines[0])
    return Read(
        1, number[1] if number else Path(name).stem[:40], title[:300], text[:MOST_TEXT], people
    )


def _fits(data: bytes, name: str) -> None:
    if len(data) > MOST_BYTES:
        raise Refusal(
            "文件 {name} 超过 {most} MB。请拆成几个文件。", name=name, most=MOST_BYTES >> 20
        )


def _docx(data: bytes, name: str) -> list[str]:
    try:
        with ZipFile(io.BytesIO(data)) as packed:
            if sum(info.file_size for info in packed.infolist()) > UNPACKED:
                raise Refusal("文件 {name} 展开后太大，没有打开。", name=name)
        return [paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs]
    except (BadZipFile, KeyError, ValueError):
        raise Refusal("文件 {name} 打不开，不是完整的 DOCX。", name=name) from None


def _pdf(data: bytes, name: str) -> list[str]:
    if not data.startswith(b"%PDF"):
        raise Refusal("{name} 不是表格，也不是 DOCX 或者 PDF。", name=name)
    with tempfile.TemporaryDirectory(prefix="jingyi-") as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(data)
        return [line.text for page in pages.read(path) for line in page.lines]
