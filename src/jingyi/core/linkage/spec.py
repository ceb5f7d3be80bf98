"""What is compared in records, and by which keys candidates are found: a frozen specification."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal

LAST_WORD = -1  # in a key: the last word of the column
KINDS = ("name", "words", "date", "code", "word")


class BadSpec(Refusal):
    """A specification that names what does not exist."""


@dataclass(frozen=True, slots=True)
class Column:
    """One comparison.

    `kind`: name (Jaro-Winkler of at least each of `least`), words
    (words shared, in any order, of a rarity of at least each of `least` bits), date (within each of
    `days`, or one edit), code (parts of the first `prefixes` letters), word
    (equal or not). `rare`: agreeing in a rare value is worth more.
    """

    name: str
    kind: str
    least: tuple[float, ...] = ()
    days: tuple[int, ...] = ()
    prefixes: tuple[int, ...] = ()
    rare: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise BadSpec("“{column}”的比法“{kind}”不存在；可用：{kinds}", column=self.name, kind=self.kind, kinds="、".join(KINDS))  # fmt: skip
        if list(self.least) != sorted(self.least) or list(self.days) != sorted(
            self.days, reverse=True
        ):
            raise BadSpec("“{column}”的界限应从宽到严排列", column=self.name)

    @property
    def top(self) -> int:
        """The level of whole agreement."""
        return {
            "name": len(self.least) + 1,
            "words": len(self.least),
            "date": len(self.days) + 2,
            "code": len(self.prefixes) + 1,
            "word": 1,
        }[self.kind]


@dataclass(frozen=True, slots=True)
class Key:
    """Rows that agree in these columns, or in their first letters, are candidates.

    0 letters is the whole, `LAST_WORD` the last word.
    """

    parts: tuple[tuple[str, int], ...]

    @property
    def columns(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.parts)


@dataclass(frozen=True, slots=True)
class Spec:
    """Columns, keys, and the probability from which a pair is one."""

    columns: tuple[Column, ...]
    keys: tuple[Key, ...]
    threshold: float
    largest_block: int

    def __post_init__(self) -> None:
        if not self.columns or not self.keys or not 0 < self.threshold < 1:
            raise BadSpec("要有比对的列、分块的键和 0 与 1 之间的界限")


def read(table: Mapping[str, Any]) -> Spec:
    """Return the specification in a TOML table."""
    return Spec(
        tuple(
            Column(
                one["name"], one["kind"], tuple(one.get("least", ())), tuple(one.get("days", ())),
                tuple(one.get("prefixes", ())), one.get("rare", False),
            )
            for one in table["column"]
        ),
        tuple(
            Key(tuple((name, int(size)) for name, size in key.items())) for key in table["key"]
        ),
        table["threshold"],
        table["largest_block"],
    )  # fmt: skip


@cache
def persons() -> Spec:
    """Return the specification for records of persons that the package ships."""
    return read(rulebook.raw("linkage/records.toml"))
