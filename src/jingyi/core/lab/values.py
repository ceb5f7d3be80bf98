"""Results as laboratories and stations write them: `0.12`, `<0.02`, `0.02L`, `未检出`, `--`, `*`.

A result below what the method can see is no number: it lies somewhere from 0 to the limit that is
given with it. It is kept so, and never replaced by half of it.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Literal

from jingyi.core.refusal import Refusal

Mark = Literal["", "<", ">"]
MISSING = frozenset({"", "-", "--", "---", "—", "——", "*", "/", "\\", "null", "none", "nan", "na", "n/a", "未测", "无数据", "缺测"})  # fmt: skip
UNSEEN = frozenset({"nd", "n.d.", "未检出", "不得检出", "低于检出限"})
_NUMBER = re.compile(r"([<>≤≥]?)\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(l?)")
MOST_DIGITS = 30


class NotAResult(Refusal):
    """A cell that is neither a result nor a gap."""


@dataclass(frozen=True, slots=True)
class Value:
    """A result in its own unit. `mark` `<`: not seen, `number` is the limit of detection (None if
    nobody gave it); `>`: above what the method can tell.
    """

    number: Decimal | None
    mark: Mark = ""

    def __str__(self) -> str:
        return f"{self.mark}{self.number}" if self.number is not None else "未检出"


def parse(text: str) -> Value | None:
    """Return the result that a cell holds; None for a gap.

    Raises:
        NotAResult: it is neither.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if plain in MISSING:
        return None
    if plain in UNSEEN:
        return Value(None, "<")
    # 1,234.5 as spreadsheets write it; a lone comma might be a decimal one and is refused below
    if re.fullmatch(r"[<>≤≥]?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    found = _NUMBER.fullmatch(plain)
    if not found or len(plain) > MOST_DIGITS:
        raise NotAResult(
            "“{text}”不是测定结果。可写 0.12、<0.02、0.02L、未检出，没有数据写 --。", text=text[:40]
        )
    sign, digits, unseen = found.groups()
    try:
        number = Decimal(digits)
    except InvalidOperation:  # pragma: no cover -- the pattern leaves none
        raise NotAResult("“{text}”不是测定结果。", text=text[:40]) from None
    if unseen or sign in {"<", "≤"}:
        return Value(number, "<")
    return Value(number, ">" if sign in {">", "≥"} else "")


def rounded(number: Decimal, places: int) -> Decimal:
    """Round to `places` decimals, a lone five to the even digit, once (GB/T 8170-2008, 3.2)."""
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)


def significant(number: Decimal, digits: int) -> Decimal:
    """Round to so many significant digits, a lone five to the even digit (GB/T 8170-2008, 3.2)."""
    if not number:
        return number
    return rounded(number, digits - 1 - number.adjusted())


def to_half(number: Decimal, places: int) -> Decimal:
    """Round to half a unit of the place: 60.25 to 60.0, 60.38 to 60.5 (GB/T 8170-2008, 3.3.2)."""
    return rounded(number * 2, places) / 2


def to_fifth(number: Decimal, places: int) -> Decimal:
    """Round to a fifth of a unit of the place: 830 to 840 at the hundreds (GB/T 8170-2008, 3.3.3)."""
    return rounded(number * 5, places) / 5
