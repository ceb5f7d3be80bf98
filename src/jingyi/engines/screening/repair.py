"""One cell of a source, read as its kind by a stated rule: kept, repaired, flagged or refused.

Each function returns the value and the name of the finding, "" where there is nothing to tell.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from stdnum.cn import ric, uscc

from jingyi.core.words import Sentence, say
from jingyi.engines import cells

Found = tuple[Any, str]

# What each finding is called. Those of REFUSED leave the cell empty.
FINDINGS: dict[str, Sentence] = {
    "id15": say("15 位旧身份证号，已按规则换算为 18 位"),
    "id-check": say("身份证号校验位不符，照原样保留"),
    "spaces": say("含空格、全角字符或小写字母，已规整"),
    "whole": say("表格软件加上的“.0”，已去掉"),
    "letters": say("信用代码中的字母 O、I 改为数字后校验位相符，已改"),
    "code-check": say("信用代码校验位不符，照原样保留"),
    "code15": say("15 位旧注册号，不是统一社会信用代码，照原样保留"),
    "zeros": say("丢失的前导零，已按本列的位数补足"),
    "date-form": say("日期写法不一，已换算"),
    "serial": say("日期被存成序号，已换算"),
    "month-day": say("月份带有日，按当月计"),
    "rounded": say("小数超过四位，已四舍五入"),
    "unit": say("数字带有单位或千分位，已去掉"),
    "scientific-number": say("数字写成科学计数法，已换算"),
    "scientific": say("编号被写成科学计数法，后几位已丢失，不能使用"),
    "cut": say("身份证号后三位被表格软件抹成 0，不能使用"),
    "id-length": say("身份证号不是 15 或 18 位，不能使用"),
    "code-length": say("信用代码不是 18 位，不能使用"),
    "date-order": say("日期分不清月和日，不能使用"),
    "not-a-date": say("不是日期，不能使用"),
    "not-a-number": say("不是数字，不能使用"),
}
REFUSED = frozenset(
    {"scientific", "cut", "id-length", "code-length", "date-order", "not-a-date", "not-a-number"}
)
EMPTY = frozenset({"", "-", "--", "—", "/", "无", "空", "null", "none", "nan", "n/a", "nat"})
SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+\Z")
MONTH = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*月?\Z")
SLASHED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\Z")
UNIT = re.compile(r"[,，\s¥￥]|元|吨|立方米|头|kg|m3|m³|万?人民币")
EARLIEST, LATEST = 1850, 2200


def identifier(text: str) -> Found:
    """Take out spaces, quotes and full-width forms; letters become capitals."""
    clean = re.sub(r"[\s'\"`‘’“”·]", "", unicodedata.normalize("NFKC", text)).upper()
    if re.fullmatch(r"\d+\.0", clean):
        return clean[:-2], "whole"
    return clean, "spaces" if clean != text else ""


def person_id(text: str) -> Found:
    clean, found = identifier(text)
    if SCIENTIFIC.match(clean):
        return None, "scientific"
    if re.fullmatch(r"\d{15}", clean):
        long = f"{clean[:6]}19{clean[6:]}"
        return long + ric.calc_check_digit(long), "id15"
    if not re.fullmatch(r"\d{17}[\dX]", clean):
        return None, "id-length"
    if ric.calc_check_digit(clean[:-1]) == clean[-1]:
        return clean, found
    return (None, "cut") if clean.endswith("000") else (clean, "id-check")


def credit_code(text: str) -> Found:
    clean, found = identifier(text)
    if SCIENTIFIC.match(clean) and "." in clean:
        return None, "scientific"
    if re.fullmatch(r"\d{15}", clean):
        return clean, "code15"
    if not re.fullmatch(r"[0-9A-Z]{18}", clean):
        return None, "code-length"
    if uscc.is_valid(clean):
        return clean, found
    repaired = clean.translate(str.maketrans("OI", "01"))
    return (repaired, "letters") if uscc.is_valid(repaired) else (clean, "code-check")


def code(text: str) -> Found:
    if SCIENTIFIC.match(text.strip()) and "." in text:
        return None, "scientific"
    return identifier(text)


def plain_text(text: str) -> Found:
    return text.strip(), ""


def day(text: str) -> Found:
    """Read 2025-03-01, 2025/3/1, 2025.3.1, 20250301, 2025年3月1日, or a spreadsheet's day number."""
    clean = unicodedata.normalize("NFKC", text).strip()
    if slashed := SLASHED.match(clean):
        first, second, year = map(int, slashed.groups())
        if first <= 12 and second <= 12 and first != second:
            return None, "date-order"
        return _day(year, *((second, first) if first > 12 else (first, second))), "date-form"
    found = cells.moment(clean)
    if found is None or not EARLIEST <= found.year <= LATEST:
        return None, "not-a-date"
    if re.fullmatch(r"\d{5}(\.\d+)?", clean):
        return found.date(), "serial"
    return found.date(), "" if clean[:10] == found.date().isoformat() else "date-form"


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def month(text: str) -> Found:
    """Read 2025-03, 202503, 2025年3月, or a day of that month."""
    clean = unicodedata.normalize("NFKC", text).strip()
    if (written := MONTH.match(clean)) and 1 <= int(written[2]) <= 12:
        first = _day(int(written[1]), int(written[2]), 1)
        return (first, "" if clean[4:5] == "-" else "date-form") if first else (None, "not-a-date")
    value, found = day(clean)
    if value is None:
        return None, found
    return value.replace(day=1), found or ("" if value.day == 1 else "month-day")


def number(text: str) -> Found:
    clean = unicodedata.normalize("NFKC", text).strip()
    bare = UNIT.sub("", clean)
    try:
        value = Decimal(bare)
    except InvalidOperation:
        return None, "not-a-number"
    if not value.is_finite() or abs(value) >= Decimal(10) ** 14:
        return None, "not-a-number"
    found = "unit" if bare != clean else "scientific-number" if "e" in bare.lower() else ""
    exact = value.quantize(Decimal("0.0001"))
    return exact, found or ("" if exact == value else "rounded")


def integer(text: str) -> Found:
    value, found = number(text)
    if value is None or value != value.to_integral_value():
        return None, found if value is None else "not-a-number"
    return int(value), found


READERS: dict[str, Callable[[str], Found]] = {
    "person-id": person_id,
    "credit-code": credit_code,
    "code": code,
    "text": plain_text,
    "date": day,
    "month": month,
    "integer": integer,
    "number": number,
}


def read(text: str | None, kind: str) -> Found:
    """Read one cell; an empty one is None without a finding."""
    if text is None or text.strip().lower() in EMPTY:
        return None, ""
    value, found = READERS[kind](text)
    return (value, found or "not-a-date") if value is None else (value, found)
