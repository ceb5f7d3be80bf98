"""A company's name taken apart: region, brand (字号), trade, form, branch; and compared."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from jingyi.core import rulebook
from jingyi.core.linkage import characters
from jingyi.core.triage import division_table

LEAST_BRAND = 2
LONGEST_REGION = 12
IN_BRACKETS = re.compile(r"[(\[【〔](.*?)[)\]】〕]")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Organisation:
    """A name and its parts; a part that is not named is empty.

    `regions` are codes of the smallest division named, without the zeros;
    `form` is the first of the forms that mean the same; `trades` are numbers
    of the lines of trades; `branch` tells which branch it is.
    """

    region: str
    regions: frozenset[str]
    brand: str
    trade: str
    trades: frozenset[int]
    form: str
    branch: str

    @property
    def core(self) -> str:
        """The brand with the trade: what people say."""
        return self.brand + self.trade


@dataclass(frozen=True, slots=True)
class Words:
    """The words of `rulebook/linkage/organisations.toml`, the longest first."""

    forms: tuple[tuple[str, str], ...]
    trades: tuple[tuple[str, int], ...]
    branches: tuple[str, ...]


@cache
def words() -> Words:
    """Return the words that company names end with."""
    told = rulebook.raw("linkage/organisations.toml")
    fold = characters.fold
    forms = {fold(form): fold(line[0]) for line in told["same_forms"] for form in line}
    trades = {fold(word): n for n, line in enumerate(told["trades"]) for word in line}
    return Words(
        _longest_first(forms.items()),
        _longest_first(trades.items()),
        tuple(sorted(map(fold, told["branches"]), key=len, reverse=True)),
    )


def _longest_first(items: Iterable[tuple[str, Item]]) -> tuple[tuple[str, Item], ...]:
    return tuple(sorted(items, key=lambda item: (-len(item[0]), item[0])))


@cache
def split(name: str) -> Organisation:
    """Take a name apart. Never fails: what is not understood is brand."""
    text = characters.fold(name)
    asides = IN_BRACKETS.findall(text)
    text = IN_BRACKETS.sub("", text)
    region, regions, text = _region(text)
    if not region:
        for aside in asides:
            told, codes, rest = _region(aside)
            if told and not rest:
                region, regions = told, codes
    text, branch = _branch(text)
    for aside in asides:
        if not branch and aside.endswith(words().branches) and not aside.endswith("公司"):
            branch = aside
    text, form = _form(text)
    brand, trade, trades, place = _trades(text)
    if not branch and place:
        branch = place
    if not brand and region:
        brand = division_table.stem(region) or region
    return Organisation(region, regions, brand or text, trade, trades, form, branch)


def _region(text: str) -> tuple[str, frozenset[str], str]:
    """Take the divisions off the front: the last one, its codes, and the rest."""
    region, codes, known = "", frozenset[str](), division_table.names()
    while True:
        for size in range(min(LONGEST_REGION, len(text)), 1, -1):
            word = text[:size]
            found = {
                one.now.rstrip("0")
                for one, short in known.get(word, ())
                if not (short and one.level == division_table.COUNTY and not region)
            }
            if codes:
                found = {c for c in found if any(c.startswith(o) for o in codes)}
            if found and (len(text) - size >= LEAST_BRAND or len(text) == size):
                region, codes, text = word, frozenset(found), text[size:]
                break
        else:
            return region, codes, text


def _branch(text: str) -> tuple[str, str]:
    """Take a branch off the end: what stands after the company's own form."""
    for form, _ in words().forms:
        at = text.find(form)
        end = at + len(form)
        if at > 0 and len(form) > 1 and end < len(text) and text.endswith(words().branches):
            return text[:end], text[end:]
    return text, ""


def _form(text: str) -> tuple[str, str]:
    trade = next((word for word, _ in words().trades if text.endswith(word)), "")
    for form, kept in words().forms:
        if len(form) < len(trade):
            break  # 酒店, 诊所: the word of trade ends like a form
        if text.endswith(form) and len(text) - len(form) >= LEAST_BRAND:
            return text[: -len(form)], kept
    return text, ""


def _trades(text: str) -> tuple[str, str, frozenset[int], str]:
    """Return brand, trade words, their lines, and the place of a branch after them."""
    place, head = "", text
    if not any(text.endswith(word) for word, _ in words().trades):
        ends = [
            (at + len(word), len(word))
            for word, _ in words().trades
            if len(word) > 1 and (at := text.rfind(word)) >= LEAST_BRAND
        ]
        if ends:
            end = max(ends)[0]
            head, place = text[:end], text[end:]
            if len(place) < LEAST_BRAND:
                head, place = text, ""
    brand, lines = head, set()
    while True:
        for word, line in words().trades:
            if brand.endswith(word) and (len(brand) - len(word) >= LEAST_BRAND or brand == word):
                brand = brand[: -len(word)]
                lines.add(line)
                break
        else:
            return brand, head[len(brand) :], frozenset(lines), place
        if not brand:
            return "", head, frozenset(lines), place
