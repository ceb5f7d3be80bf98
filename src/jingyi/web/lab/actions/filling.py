"""An instrument's own file of results into a worksheet, by the samples' numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from jingyi.core.lab import book, ruling
from jingyi.core.lab.units import factor, heading
from jingyi.core.lab.values import Value
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.engines.tables import open_table
from jingyi.web.accounts.models import User
from jingyi.web.lab import numbers
from jingyi.web.lab.actions import measuring
from jingyi.web.lab.models import Method, Worksheet


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is what; `item` and `unit` "" where there is none."""

    number: str
    value: str
    item: str
    unit: str


def fill(*, sheet: Worksheet, path: Path, by: User, at: datetime) -> list[Sentence]:
    """Write the results of a file into a worksheet; return what could not be taken, row by row.

    Raises:
        Refusal: no column of sample numbers, none of the item, or nothing of it is on this sheet.
    """
    read = open_table(path)
    columns = _columns(sheet.method, read.names)
    by_number = {one.sample.number: one.pk for one in sheet.results.select_related("sample")}
    texts: dict[int, str] = {}
    wrong = [say("第 {n} 行：{why}", n=one.row, why=one.reason) for one in read.rejected]
    for n, row in zip(read.rows.to_pylist(), read.table.to_pylist(), strict=True):
        try:
            result = _result(row, columns, sheet.method)
            if result is None:
                continue
            _put(texts, by_number, row[columns.number] or "", result)
        except Refusal as refusal:
            wrong.append(say("第 {n} 行：{why}", n=n, why=refusal.sentence))
    if not texts:
        raise Refusal("文件里没有这份记录的样品。请核对样品编号。")
    measuring.write(sheet=sheet, texts=texts, by=by, at=at)
    return wrong


def _put(texts: dict[int, str], by_number: Mapping[str, int], number: str, result: str) -> None:
    place = by_number.get(numbers.plain(number))
    if place is None:
        raise Refusal("“{number}”不在这份记录里。", number=number[:20])
    if texts.setdefault(place, result) != result:
        was = texts[place]
        raise Refusal("这个样品前面已经有结果 {was}，与 {now} 不同。", was=was, now=result)


def _columns(method: Method, names: tuple[str, ...]) -> Columns:
    known = book.headings()
    number, item, value = (known.find(role, names) for role in ("id", "item", "value"))
    own = next((name for name in names if (of := book.names().item(name)) and of.id == method.item), None)  # fmt: skip
    if number and own:
        return Columns(number, own, "", "")
    if number and value:
        return Columns(number, value, item or "", known.find("unit", names) or "")
    title = book.names().items[method.item].title
    raise Refusal("文件里要有样品编号一列，和“{item}”或者“结果”一列。", item=title)


def _result(row: Mapping[str, str | None], columns: Columns, method: Method) -> str | None:
    """Return a row's result as the worksheet writes it, in the method's unit; None: of another item.

    Raises:
        Refusal: it is no result, a gap, or in a unit the item has not.
    """
    known, name = book.names(), (row.get(columns.item) or "").strip()
    item = known.items[method.item]
    if name:
        named = known.item(name)
        if (named is None and name not in item.names) or (named and named.id != item.id):
            return None
    text = (row[columns.value] or "").strip()
    found = ruling.read(text, sign_only=method.sign_only)
    if found is None:
        raise Refusal("没有结果。")
    unit = (row.get(columns.unit) or "").strip() or heading(columns.value)[1] or heading(name)[1]
    if not isinstance(found, Value) or found.number is None or not unit:
        return text
    scale = factor(item, known.unit(item, unit), known.unit(item, method.unit))
    exact = Fraction(found.number) * scale
    scaled = Decimal(exact.numerator) / Decimal(exact.denominator)
    return f"{found.mark}{found.number if scale == 1 else format(scaled.normalize(), 'f')}"
