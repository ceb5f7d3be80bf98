"""Dates that a text names, as candidates: a person says what happened on them, or that nothing did.

Looked for: 2026年3月1日, 二〇二六年三月一日, 2026-03-01 (also with . or /), and 三月一日 or 3月1日
without a year, which takes the year last named before it and says that it is not sure.
Not looked for: months alone, lunar dates, “次日”.
"""

import re
from dataclasses import dataclass
from datetime import date

DIGITS = {**{c: n for n, c in enumerate("〇一二三四五六七八九")}, "零": 0, "○": 0, "o": 0}
HAN = "〇○零一二三四五六七八九"
YEAR = rf"(?P<year>[12]\d{{3}}|[一二][{HAN}o]{{3}})"
MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[正一二三四五六七八九])"
DAY = r"(?P<day>3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
WORDS = re.compile(rf"(?<!\d)(?:{YEAR}年)?(?<![\d十{HAN}]){MONTH}月{DAY}[日号]")
NUMBERS = re.compile(
    r"(?<![\d./-])(?P<year>[12]\d{3})(?P<mark>[-./])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?![\d])"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A date in a text: the day, its words from `start` to before `end`, and whether the year is there."""

    on: date
    start: int
    end: int
    sure: bool


def dates_in(text: str, *, year: int | None = None) -> list[Named]:
    """Return the dates that `text` (without spaces) names, in order.

    Args:
        text: letters of one width, as `Page.flat` has them.
        year: the year to take for a day without one, before the text itself has named any.
    """
    found = sorted([*WORDS.finditer(text), *NUMBERS.finditer(text)], key=lambda one: one.start())
    named: list[Named] = []
    for match in found:
        given = match["year"]
        if given:
            year = number(given)
        if year is not None and (on := _day(year, match)):
            named.append(Named(on, match.start(), match.end(), bool(given)))
    return named


def number(words: str) -> int:
    """Return 2026 for “2026” and “二〇二六”, 31 for “三十一”, 1 for “正”."""
    if words.isdecimal() and words.isascii():
        return int(words)
    if words == "正":
        return 1
    tens, ten, ones = words.partition("十")
    if ten:
        return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)
    return int("".join(str(DIGITS[letter]) for letter in words))


def _day(year: int, match: re.Match[str]) -> date | None:
    try:
        return date(year, number(match["month"]), number(match["day"]))
    except ValueError:
        return None
