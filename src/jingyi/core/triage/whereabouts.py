"""Where one message says it is: its divisions, stakes and what to ask back. One text at a time.

The pipeline finds the same in a million rows with kernels; this is for the
form a person is filling in and for the page of one incident.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from jingyi.core import rulebook
from jingyi.core.triage import division_table as table
from jingyi.core.triage.divisions import Resolved, names, resolved, title
from jingyi.core.triage.mention_kernels import lent_to
from jingyi.core.words import Sentence, say

MOST_TEXT = 20_000  # characters read
MOST_NAMED = 4  # so many of several meanings are named in a question


@dataclass(frozen=True, slots=True)
class Stake:
    """A spot told by its distance along a road or a river: `words` as written, metres from 0."""

    words: str
    metres: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What a text says of the place: names of divisions, which they mean, stakes, something small.

    `fine` says that a town, a road, an estate or anything else small is named,
    `line` that a road or a water is, along which distances are told.
    """

    mentions: tuple[str, ...]
    division: Resolved
    stakes: tuple[Stake, ...]
    fine: bool
    line: bool


def read(text: str, home: str = "") -> Whereabouts:
    """Read a text; `home` is the code of the office's division, and decides between equals."""
    shown = text[:MOST_TEXT]
    found = mentions(shown)
    return Whereabouts(
        found,
        resolved(found, home),
        tuple(stakes(shown)),
        fine=bool(_named("fine").search(shown)),
        line=bool(_named("lines").search(shown) or _numbered().search(shown)),
    )


def question(found: Whereabouts, home: str = "") -> Sentence | None:
    """Return what to ask so that somebody can go there; None where enough is said.

    A report with a point on the map need not be asked. `home` stands for the
    city or county that goes without saying.
    """
    region = found.division.region or home
    if found.division.rivals:
        places = "、".join(title(code) for code in found.division.rivals[:MOST_NAMED])
        return say("说到的地名可能指{places}：请问是哪一处？", places=places)
    if found.stakes and not found.line:
        return say("说到了“{stake}”：请问是哪条路、哪条河？", stake=found.stakes[0].words)
    if not found.fine and not found.division.region and home:
        return say("没有说到具体地点：请问在哪个乡镇，哪条路或哪个村？")
    if not region:
        return (
            say("没有说在哪个市、哪个县区：请补上。")
            if found.fine
            else say("没有说到地点：请问在哪个市、哪个县区，哪条路或哪个村？")
        )
    if found.fine:
        return None
    return _asked(table.level(region), title(region))


def missing(words: str, home: str = "") -> Sentence | None:
    """Read `words` and return what to ask back."""
    return question(read(words, home), home)


def _asked(level: int, division: str) -> Sentence:
    """Ask for what is smaller than `division`."""
    if level == table.PROVINCE:
        return say(
            "只说到了{division}：请问在哪个市、哪个县区，哪条路或哪个村？", division=division
        )
    if level == table.CITY:
        return say("只说到了{division}：请问在哪个县区，哪条路或哪个村？", division=division)
    return say("只说到了{division}：请问在哪个乡镇，哪条路或哪个村？", division=division)


def mentions(text: str) -> tuple[str, ...]:
    """Return the names of divisions in the order of the text, the longest at each spot.

    A name lent to something small, 南京 in 南京东路, is none.
    """
    found, at, free = [], 0, 0
    while at < len(text):
        size = _size(text, at)
        if not size:
            at += 1
            continue
        name = text[at : at + size]
        if at > free and (province := _abbreviated(text, at, name)):
            found.append(province)
        if not _lent(text, at + size, name):
            found.append(name)
        at = free = at + size
    return tuple(found)


def _abbreviated(text: str, at: int, name: str) -> str:
    """Return the province that one character before a name stands for: 皖 in 皖淮北市."""
    code = table.abbreviations().get(text[at - 1])
    if not code or not any(one.code.startswith(code[:2]) for one, _ in names()[name]):
        return ""
    return title(code)


def _size(text: str, at: int) -> int:
    """Return how many characters the longest name at a spot has; 0 if none begins there."""
    known, most = names(), min(_longest(), len(text) - at)
    return next((n for n in range(most, 1, -1) if text[at : at + n] in known), 0)


def _lent(text: str, end: int, name: str) -> bool:
    if name[-1] in _words()["whole"] or _size(text, end):
        return False
    return bool(_lends().match(text, end))


def stakes(text: str) -> list[Stake]:
    """Return stakes in the order of the text: K12+300, 桩号0+350, 左岸5公里处, G206 1083KM."""
    found = []
    for one in _stake().finditer(text):
        told = one.groupdict()
        kilometres = told["k"] or told["plus_k"] or told["km"]
        metres = float(kilometres) * 1_000 + float(told["m"] or told["plus_m"] or told["km_m"] or 0)
        found.append(Stake(one.group().strip(), metres, one.start(), one.end()))
    return found


@cache
def _words() -> dict[str, Any]:
    return rulebook.raw("triage/places/words.toml")


@cache
def _longest() -> int:
    return max(map(len, names()))


@cache
def _lends() -> re.Pattern[str]:
    words, roads, others = lent_to()
    return re.compile(f"[{words['between']}]{{0,2}}(?:{'|'.join(roads)})|(?:{'|'.join(others)})")


@cache
def _named(kind: str) -> re.Pattern[str]:
    """Two characters that may begin a name, and what it is: 惠黎路, not 这条路."""
    words = _words()
    small = "|".join(sorted(words[kind], key=len, reverse=True))
    no_name = "".join(f"(?<!{word})" for word in words["before"])
    return re.compile(rf"(?!{'|'.join(words['vague'])})[\u4e00-\u9fff]{{2}}{no_name}(?:{small})")


@cache
def _numbered() -> re.Pattern[str]:
    """A road by its number: G206, S202, 206国道."""
    return re.compile(r"[GSXgsx]\d{1,4}(?!\d)|\d{2,3}(?:国道|省道|县道)")


@cache
def _stake() -> re.Pattern[str]:
    banks = "|".join(_words()["banks"])
    return re.compile(
        rf"(?:{banks})?\s*(?:"
        r"(?:桩号)?\s*[Kk]\s*(?P<k>\d{1,4})(?:\s*\+\s*(?P<m>\d{1,3}(?:\.\d+)?)|(?=\s*(?:公里|处|段|路段|桩)))"
        r"|(?:桩号\s*)?(?<![\d.])(?P<plus_k>\d{1,4})\s*\+\s*(?P<plus_m>\d{3}(?:\.\d+)?)(?!\d)"
        r"|(?<![\d.])(?P<km>\d{1,4}(?:\.\d+)?)\s*(?:公里|千米|[Kk][Mm])(?:\s*\+?\s*(?P<km_m>\d{1,3})\s*(?:米|m))?"
        r"\s*(?:处|桩)"
        r")"
    )
