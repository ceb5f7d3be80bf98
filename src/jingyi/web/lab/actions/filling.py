"""An instrument's own file of results into a worksheet, by the samples' numbers."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from jingyi.core.lab import book
from jingyi.core.lab.units import factor, heading
from jingyi.core.lab.values import NotAResult, parse
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.engines.tables import open_table
from jingyi.web.accounts.models import User
from jingyi.web.lab import numbers
from jingyi.web.lab.actions import measuring
from jingyi.web.lab.models import Worksheet


def fill(*, sheet: Worksheet, path: Path, by: User, at: datetime) -> list[Sentence]:
    """Write the results of a file into a worksheet; return what could not be taken, row by row.

    Raises:
        Refusal: no column of sample numbers, none of the item, or nothing of it is on this sheet.
    """
    table = open_table(path).table
    names = table.column_names
    id_column = book.headings().find("id", names)
    value_column = _value_column(sheet, names)
    if not id_column or not value_column:
        raise Refusal("文件里要有样品编号一列，和“{item}”或者“结果”一列。", item=book.names().items[sheet.method.item].title)  # fmt: skip
    by_number = {one.sample.number: one.pk for one in sheet.results.select_related("sample")}
    texts, wrong = {}, list[Sentence]()
    scale = _scale(sheet, value_column)
    for n, row in enumerate(table.select([id_column, value_column]).to_pylist(), 1):
        number = numbers.plain(str(row[id_column] or ""))
        if number not in by_number:
            wrong.append(say("第 {n} 行：“{number}”不在这份记录里。", n=n, number=str(row[id_column] or "")[:20]))  # fmt: skip
            continue
        try:
            texts[by_number[number]] = _converted(str(row[value_column] or ""), scale)
        except NotAResult as refusal:
            wrong.append(say("第 {n} 行：{why}", n=n, why=refusal.sentence))
    if not texts:
        raise Refusal("文件里没有这份记录的样品。请核对样品编号。")
    measuring.write(sheet=sheet, texts=texts, by=by, at=at)
    return wrong


def _value_column(sheet: Worksheet, names: list[str]) -> str | None:
    of_item = [name for name in names if (item := book.names().item(name)) and item.id == sheet.method.item]  # fmt: skip
    return next(iter(of_item), None) or book.headings().find("value", names)


def _scale(sheet: Worksheet, column: str) -> Fraction:
    """Return by what a figure of the file is multiplied to be in the method's unit."""
    item, known = book.names().items[sheet.method.item], book.names()
    unit = heading(column)[1]
    if not unit:
        return Fraction(1)
    return factor(item, known.unit(item, unit), known.unit(item, sheet.method.unit))


def _converted(text: str, scale: Fraction) -> str:
    found = parse(text)
    if found is None or scale == 1 or found.number is None:
        return text
    exact = Fraction(found.number) * scale
    scaled = Decimal(exact.numerator) / Decimal(exact.denominator)
    return f"{found.mark}{scaled.normalize():f}"
