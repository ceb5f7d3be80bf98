"""Chinese characters as people mistake them: of the same sound, of the same shape."""

import math
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from jingyi.core import rulebook

# sounds that many speakers do not tell apart, and what both are written as here
MIXED_UP = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("f", "h"), ("r", "l"))
ENDINGS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
CORNERS = 5


@dataclass(frozen=True, slots=True)
class Shape:
    """The five four-corner digits of a character, and the parts it is made of."""

    corners: str
    parts: str


@dataclass(frozen=True, slots=True)
class Aligned:
    """Two strings laid side by side: `share` 0 to 1, and what differs.

    `pairs` are characters that stand for each other with their worth and kind
    (alike, sound, shape, near); `missing` stand on one side only.
    """

    share: float
    pairs: tuple[tuple[str, str, str], ...]
    missing: str


@cache
def _simplified() -> dict[int, int]:
    table = rulebook.raw("linkage/characters.toml")
    old, new = ("".join(table[key].split()) for key in ("traditional", "simplified"))
    return {ord(a): ord(b) for a, b in zip(old, new, strict=True)}


@cache
def _sounds() -> Mapping[str, frozenset[str]]:
    told: dict[str, set[str]] = {}
    for syllable, characters in rulebook.raw("linkage/characters.toml")["sound"].items():
        for one in characters:
            told.setdefault(one, set()).add(syllable)
    return {one: frozenset(syllables) for one, syllables in told.items()}


@cache
def _shapes() -> Mapping[str, Shape]:
    lines = rulebook.raw("linkage/characters.toml")["shape"].split()
    return {one[0]: Shape(one[1 : 1 + CORNERS], one[1 + CORNERS :]) for one in lines}


@cache
def worths() -> Mapping[str, float]:
    """Return what two characters are worth to each other, by kind."""
    found: Mapping[str, float] = rulebook.raw("linkage/weights.toml")["character"]
    return found


def fold(text: str) -> str:
    """Return `text` half-width, simplified, without spaces, in capitals."""
    plain = unicodedata.normalize("NFKC", text).translate(_simplified())
    return "".join(plain.split()).upper().replace("·", "").replace("•", "")


def sounds(character: str) -> frozenset[str]:
    """Return the readings of a character, without tones; empty where none is known."""
    return _sounds().get(character, frozenset())


def shape_share(a: str, b: str) -> float:
    """Return how alike two characters look, 0 to 1: half by corners, half by rare parts.

    A character that is a part of the other looks like it by its share of the whole.
    """
    one, other = _shapes().get(a), _shapes().get(b)
    if one is None or other is None:
        return 0.0
    if b in one.parts or a in other.parts:
        return _part_share(a, one, b, other)
    corners = sum(x == y for x, y in zip(one.corners, other.corners, strict=True)) / CORNERS
    left, shared = list(other.parts or b), 0.0
    for part in one.parts or a:
        if part in left:
            left.remove(part)
            shared += _rarity(part)
    every = sum(map(_rarity, (one.parts or a) + (other.parts or b)))
    return (corners + 2 * shared / max(every, 1.0)) / 2


def _part_share(a: str, one: Shape, b: str, other: Shape) -> float:
    """How much of the whole a character is that is a part of the other: 每 of 海."""
    whole, part = (one, b) if b in one.parts else (other, a)
    return _rarity(part) / sum(map(_rarity, whole.parts))


@cache
def _often() -> Counter[str]:
    return Counter(part for shape in _shapes().values() for part in set(shape.parts))


@cache
def _rarity(part: str) -> float:
    """Return the bits a shared part tells: 水 is in hundreds of characters, 聿 in few."""
    return math.log2(1 + len(_shapes()) / (1 + _often()[part]))


@cache
def kind(a: str, b: str) -> str:
    """Tell how `a` may stand for `b`: equal, alike, sound, shape, near; empty if it may not."""
    if a == b:
        return "equal"
    same_sound = bool(sounds(a) & sounds(b))
    same_shape = shape_share(a, b) >= worths()["shape_from"]
    if same_sound:
        return "alike" if same_shape else "sound"
    if same_shape:
        return "shape"
    mixed = {_mixed(s) for s in sounds(a)} & {_mixed(s) for s in sounds(b)}
    return "near" if mixed else ""


def _mixed(syllable: str) -> str:
    for spoken, written in MIXED_UP:
        if syllable.startswith(spoken):
            syllable = written + syllable[len(spoken) :]
            break
    for spoken, written in ENDINGS:
        if syllable.endswith(spoken):
            return syllable[: -len(spoken)] + written
    return syllable


def align(a: str, b: str) -> Aligned:
    """Lay `a` beside `b` so that the sum of what their characters are worth is greatest."""
    if a > b:
        a, b = b, a  # one order, so that the answer does not depend on who is named first
    best = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a, 1):
        for j, y in enumerate(b, 1):
            here = best[i - 1][j - 1] + worths().get(kind(x, y), 0.0)
            best[i][j] = max(here, best[i - 1][j], best[i][j - 1])
    pairs, missing = _walk(a, b, best)
    return Aligned(2 * best[-1][-1] / max(len(a) + len(b), 1), pairs, missing)


def _walk(a: str, b: str, best: list[list[float]]) -> tuple[tuple[tuple[str, str, str], ...], str]:
    i, j = len(a), len(b)
    pairs: list[tuple[str, str, str]] = []
    missing: list[str] = []
    while i and j:
        what = kind(a[i - 1], b[j - 1])
        if what and best[i][j] == best[i - 1][j - 1] + worths()[what]:
            if what != "equal":
                pairs.append((a[i - 1], b[j - 1], what))
            i, j = i - 1, j - 1
        elif best[i][j] == best[i - 1][j]:
            i -= 1
            missing.append(a[i])
        else:
            j -= 1
            missing.append(b[j])
    missing.extend(reversed(a[:i] + b[:j]))
    return tuple(reversed(pairs)), "".join(reversed(missing))
