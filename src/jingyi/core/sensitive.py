"""What a text should not tell when it is published: words found however they are spaced or written.

Rather one word too many than a name left in: spaces, line ends, marks and the width of letters do
not matter, so "张 三", "张三" over two lines and a number in one cell a digit are all found.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jingyi.core.law import STATUSES, Instrument, Source, read_source
from jingyi.core.refusal import Refusal
from jingyi.core.tables import Table

FEWEST = 2  # letters of a word that may be asked for: one alone stands everywhere
MOST = 500  # words
LONGEST = 200  # letters of one


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of words that are proposed for covering: what stands in the group `word`, or all of it."""

    id: str
    title: str
    title_en: str
    pattern: re.Pattern[str]
    source: Source
    reading: str
    status: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """A word proposed for covering, and how often it was seen."""

    kind: str  # a `Kind.id`, or "name" for one that was known
    text: str
    times: int


@dataclass(frozen=True, slots=True)
class Found:
    """A word of the list in a text: letters `start` to `end`, and which word."""

    start: int
    end: int
    word: int


def folded(text: str) -> tuple[str, list[int]]:
    """Return the letters and digits alone, folded, and the place of each in `text`."""
    letters: list[str] = []
    places: list[int] = []
    for place, one in enumerate(text):
        for letter in unicodedata.normalize("NFKC", one).casefold():
            if unicodedata.category(letter)[0] in "LN":
                letters.append(letter)
                places.append(place)
    return "".join(letters), places


def words(said: Iterable[str]) -> tuple[str, ...]:
    """Return the words that are looked for: once each, the longest first.

    Raises:
        Refusal: too many, too long, or one of a single letter.
    """
    once = dict.fromkeys(stripped for one in said if (stripped := one.strip()))
    for one in once:
        if len(folded(one)[0]) < FEWEST:
            raise Refusal(
                "“{word}” 至少要有 {n} 个字或者数字。单个字请在页面上框选。", word=one, n=FEWEST
            )
        if len(one) > LONGEST:
            raise Refusal("“{word}…” 太长，请分成几个词。", word=one[:20])
    if len(once) > MOST:
        raise Refusal("一次最多遮盖 {n} 个词。请分几次做。", n=MOST)
    return tuple(sorted(once, key=lambda one: (-len(one), one)))


def find(text: str, said: Sequence[str]) -> list[Found]:
    """Return where the words stand in `text`, in order; they may overlap."""
    flat, places = folded(text)
    found = []
    for number, one in enumerate(said):
        word = folded(one)[0]
        at = flat.find(word) if word else -1
        while at >= 0:
            found.append(Found(places[at], places[at + len(word) - 1] + 1, number))
            at = flat.find(word, at + 1)
    return sorted(found, key=lambda one: (one.start, one.end))


def proposed(text: str, kinds: Iterable[Kind], names: Iterable[str] = ()) -> list[Proposed]:
    """Return what a person might want covered: known names, and what the kinds recognise."""
    flat = folded(text)[0]
    seen: dict[str, Proposed] = {}
    for name in dict.fromkeys(one.strip() for one in names):
        word = folded(name)[0]
        if len(word) >= FEWEST and word in flat:
            seen[word] = Proposed("name", name, flat.count(word))
    for kind in kinds:
        for match in kind.pattern.finditer(text):
            words_ = (match["word"] if "word" in kind.pattern.groupindex else match[0]).strip()
            word = folded(words_)[0]
            if len(word) >= FEWEST and len(words_) <= LONGEST and word not in seen:
                seen[word] = Proposed(kind.id, words_, flat.count(word))
    return list(seen.values())[:MOST]


def read_kinds(top: Table, instruments: dict[str, Instrument]) -> tuple[Kind, ...]:
    """Read rulebook/redaction.toml."""
    top.day("confirmed_on")
    kinds = tuple(_kind(table, instruments) for table in top.tables("kind"))
    top.done()
    return kinds


def _kind(table: Table, instruments: dict[str, Instrument]) -> Kind:
    try:
        pattern = re.compile(table.text("pattern"))
    except re.error as wrong:
        raise table.wrong("pattern", str(wrong)) from None
    kind = Kind(
        table.text("id"), table.text("title"), table.text("title_en"), pattern,
        read_source(table.table("source"), instruments), table.text("reading"),
        table.one_of("status", STATUSES),
    )  # fmt: skip
    table.done()
    return kind
